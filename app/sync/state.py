"""What a device remembers of the log and the roster between two synchronisations.

Kept in `store.values`: "roster" and "organisation" (written at enrolment), "sync.checkpoint" (the last signed
note that was verified), "sync.frontier" (the tree up to where this device has read), "sync.alarm".
"""

from dataclasses import dataclass
from typing import Any

from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.roster import Roster, Statement
from app.protocol.tree import Frontier
from app.store.purge import ALARM
from app.store.store import Store

CHECKPOINT = "sync.checkpoint"
FRONTIER = "sync.frontier"
OWN_UNTIL = "sync.own_until"  # up to here own entries are asked for too: this store had forgotten them
GAPS = "sync.gaps"  # holes in other devices' chains that are still to be looked into
RESTORED = "sync.restored"  # the log has lost its end: what was sent before may be there no more
CHAIN = "chain:"  # the last manifest seen of a device, by its id
# Findings after which nothing may be deleted from this device until a person has looked.
ALARMING = frozenset(
    {
        "server.bad_checkpoint",
        "server.bad_proof",
        "server.fork",
        "server.dropped",
        "roster.rollback",
        "roster.fork",
        "roster.wrong_root",
        "roster.wrong_org",
        "roster.bad_signature",
        "roster.unknown_signer",
        "roster.signer_revoked",
    }
)


@dataclass
class SyncState:
    """The device's view, moved forward only by verified answers."""

    store: Store
    workspace: str
    log_key: VerifyKey
    roster: Roster
    statements: list[Statement]
    frontier: Frontier
    checkpoint: Checkpoint | None

    @classmethod
    def load(cls, store: Store) -> "SyncState":
        """Raises Problem("sync.not_enrolled") where enrolment did not leave what is needed."""
        organisation: dict[str, Any] = store.values.get("organisation") or {}
        if not all(organisation.get(name) for name in ("org", "root", "log_key")):
            raise Problem("sync.not_enrolled")
        statements = [Statement.from_wire(one) for one in store.values.get("roster", [])]
        if not statements:
            raise Problem("sync.not_enrolled")
        workspace = str(organisation["org"])
        log_key = VerifyKey.parse(organisation["log_key"])
        note = store.values.get(CHECKPOINT)
        return cls(
            store=store,
            workspace=workspace,
            log_key=log_key,
            roster=Roster.replay(statements, organisation["root"]),
            statements=statements,
            frontier=Frontier.from_wire(store.values.get(FRONTIER)),
            checkpoint=Checkpoint.open(note, log_key, origin_of(workspace)) if note else None,
        )

    @property
    def known(self) -> int:
        """Size of the last verified checkpoint, 0 before the first."""
        return 0 if self.checkpoint is None else self.checkpoint.size

    def grow(self, note: str, checkpoint: Checkpoint, frontier: Frontier | None = None) -> None:
        """Remembers a verified checkpoint, and how far this device has read; call inside a transaction
        together with what was read, and `SyncState.load` again if that is rolled back."""
        self.store.values.set(CHECKPOINT, note)
        self.checkpoint = checkpoint
        if frontier is not None:
            self.store.values.set(FRONTIER, frontier.to_wire())
            self.frontier = frontier

    def extend_roster(self, statements: list[Statement]) -> None:
        """Applies statements that follow ours; raises RosterError and stays as it was."""
        roster = self.roster.extend(statements)
        new = [one for one in statements if one.n >= self.roster.count]
        if not new:
            return
        kept = self.statements + new
        self.store.values.set("roster", [one.to_wire() for one in kept])
        self.roster, self.statements = roster, kept


def alarm(store: Store) -> dict[str, Any] | None:
    """The standing alarm {"code", "at", …}: while there is one, nothing received may be deleted here."""
    found: dict[str, Any] | None = store.values.get(ALARM)
    return found


def dismiss_alarm(store: Store) -> None:
    """A person has looked into it."""
    store.values.delete(ALARM)


def trust_restored_server(store: Store) -> int:
    """After the server was restored from a backup and a supervisor has made sure of that: forget the log that
    is no more, and send everything again. Gives how many entries wait now.

    The server finds what the backup held and asks for nothing twice in its log; what came after the backup
    arrives anew from the devices that still hold it. Pulled records stay and find their new places.
    """
    devices = SyncState.load(store).roster.devices
    with store.transaction():
        for name in (CHECKPOINT, FRONTIER, ALARM, GAPS, *(CHAIN + device for device in devices)):
            store.values.delete(name)
        store.values.set(RESTORED, True)
        for head in store.records.heads():
            if head.log_index is not None:
                store.records.set_index(head.revision, None)
        for entry in store.outbox.all():
            if entry.state == "received":
                store.outbox.update(entry.revision, state="waiting", receipt=None)
    return store.outbox.waiting_count()
