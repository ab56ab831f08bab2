"""The roster step: new statements are replayed on top of the trusted ones; the past cannot change."""

from app.protocol.checkpoint import Checkpoint
from app.protocol.errors import Problem
from app.protocol.messages import RosterMessage
from app.protocol.roster import RosterError, Statement
from app.protocol.versions import JSON, PREFIX
from app.sync.courier import Courier
from app.sync.state import SyncState


def fetch_roster(courier: Courier, state: SyncState) -> int:
    """Applies what the server has beyond ours; returns how many statements that were.

    The last known statement is asked for again: a server that shows another one has forked the roster, one
    that shows none has rolled it back. Raises RosterError, Problem, Cancelled.
    """
    before = state.roster.count
    while True:
        known = state.roster.count
        answer = courier.ask("GET", f"{PREFIX}/roster?after={known - 1}", JSON, RosterMessage.decode)
        statements = list(answer.statements)
        if not statements:
            raise RosterError("roster.rollback", n=known - 1)
        state.extend_roster(statements)
        if state.roster.count == known:
            return known - before


def publish(courier: Courier, state: SyncState, statement: Statement) -> None:
    """Sends one new statement and applies it once the server has it.

    Raises RosterError("roster.stale") when another one came first: fetch, look, sign again.
    """
    state.roster.apply(statement)
    courier.call(
        "POST",
        f"{PREFIX}/roster",
        JSON,
        body=RosterMessage((statement,)).encode(),
        headers={"content-type": JSON},
    )
    state.extend_roster([statement])


def check_head(state: SyncState, checkpoint: Checkpoint) -> None:
    """Compares the roster that a signed checkpoint names with ours, as far as both go.

    Raises RosterError("roster.fork") where they differ: two devices are being shown two lists.
    """
    count = checkpoint.roster_count
    if 0 < count <= state.roster.count and state.roster.chain[count - 1] != checkpoint.roster_head:
        raise RosterError("roster.fork", n=count - 1)


def revoked_here(state: SyncState, device: str) -> bool:
    """Whether the trusted roster says that this device has been removed."""
    found = state.roster.devices.get(device)
    return found is not None and not found.active


def not_in_roster(state: SyncState, device: str) -> Problem | None:
    """The problem of a device that its own organisation does not know."""
    return None if device in state.roster.devices else Problem("server.device_unknown")
