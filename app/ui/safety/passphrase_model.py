"""Changing the passphrase without its pixels: the old one, the new one twice or as suggested, how it went."""

import asyncio
from dataclasses import dataclass, field

from app.protocol.errors import Problem
from app.ui.desk import Desk
from app.ui.enrol.person_model import PersonModel
from app.ui.i18n import N_, Words
from app.ui.signals import Signal
from app.usecases.views import ProblemText

EMPTY = ProblemText("ui.empty_passphrase", "", N_("Write your present passphrase first."), "", "")


@dataclass(eq=False)
class PassphraseModel:
    """`new` is written as at enrolment. `wait` counts down after too many wrong old ones."""

    desk: Desk
    old: str = ""
    busy: bool = False
    wait: int = 0
    problem: ProblemText | None = None
    new: PersonModel = field(init=False)
    changed: Signal = field(default_factory=Signal)
    emptied: Signal = field(default_factory=Signal)  # the old field must be drawn again
    _counting: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.new = PersonModel(self.desk, name=self.desk.worker.name)

    def write(self, words: str) -> None:
        self.old = words

    async def change(self) -> None:
        """Lock the profile anew. What was typed is forgotten either way."""
        if self.busy or self.wait:
            return
        if not self.old.strip():
            self._tell(EMPTY)
            return
        if not self.new.check():
            return
        old, self.old, self.busy = self.old, "", True
        self._tell(None)
        desk, cases = self.desk, self.desk.cases
        try:
            await desk.in_thread(
                cases.safety.change_lock, cases.services, desk.worker.profile, old, self.new.passphrase
            )
        except Problem as problem:
            self.wait = int(problem.detail.get("wait") or 0)
            self.busy = False
            self._tell(cases.problem_text(problem))
            self._counting = asyncio.create_task(self._count_down())
            return
        self.busy = False
        self.new.forget()
        desk.nav.close()
        desk.say(
            Words(desk.settings.language).text(
                N_("Your passphrase was changed. Use the new one from now on.")
            )
        )

    def _tell(self, problem: ProblemText | None) -> None:
        self.problem = problem
        self.changed.emit()
        self.emptied.emit()

    async def _count_down(self) -> None:
        while self.wait > 0:
            await asyncio.sleep(1)
            self.wait -= 1
            self.changed.emit()
