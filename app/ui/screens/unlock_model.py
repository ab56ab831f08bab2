"""Unlocking without its pixels: the chosen profile, the tries, and the waiting time after wrong ones.

The passphrase lives in the field and here, and is wiped from both as soon as it was tried.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.protocol.errors import Problem
from app.ui.desk import Desk
from app.ui.enrol.model import joining_of
from app.ui.i18n import N_
from app.ui.signals import Signal
from app.usecases.views import ProblemText, ProfileCard

EMPTY = ProblemText("ui.empty_passphrase", "", N_("Write the passphrase first."), "", "")


@dataclass
class UnlockModel:
    """What is on the screen: the chosen profile, what was typed, how the last try went."""

    desk: Desk
    profiles: Sequence[ProfileCard] = ()
    chosen: str = ""
    passphrase: str = ""
    busy: bool = False
    wait: int = 0  # seconds until the next try
    problem: ProblemText | None = None
    changed: Signal = field(default_factory=Signal)  # everything but the field
    typed: Signal = field(default_factory=Signal)  # the field itself must be drawn again
    _counting: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.profiles = self.desk.cases.profiles(self.desk.cases.services)
        self.chosen = self.profiles[0].id if len(self.profiles) == 1 else ""

    @property
    def person(self) -> ProfileCard | None:
        return next((one for one in self.profiles if one.id == self.chosen), None)

    def choose(self, profile: str) -> None:
        self.chosen, self.passphrase, self.problem = profile, "", None
        self.changed.emit()
        self.typed.emit()

    @property
    def pin(self) -> bool:
        """Whether a PIN may have been chosen on this device."""
        safety = self.desk.cases.safety
        return safety is not None and bool(safety.lock_kind(self.desk.cases.services).pin)

    async def forgot(self) -> None:
        await self.desk.safety.forgot(self.chosen)

    def write(self, words: str) -> None:
        self.passphrase = words

    async def open(self) -> None:
        """Try the passphrase; a wrong one is told here, never as an exception."""
        if self.busy or self.wait or not self.chosen:
            return
        if not self.passphrase:
            self.problem = EMPTY
            self.changed.emit()
            self.typed.emit()
            return
        tried, self.passphrase, self.busy = self.passphrase, "", True
        self.changed.emit()
        try:
            if self.person is not None and self.person.pending:
                await joining_of(self.desk).resume(self.chosen, tried)
            else:
                await self.desk.unlock(self.chosen, tried)
        except Problem as problem:
            self.problem = self.desk.cases.problem_text(problem)
            self.wait = int(problem.detail.get("wait") or 0)
        finally:
            self.busy = False
        if self.desk.worker is None:
            self.changed.emit()
            self.typed.emit()
            self._counting = asyncio.create_task(self._count_down())

    async def _count_down(self) -> None:
        while self.wait > 0:
            await asyncio.sleep(1)
            self.wait -= 1
            self.changed.emit()
