"""What a synchronisation tells while it runs, and at its end."""

from dataclasses import dataclass, field
from typing import Literal

from app.protocol.errors import Problem

Phase = Literal["start", "roster", "push", "pull", "verify", "finish"]
PHASES: tuple[Phase, ...] = ("start", "roster", "push", "pull", "verify", "finish")


@dataclass(frozen=True)
class Progress:
    """`done` of `total` items and bytes of this phase; `seconds_left` None while nobody can tell."""

    phase: Phase
    done: int = 0
    total: int = 0
    bytes_done: int = 0
    bytes_total: int = 0
    seconds_left: float | None = None


@dataclass
class SyncReport:
    """`sent`: own records whose receipt was verified in this run; `received`: records taken from the log.

    `last_index`: how many entries of the log this device has seen. `problems`: what stopped the run or
    needs a person, the most serious first; empty after a complete run. `revoked`: this device has been
    removed, and what it had finished was handed over as far as `unsent` says.
    """

    sent: int = 0
    received: int = 0
    quarantined: int = 0
    pulled_revisions: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    last_index: int = 0
    unsent: int = 0
    cancelled: bool = False
    revoked: bool = False
    bytes_sent: int = 0
    bytes_received: int = 0
    carried: int = 0  # entries of other devices, from a safety copy
    postponed: int = 0  # files that wait for a connection that costs nothing
