"""Signing the roster on: a supervisor's device adds, removes, changes roles, begins epochs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC

from app.protocol.errors import Problem
from app.protocol.roster import Roster, RosterError
from app.sync.courier import Courier
from app.sync.roster import fetch_roster, publish
from app.sync.state import SyncState
from app.usecases.enrolment.door import signed_courier
from app.usecases.enrolment.people import introduce_once, member_names
from app.usecases.sharing import start_sharing
from app.usecases.worker import Worker

TRIES = 4  # how often somebody else's statement may come first
# What a server answers to a statement whose number is taken. A real fork shows when the roster is fetched again.
_SOMEBODY_WAS_FIRST = ("roster.stale", "roster.fork", "roster.gap")
PATIENCE = 60.0  # seconds to wait for a synchronisation that is running


def remove_device(worker: Worker, device: str) -> None:
    """Takes a device out: a new epoch begins, and nothing is sealed to it any more.

    Raises usecase.supervisors_only, enrol.not_yourself, roster.unknown_device, roster.last_supervisor, sync.…
    Removing one that is removed already is fine.
    """
    _check(worker, device)
    sign_on(worker, "revoke_device", {"device": device}, lambda roster: not roster.device(device).active)


def change_role(worker: Worker, device: str, role: str) -> None:
    """Makes a device a supervisor's or a fieldworker's from the next epoch on. Raises as `remove_device`.

    A new supervisor may read everything: what is there is sealed again for them.
    """
    _check(worker, device)
    body = {"device": device, "role": role}
    after = sign_on(worker, "change_role", body, lambda roster: roster.active_device(device).role == role)
    member = after.device(device).member
    name = member_names(worker).get(member)
    if name:
        introduce_once(worker, member, name, role)
    if role == "supervisor":
        start_sharing(worker, [device], households=None, why="role")


def new_epoch(worker: Worker) -> None:
    """Begins an epoch without another change. Raises usecase.supervisors_only, sync.…"""
    supervisors_only(worker)
    start = worker.roster().epoch
    sign_on(worker, "new_epoch", {}, lambda roster: roster.epoch > start)


def sign_on(worker: Worker, kind: str, body: Mapping[str, str], done: Callable[[Roster], bool]) -> Roster:
    """Fetches the roster, signs the statement and publishes it, unless what it says is `done` already.

    Where another supervisor's statement comes first, it is fetched and looked at, and ours is signed again on
    top. Raises RosterError, sync.busy, sync.…; nothing changes then.
    """
    with roster_to_itself(worker) as (courier, state):
        for _ in range(TRIES):
            fetch_roster(courier, state)
            if done(state.roster):
                break
            statement = state.roster.statement(
                kind, body, at=stamp(worker), signer=worker.device, key=worker.device_keys.signing
            )
            try:
                publish(courier, state, statement)
                break
            except Problem as problem:
                if problem.code not in _SOMEBODY_WAS_FIRST:
                    raise
        else:
            raise RosterError("roster.stale")
        worker.changed()
        return state.roster


@contextmanager
def roster_to_itself(worker: Worker) -> Iterator[tuple[Courier, SyncState]]:
    """A connection and the trusted roster, while no synchronisation of this worker moves it. Raises sync.busy."""
    if not worker.sync_guard.acquire(timeout=PATIENCE):
        raise Problem("sync.busy")
    try:
        yield courier_of(worker), SyncState.load(worker.store)
    finally:
        worker.sync_guard.release()


def courier_of(worker: Worker) -> Courier:
    organisation = worker.organisation
    return signed_courier(worker.services, organisation.server, worker.device_keys, organisation.org, tries=3)


def supervisors_only(worker: Worker) -> None:
    if worker.role != "supervisor":
        raise Problem("usecase.supervisors_only")


def stamp(worker: Worker) -> str:
    """RFC 3339 in UTC, to the second."""
    return worker.services.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check(worker: Worker, device: str) -> None:
    supervisors_only(worker)
    if device == worker.device:
        raise Problem("enrol.not_yourself")
