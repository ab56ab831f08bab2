"""A device's role is what the verified roster says, whatever it was when it joined."""

from dataclasses import replace

from app.store.profiles import ProfileInfo, rename_profile
from app.usecases.worker import Worker


def follow_roster(worker: Worker) -> bool:
    """Takes over a role that a supervisor has changed; True where it did. Called after every synchronisation."""
    if not worker.store.values.get("roster"):
        return False
    ours = worker.roster().devices.get(worker.device)
    if ours is None or not ours.active or ours.role == worker.role:
        return False
    keys = replace(worker.device_keys, role=ours.role)
    worker.store.values.set("device", keys.to_json())
    worker.device_keys = keys
    rename_profile(worker.services.data_dir, ProfileInfo(worker.profile, worker.name, ours.role))
    worker.changed()
    return True
