"""A person who has unlocked a profile: their keys, their opened store, and what is derived from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, TypeVar

from app.crypto.device import DeviceKeys
from app.protocol.roster import Roster, Statement
from app.store.store import Store
from app.usecases.services import Services

T = TypeVar("T")
KEPT = "kept:"  # names in the memo of what may outlive a change of other records


@dataclass(frozen=True)
class Organisation:
    """What enrolment pinned: the workspace's id, the root key that the roster must start from, the server."""

    org: str
    root: str
    server: str
    log_key: str


@dataclass
class Worker:
    """One unlocked profile. `memo` holds what is derived from records, dropped whenever they change;
    `connection` is what this device was last heard to be connected by (see `connection.py`); `photos_anyway` is
    set while a synchronisation sends photos whatever that is."""

    services: Services
    profile: str
    name: str
    device_keys: DeviceKeys
    organisation: Organisation
    store: Store
    memo: dict[str, Any] = field(default_factory=dict)
    sync_guard: Lock = field(default_factory=Lock)
    connection: str = "unknown"
    photos_anyway: bool = False

    @property
    def role(self) -> str:
        return self.device_keys.role

    @property
    def member(self) -> str:
        return self.device_keys.member

    @property
    def device(self) -> str:
        return self.device_keys.device_id

    def now(self) -> datetime:
        return self.services.clock().astimezone(UTC)

    def today(self) -> date:
        return self.services.clock().astimezone(self.services.timezone()).date()

    def roster(self) -> Roster:
        """The organisation's roster as this device last verified it."""
        wire = self.store.values.get("roster", [])
        known = self.memo.get(f"{KEPT}roster")
        if known is None or known[0] != wire:
            statements = [Statement.from_wire(one) for one in wire]
            known = self.memo[f"{KEPT}roster"] = (wire, Roster.replay(statements, self.organisation.root))
        found: Roster = known[1]
        return found

    def derived(self, name: str, make: Callable[[], T], *, kinds: tuple[str, ...] = (), also: str = "") -> T:
        """`make()` once per state of the records; call `changed()` after adding any.

        `kinds`: what is made depends on records of these kinds alone, and stays while none of them changed;
        `also`: and on what has this name.
        """
        stamp = (self._stamp(kinds), also) if kinds else (0, "")
        kept = KEPT + name if kinds else name
        if kept not in self.memo or self.memo[kept][0] != stamp:
            self.memo[kept] = (stamp, make())
        found: T = self.memo[kept][1]
        return found

    def changed(self) -> None:
        """Records were added: whatever was derived from them is made anew when next asked for."""
        self.memo = {name: value for name, value in self.memo.items() if name.startswith(("form:", KEPT))}

    def _stamp(self, kinds: tuple[str, ...]) -> int:
        """Differs whenever a record of these kinds came, went, or found its place in the log."""
        name = f"stamp:{'+'.join(kinds)}"
        if name not in self.memo:
            heads = (head for kind in kinds for head in self.store.records.heads(kind))
            self.memo[name] = hash(tuple((head.revision, head.log_index) for head in heads))
        found: int = self.memo[name]
        return found
