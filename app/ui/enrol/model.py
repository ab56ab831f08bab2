"""Joining without its pixels: the step, the code, who is joining, and the tablet that waits to be let in.

Nothing is kept until `begin` has made a locked profile; from then on joining goes on after any interruption, because
the profile stands in the list and its passphrase leads back here.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from app.protocol.errors import Problem
from app.ui.desk import Desk
from app.ui.enrol.person_model import PersonModel
from app.ui.signals import Signal
from app.usecases.views import ProblemText

POLL_S = 4.0
Step = Literal["closed", "code", "person", "words", "welcome"]


class Read(NamedTuple):
    """What is known of a code: empty, partial, whole or other; the server of a whole one, the problem of another."""

    state: str
    server: str = ""
    problem: ProblemText | None = None


@dataclass(eq=False)
class JoiningModel:
    """`first`: the first supervisor, whom a root key lets in. `view` is the waiting tablet's JoiningView."""

    desk: Desk
    step: Step = "closed"
    first: bool = False
    code: str = ""
    read: Read = field(default_factory=lambda: Read("empty"))
    asked: bool = False  # Continue was pressed with a code that is not whole
    person: PersonModel | None = None
    joining: Any = None
    view: Any = None
    busy: bool = False
    problems: dict[str, ProblemText] = field(
        default_factory=dict
    )  # by what failed: begin, poll, answer, finish
    answer: str = ""
    poll_s: float = POLL_S
    stepped: Signal = field(default_factory=Signal)  # another step, another page
    changed: Signal = field(default_factory=Signal)  # on the same page: busy, a problem, a new view
    judged: Signal = field(default_factory=Signal)  # the code was read again
    answered: Signal = field(default_factory=Signal)  # the answer code was taken
    filled: Signal = field(default_factory=Signal)  # the code came from somewhere else than the keyboard
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def _cases(self) -> Any:
        return self.desk.cases.enrolment

    @property
    def _services(self) -> Any:
        return self.desk.cases.services

    # The steps
    def start(self) -> None:
        """Open the first step, empty."""
        self._anew()
        self._go("code")

    def start_first(self) -> None:
        """The quiet way of a new organisation's first supervisor: no code, no server yet."""
        self._anew()
        self.first, self.person = True, PersonModel(self.desk)
        self._go("person")

    def to_person(self) -> None:
        """Go on from the code, where it is whole."""
        self.asked = True
        if self.read.state != "whole":
            self.judged.emit()
            return
        self.person = self.person or PersonModel(self.desk)
        self._go("person")

    def back(self) -> None:
        """One step back; what was typed stays."""
        self._go("code" if self.step == "person" and not self.first else "closed")

    def close(self) -> None:
        """Leave for the list of profiles. A profile that waits stays there, locked."""
        if self.joining is not None and self.step == "words":
            self.joining.close()
        self._anew()
        self._go("closed")

    def _go(self, step: Step) -> None:
        self.step, self.problems = step, {}
        self.desk.hush()
        self.stepped.emit()

    def _anew(self) -> None:
        if self.person is not None:
            self.person.forget()
        self.first, self.code, self.read, self.asked = False, "", Read("empty"), False
        self.person = self.joining = self.view = None
        self.answer, self.busy = "", False

    # The code
    def write_code(self, text: str) -> None:
        self.code, self.asked = text, False
        self.read = self._look_at(text)
        self.judged.emit()

    def take_code(self, text: str) -> None:
        """A code that a camera or a picture gave."""
        self.write_code(text)
        self.filled.emit()

    def _look_at(self, text: str) -> Read:
        if not text.strip():
            return Read("empty")
        try:
            return Read("whole", self._cases.read_code(text).server)
        except Problem as problem:
            partial = problem.code == "enrol.bad_code"
            return Read("partial" if partial else "other", problem=self.desk.cases.problem_text(problem))

    # Making the profile, and coming back to it
    async def begin(self) -> None:
        """Make the locked profile and its keys, and hand the offer to the server."""
        person = self.person
        if self.busy or person is None or not person.check():
            return
        name, passphrase = person.name.strip(), person.passphrase
        if self.first:
            made = await self._try("begin", self._cases.begin_first, self._services, name, passphrase)
        else:
            made = await self._try("begin", self._cases.begin, self._services, self.code, name, passphrase)
        if made is not None:
            person.forget()
            self._wait_with(made)

    async def resume(self, profile: str, passphrase: str) -> None:
        """Go on with a profile that waits. Raises Problem where the passphrase is wrong."""
        joining = await self.desk.in_thread(self._cases.resume, self._services, profile, passphrase)
        self._anew()
        self._wait_with(joining)

    def _wait_with(self, joining: Any) -> None:
        self.joining, self.view = joining, joining.view()
        self.first = self.view.first or not self.view.server
        self._go("words")
        self._look()

    @property
    def problem(self) -> ProblemText | None:
        """What the page tells: of a step that a person took before what asking by itself met."""
        return next(
            (
                self.problems[one]
                for one in ("cancel", "begin", "answer", "finish", "poll")
                if one in self.problems
            ),
            None,
        )

    async def _try(self, what: str, work: Any, *arguments: Any) -> Any:
        """The work's result beside the event loop; None where it failed, which is told on the page."""
        self.busy = True
        self.problems.pop(what, None)
        self.changed.emit()
        try:
            return await self.desk.in_thread(work, *arguments)
        except Problem as problem:
            self.problems[what] = self.desk.cases.problem_text(problem)
            return None
        finally:
            self.busy = False
            self.changed.emit()

    # Waiting
    async def watch(self) -> None:
        """Ask every few seconds while the page is shown."""
        while self.step == "words":
            await asyncio.sleep(self.poll_s)
            await self.check()

    async def check(self) -> None:
        """Ask once whether the supervisor has answered."""
        joining = self.joining
        if self.busy or joining is None or self.step != "words" or self.first:
            return
        view = await self._try("poll", joining.poll)
        if view is not None and joining is self.joining:
            self.view = view
            self._look()
            self.changed.emit()

    def write_answer(self, text: str) -> None:
        self.answer = text

    async def accept(self) -> None:
        """The supervisor's answer as text."""
        view = await self._try("answer", self.joining.accept, self.answer)
        if view is not None:
            self.view = view
            self._look()
            self.answered.emit()
            self.changed.emit()

    def _look(self) -> None:
        """Let in: go on in a task of its own, because the page that asked is about to disappear.

        The first supervisor has the organisation's own six words to compare first: no invitation named its root.
        """
        if self.view.state == "accepted" and not (self.first and self.view.organisation_words):
            task = asyncio.get_running_loop().create_task(self.finish())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Check the organisation's list, open the profile, and fetch what is there for this person."""
        if self.busy or self.joining is None:
            return
        worker = await self._try("finish", self.joining.finish)
        if worker is None:
            return
        self.step = "welcome"
        await self.desk.welcome(worker)
        self.stepped.emit()
        await self.first_sync()

    async def first_sync(self) -> None:
        await self.desk.sync.start()
        outcome = self.desk.sync.outcome
        if outcome is not None and outcome.problem is None:
            self.enter()
        else:
            self.changed.emit()

    def enter(self) -> None:
        """From the welcome to the person's own first screen."""
        self.close()
        self.desk.changed.emit()

    async def cancel(self) -> None:
        """Give the waiting profile up: its keys are destroyed, the list of profiles is as before."""
        joining = self.joining
        if joining is not None:
            await self._try("cancel", joining.cancel)
        if "cancel" not in self.problems:
            self.joining = None
            self.close()


def joining_of(desk: Desk) -> JoiningModel:
    """This window's joining; there is one, closed most of the time."""
    return desk.kept("enrol.joining", lambda: JoiningModel(desk))
