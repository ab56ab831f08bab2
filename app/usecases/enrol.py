"""Set up a profile on this device: its keys, its passphrase, and whom it trusts."""

from dataclasses import asdict

from app.crypto.device import DeviceKeys
from app.protocol.roster import Statement
from app.store.profiles import ProfileInfo
from app.usecases.services import Services
from app.usecases.unlocking import create_locked_profile, open_profile
from app.usecases.worker import Organisation


def create_worker_profile(
    services: Services,
    name: str,
    passphrase: str,
    keys: DeviceKeys,
    organisation: Organisation,
    statements: list[Statement],
) -> str:
    """Creates the profile and keeps in it the keys, the pinned root and the roster known so far; gives its id.

    The keys never leave this device; `keys.statement_body()` is what a supervisor signs into the roster.
    """
    info = ProfileInfo(id=services.new_id(), label=name, role=keys.role)
    create_locked_profile(services, info, passphrase)
    store = open_profile(services, info.id, passphrase)
    try:
        with store.transaction():
            store.values.set("device", keys.to_json())
            store.values.set("organisation", asdict(organisation))
            store.values.set("roster", [statement.to_wire() for statement in statements])
    finally:
        store.close()
    return info.id
