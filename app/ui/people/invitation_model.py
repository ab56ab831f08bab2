"""One invitation, from its QR code to a device that has been let in and can read what it should."""

import asyncio
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Literal

from app.protocol.errors import Problem
from app.ui.desk import Desk
from app.ui.people.model import POLL_S
from app.ui.signals import Signal
from app.usecases.enrolment_views import Approved, InvitationView
from app.usecases.sharing.views import Sharing
from app.usecases.views import ProblemText

Phase = Literal["waiting", "approving", "sealing", "done"]


@dataclass(eq=False)
class InvitationModel:
    """`phase` is what this machine does; `view.state` what the server says. `answer` is the answer's code as text."""

    desk: Desk
    id: str
    replaces: str = ""
    view: InvitationView | None = None
    phase: Phase = "waiting"
    sharing: Sharing | None = None
    stopping: bool = False
    busy: bool = False
    request: str = ""
    by_text: bool = False
    answer: str = ""
    problems: dict[str, ProblemText] = field(
        default_factory=dict
    )  # by what failed: ask, approve, request, seal
    stepped: Signal = field(default_factory=Signal)  # another phase or state: another page
    changed: Signal = field(default_factory=Signal)  # on the same page: busy, progress, a problem
    _cancel: Event = field(default_factory=Event)

    @property
    def _cases(self) -> Any:
        return self.desk.cases.enrolment

    @property
    def stage(self) -> str:
        """open, words, approved or expired: what this page asks for. Words that were seen once need no server."""
        if self.view is None:
            return ""
        if self.view.words and self.view.state in ("offered", "unknown"):
            return "words"
        return "open" if self.view.state == "unknown" else self.view.state

    @property
    def problem(self) -> ProblemText | None:
        """Of what a person did, before what asking by itself met."""
        told = next(
            (self.problems[one] for one in ("approve", "request", "seal", "ask") if one in self.problems),
            None,
        )
        return told or (self.view.problem if self.view is not None else None)

    def begin(self) -> None:
        """What this machine knows of it, at once."""
        self._keep(self._cases.known_invitations(self.desk.worker))

    def _keep(self, found: list[InvitationView]) -> None:
        one = next((one for one in found if one.id == self.id), None)
        if one is None or (self.view is not None and one.state == "unknown"):
            return
        before, self.view = self.stage, one
        if self.stage != before:
            self.stepped.emit()

    def _go(self, phase: Phase) -> None:
        self.phase = phase
        self.stepped.emit()

    async def watch(self, every: float = POLL_S) -> None:
        """Ask every few seconds whether a tablet has answered, while the page is shown."""
        await self.check()
        while True:
            await asyncio.sleep(every)
            await self.check()

    async def check(self) -> None:
        """Ask the server once."""
        worker = self.desk.worker
        if self.busy or worker is None or self.phase != "waiting" or self.stage != "open":
            return
        found = await self._try("ask", self._cases.invitations, worker)
        if found is not None:
            self._keep(found)
            self.changed.emit()

    async def _try(self, what: str, work: Any, *arguments: Any) -> Any:
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

    async def approve(self) -> None:
        """The words match: sign the tablet into the list, then seal for it what it should read."""
        if self.phase != "waiting" or self.busy:
            return
        self._go("approving")
        approved: Approved | None = await self._try("approve", self._cases.approve, self.desk.worker, self.id)
        if approved is None:
            self._go("waiting")
            return
        if self.by_text or not approved.handed_over:
            self.answer = approved.answer_code
        await self._after()

    def write_request(self, text: str) -> None:
        self.request = text

    async def read_request(self) -> None:
        """A request code in place of what the server hands over: its six words are compared next."""
        view = await self._try(
            "request", self._cases.read_request_code, self.desk.worker, self.id, self.request
        )
        if view is not None:
            self.view, self.by_text = view, True
            self.stepped.emit()

    async def _after(self) -> None:
        self._go("sealing")
        await self.seal()
        self._go("done")
        self.desk.data.emit()
        await self.desk.sync.start()

    async def seal(self) -> None:
        """Seal earlier records for the new reader; what is left over goes on with every synchronisation."""
        worker, left = self.desk.worker, None
        self._cancel, self.stopping = Event(), False
        while worker is not None and not self._cancel.is_set():
            found = await self._try("seal", self._cases.continue_sharing, worker, self._heard, self._cancel)
            if found is None or not found.left or found.left == left:
                self.sharing = found or self.sharing
                return
            left, self.sharing = found.left, found

    def stop(self) -> None:
        """Leave the rest to the next synchronisation."""
        self.stopping = True
        self._cancel.set()
        self.changed.emit()

    def _heard(self, progress: Sharing) -> None:
        self.desk.later(self._show, progress)

    def _show(self, progress: Sharing) -> None:
        self.sharing = progress
        self.changed.emit()

    async def withdraw(self) -> bool:
        """Nobody is let in by it any more."""
        try:
            await self.desk.in_thread(self._cases.withdraw, self.desk.worker, self.id)
        except Problem as problem:
            self.problems["approve"] = self.desk.cases.problem_text(problem)
            self.changed.emit()
            return False
        return True


def invitation_of(desk: Desk, invitation: str, replaces: str = "") -> InvitationModel:
    """This window's model of one invitation; it stays while what was begun goes on."""
    return desk.kept(f"people.invitation.{invitation}", lambda: InvitationModel(desk, invitation, replaces))
