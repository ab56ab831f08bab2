"""People, devices and invitations as the screens show them: what this machine knows at once, what the server adds."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.protocol.errors import Problem
from app.ui.desk import Desk
from app.ui.i18n import N_
from app.ui.signals import Signal
from app.usecases.enrolment_views import DeviceView, InvitationView, PersonView
from app.usecases.sharing.views import Sharing
from app.usecases.views import ProblemText

POLL_S = 4.0
NO_NAME = ProblemText("ui.no_invited_name", "", N_("Write the name of the person first."), "", "")
NOBODY = ProblemText("ui.nobody_chosen", "", N_("Choose the person first."), "", "")
PERIODS = {1: N_("one hour"), 24: N_("one day"), 7 * 24: N_("one week")}


@dataclass(eq=False)
class PeopleModel:
    """The list. `away` says why the invitations' states are not known; `opened` is the device shown in the sheet."""

    desk: Desk
    people: Sequence[PersonView] = ()
    invitations: Sequence[InvitationView] = ()
    sharing: Sequence[Sharing] = ()
    away: ProblemText | None = None
    loaded: bool = False
    busy: bool = False
    changing: bool = False
    opened: str = ""
    asking: str = ""  # what the dialog asks: remove or role
    changed: Signal = field(default_factory=Signal)

    @property
    def _cases(self) -> Any:
        return self.desk.cases.enrolment

    async def load(self) -> None:
        """What this machine knows, then what the server says about the invitations."""
        worker = self.desk.worker
        if worker is None or self.busy:
            return
        self.busy = True
        try:
            self.people = await self.desk.in_thread(self._cases.people, worker)
            self.sharing = await self.desk.in_thread(self._cases.sharing_status, worker)
            self.invitations = await self.desk.in_thread(self._cases.known_invitations, worker)
            self.loaded = True
            self.changed.emit()
            await self._ask(worker)
        finally:
            self.busy = False
            self.changed.emit()

    async def _ask(self, worker: Any) -> None:
        try:
            self.invitations = await self.desk.in_thread(self._cases.invitations, worker)
            self.away = None
        except Problem as problem:
            self.away = self.desk.cases.problem_text(problem) if self.invitations else None

    async def watch(self, every: float = POLL_S) -> None:
        """While the list is shown and an invitation is open, a tablet that answers shows by itself."""
        await self.load()
        while True:
            await asyncio.sleep(every)
            if any(one.state in ("open", "unknown") for one in self.invitations):
                await self.load()

    # One device
    def find(self, device: str) -> tuple[PersonView, DeviceView] | None:
        for person in self.people:
            for one in person.devices:
                if one.id == device:
                    return person, one
        return None

    def open(self, device: str) -> None:
        self.opened, self.asking = device, ""
        self.changed.emit()

    def ask(self, what: str) -> None:
        self.asking = what
        self.changed.emit()

    def close(self) -> None:
        self.opened = self.asking = ""
        self.changed.emit()

    async def remove(self, device: str) -> bool:
        """Take a device out. Whether it was done; why not is told above the page."""
        return await self._change(self._cases.remove_device, self.desk.worker, device)

    async def change_role(self, device: str, role: str) -> bool:
        return await self._change(self._cases.change_role, self.desk.worker, device, role)

    async def _change(self, work: Any, *arguments: Any) -> bool:
        self.close()
        self.changing = True
        self.changed.emit()
        try:
            await self.desk.in_thread(work, *arguments)
        except Problem as problem:
            self.desk.tell(self.desk.cases.problem_text(problem))
            return False
        finally:
            self.changing = False
            self.changed.emit()
        await self.load()
        self.desk.data.emit()
        return True


@dataclass(eq=False)
class InviteModel:
    """Who is invited. `member` is a known person; `replaces` the device that the new one takes the place of."""

    desk: Desk
    people: Sequence[PersonView] = ()
    known: bool = False
    member: str = ""
    replaces: str = ""
    name: str = ""
    role: str = "fieldworker"
    hours: int = 24
    busy: bool = False
    wrong: ProblemText | None = None
    problem: ProblemText | None = None
    changed: Signal = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self.people = self.desk.cases.enrolment.people(self.desk.worker)
        if self.member:
            self.choose(self.member)

    @property
    def person(self) -> PersonView | None:
        return next((one for one in self.people if one.member == self.member), None)

    def choose_known(self, known: bool) -> None:
        self.known, self.wrong = known, None
        self.changed.emit()

    def choose(self, member: str) -> None:
        self.known, self.member, self.wrong = True, member, None
        if self.person is not None and self.person.role:
            self.role = self.person.role
        self.changed.emit()

    def choose_role(self, role: str) -> None:
        self.role = role
        self.changed.emit()

    def choose_hours(self, hours: int) -> None:
        self.hours = hours
        self.changed.emit()

    def write(self, name: str) -> None:
        self.name = name

    async def invite(self) -> InvitationView | None:
        """Make the invitation, with the server, which keeps only a mark of it."""
        self.wrong = self.problem = None
        person = self.person if self.known else None
        name = person.name if person is not None else "" if self.known else self.name.strip()
        if self.known and person is None:
            self.wrong = NOBODY
        elif not name:
            self.wrong = NO_NAME
        self.busy = self.wrong is None
        self.changed.emit()
        if self.wrong is not None:
            return None
        try:
            made: InvitationView = await self.desk.in_thread(
                self._invite, name, person.member if person else ""
            )
            return made
        except Problem as problem:
            self.problem = self.desk.cases.problem_text(problem)
            return None
        finally:
            self.busy = False
            self.changed.emit()

    def _invite(self, name: str, member: str) -> InvitationView:
        lasts = timedelta(hours=self.hours)
        made: InvitationView = self.desk.cases.enrolment.invite(
            self.desk.worker, name, self.role, member=member, expires_in=lasts
        )
        return made


def people_of(desk: Desk) -> PeopleModel:
    """This window's list; it remembers nothing that is not in the store or with the server."""
    return desk.kept("people", lambda: PeopleModel(desk))
