"""The same person on a new device of the same tablet, as enrolment leaves it: for tests of what comes after."""

from dataclasses import asdict
from pathlib import Path

from app.crypto.device import new_device
from app.demo.devices import services
from app.demo.places import Places
from app.store.profiles import ProfileInfo
from app.store.store import Store
from app.sync.syncer import Syncer
from app.usecases.sharing import start_sharing
from app.usecases.unlock import unlock
from app.usecases.unlocking import create_locked_profile
from app.usecases.worker import Worker

NEW_PASSPHRASE = "mere pere prune struguri gutui"


def publish(supervisor: Worker, kind: str, body: dict[str, str]) -> None:
    """A roster statement, signed by the supervisor and taken by the server."""
    roster = supervisor.roster()
    statement = roster.statement(
        kind,
        body,
        at=supervisor.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        signer=supervisor.device,
        key=supervisor.device_keys.signing,
    )
    server = supervisor.organisation.server
    Syncer(
        supervisor.store,
        supervisor.device_keys,
        supervisor.services.transport(server),
        supervisor.services.clock,
    ).publish(statement)


def enrolled_again(
    demo: Places, supervisor: Worker, member: str, name: str, folder: Path | None = None
) -> Worker:
    """A further device of a member with a profile of its own, unlocked; it has not synchronised yet."""
    keys = new_device(member, "fieldworker")
    publish(supervisor, "add_device", keys.statement_body())
    start_sharing(supervisor, [keys.device_id], households=None, why="enrolled")
    ours = services(folder or demo.tablet)
    info = ProfileInfo(ours.new_id(), name, "fieldworker")

    def fill(store: Store) -> None:
        store.values.set("device", keys.to_json())
        store.values.set("organisation", asdict(supervisor.organisation))
        store.values.set("roster", supervisor.store.values.get("roster"))

    create_locked_profile(ours, info, NEW_PASSPHRASE, fill)
    return unlock(ours, info.id, NEW_PASSPHRASE)
