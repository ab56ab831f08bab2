"""Enrolment without a server or keys: one invitation book that a supervisor's and a tablet's fakes share."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import segno

from app.protocol.errors import Problem
from app.ui.enrol.cases import EnrolmentCases
from app.usecases.enrolment_views import Approved, DeviceView, InvitationView, JoiningView, PersonView
from app.usecases.sharing.views import Sharing
from app.usecases.views import ProblemText
from tests.ui import sample

WORDS = ("lonik", "budas", "termo", "vasik", "nirut", "felon")
OTHER_WORDS = ("dorip", "kasel", "minot", "pelur", "ravon", "sibek")
SUGGESTIONS = ("lonik budas termo vasik nirut", "felon dorip kasel minot pelur")
SERVER = "https://sync.exemplu.invalid"
CODE = "DOORSTEP-INVITE-1" + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" * 5
REQUEST = "DOORSTEP-REQUEST-1" + "7LQPZRY9X8GF2TVDW0S3JN54KHCE6MUA" * 5
ANSWER = "DOORSTEP-ANSWER-1" + "A7LQPZRY9X8GF2TVDW0S3JN54KHCE6MU" * 6


@dataclass(frozen=True)
class Code:
    server: str = SERVER


@dataclass(frozen=True)
class Suggestion:
    text: str
    bits: int = 55


@dataclass(frozen=True)
class LockKind:
    pin: bool = False


def device(
    identity: str, role: str, words: tuple[str, ...], since: str, removed: str = "", this: bool = False
) -> DeviceView:
    return DeviceView(identity, role, words, not removed, since, removed, this)


WORKER, SUPERVISOR = "fieldworker", "supervisor"
PEOPLE = [
    PersonView(
        "m1", "Rodica Test", SUPERVISOR, (device("d1", SUPERVISOR, WORDS, "2026-03-02T08:10:00Z", this=True),)
    ),
    PersonView("m2", "Ana Exemplu", WORKER, (device("d2", WORKER, OTHER_WORDS, "2026-03-04T09:00:00Z"),)),
    PersonView(
        "m3",
        "Mihai Probă",
        WORKER,
        (
            device("d4", WORKER, WORDS[::-1], "2026-10-19T07:45:00Z"),
            device("d3", WORKER, OTHER_WORDS[::-1], "2026-03-04T09:20:00Z", "2026-10-19T07:30:00Z"),
        ),
    ),
    PersonView(
        "m4",
        "Ion Model",
        "",
        (device("d5", WORKER, WORDS[::-1], "2026-03-04T09:20:00Z", "2026-09-01T10:00:00Z"),),
    ),
]


@dataclass
class FakeJoining:
    book: "Book"
    name: str
    server: str = SERVER
    profile: str = "p-new"
    cancelled: bool = False

    def view(self) -> JoiningView:
        accepted = self.book.joining == "accepted"
        return JoiningView(
            self.name,
            self.server,
            WORDS,
            self.book.joining,
            REQUEST,
            self.book.joining_problem,
            OTHER_WORDS if accepted else (),
        )

    def poll(self) -> JoiningView:
        self.book.polls += 1
        return self.view()

    def accept(self, code: str) -> JoiningView:
        if "".join(code.split()) != ANSWER:
            raise Problem("enrol.bad_answer", reason="code")
        self.book.joining = "accepted"
        return self.view()

    def finish(self) -> Any:
        from tests.ui.fakes import FakeWorker

        return FakeWorker(self.profile, self.name, self.book.role)

    def close(self) -> None:
        self.book.closed += 1

    def cancel(self) -> None:
        self.cancelled = True
        self.book.cancelled += 1


@dataclass
class Book:
    """What both sides know. `joining` is the tablet's state, `away` a server that cannot be reached."""

    joining: str = "offered"
    joining_problem: ProblemText | None = None
    role: str = "fieldworker"
    away: bool = False
    pin: bool = False
    reader: bool = True
    picture: str | None = CODE
    unsealed: int = 340
    handed_over: bool = True
    pause: float = 0.0
    polls: int = 0
    cancelled: int = 0
    closed: int = 0
    began: list[tuple[str, ...]] = field(default_factory=list)
    people: list[PersonView] = field(default_factory=lambda: list(PEOPLE))
    invitations: list[InvitationView] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    suggested: int = 0
    now: datetime = sample.NOW

    def cases(self) -> EnrolmentCases:
        return EnrolmentCases(
            read_code=read_code,
            begin=self.begin,
            begin_first=self.begin_first,
            resume=self.resume,
            invite=self.invite,
            invitations=self.ask,
            known_invitations=lambda worker: [replace(one, state="unknown") for one in self.invitations],
            approve=self.approve,
            withdraw=self.withdraw,
            read_request_code=self.read_request_code,
            people=lambda worker: list(self.people),
            remove_device=self.remove_device,
            change_role=self.change_role,
            qr_matrix=lambda text: tuple(
                tuple(bool(one) for one in line) for line in segno.make(text).matrix
            ),
            read_qr=self.read_qr,
            continue_sharing=self.continue_sharing,
            sharing_status=lambda worker: [],
            suggestion=self.suggestion,
            lock_kind=lambda services: LockKind(self.pin),
            check_new_passphrase=self.check,
        )

    # the tablet
    def begin(self, services: Any, code: str, label: str, passphrase: str) -> FakeJoining:
        read_code(code)
        if self.away:
            raise Problem("sync.server_away")
        self.began.append((label, passphrase))
        return FakeJoining(self, label)

    def begin_first(self, services: Any, label: str, passphrase: str) -> FakeJoining:
        self.began.append((label, passphrase))
        self.role = "supervisor"
        return FakeJoining(self, label, server="")

    def resume(self, services: Any, profile: str, passphrase: str) -> FakeJoining:
        from tests.ui.fakes import PASSPHRASE

        if passphrase != PASSPHRASE:
            raise Problem("crypto.wrong_passphrase", tries=1, wait=0)
        return FakeJoining(self, "Ioana Model", profile=profile)

    def suggestion(self, services: Any) -> Suggestion:
        self.suggested += 1
        return Suggestion(SUGGESTIONS[(self.suggested - 1) % len(SUGGESTIONS)])

    def check(self, services: Any, passphrase: str) -> None:
        if self.pin and len(passphrase) >= 6:
            return
        if len(passphrase.split()) < 5 and len(passphrase) < 20:
            raise Problem("crypto.weak_passphrase", words=5, characters=20)

    def read_qr(self, image: bytes) -> str | None:
        if not self.reader:
            raise Problem("enrol.no_reader")
        return self.picture

    # the supervisor
    def ask(self, worker: Any) -> list[InvitationView]:
        if self.away:
            raise Problem("sync.server_away")
        return list(self.invitations)

    def invite(
        self,
        worker: Any,
        name: str,
        role: str,
        *,
        member: str = "",
        expires_in: timedelta = timedelta(days=1),
    ) -> InvitationView:
        if self.away:
            raise Problem("sync.server_away")
        one = InvitationView(
            f"i{len(self.invitations) + 1}", CODE, name, role, member, self.now + expires_in, "open", (), ""
        )
        self.invitations.append(one)
        return one

    def offer(self, invitation: str, words: tuple[str, ...] = WORDS) -> None:
        """The tablet has answered."""
        self.invitations = [
            replace(one, state="offered", words=words, device="d9") if one.id == invitation else one
            for one in self.invitations
        ]

    def approve(self, worker: Any, invitation: str) -> Approved:
        one = next(one for one in self.invitations if one.id == invitation)
        self.approved.append(invitation)
        self.joining = "accepted"
        self._state(invitation, "approved")
        added = device("d9", one.role, one.words, "2026-11-21T08:42:00Z")
        known = next((p for p in self.people if p.member == one.member), None)
        if known is not None:
            at = self.people.index(known)
            self.people[at] = replace(known, devices=(added, *known.devices))
        else:
            self.people.append(PersonView("m9", one.name, one.role, (added,)))
        return Approved("d9", self.unsealed, ANSWER, self.handed_over)

    def read_request_code(self, worker: Any, invitation: str, request_code: str) -> InvitationView:
        if "".join(request_code.split()) != REQUEST:
            raise Problem("enrol.bad_code")
        self.offer(invitation)
        return next(one for one in self.invitations if one.id == invitation)

    def withdraw(self, worker: Any, invitation: str) -> None:
        self.withdrawn.append(invitation)
        self.invitations = [one for one in self.invitations if one.id != invitation]

    def _state(self, invitation: str, state: str) -> None:
        self.invitations = [
            replace(one, state=state) if one.id == invitation else one for one in self.invitations
        ]

    def remove_device(self, worker: Any, device: str) -> None:
        self.removed.append(device)
        gone = "2026-11-21T08:42:00Z"
        self.people = [
            replace(
                person,
                devices=tuple(
                    replace(one, active=False, removed=gone) if one.id == device else one
                    for one in person.devices
                ),
            )
            for person in self.people
        ]

    def change_role(self, worker: Any, device: str, role: str) -> None:
        self.people = [
            replace(
                person,
                role=role if any(one.id == device for one in person.devices) else person.role,
                devices=tuple(replace(one, role=role) if one.id == device else one for one in person.devices),
            )
            for person in self.people
        ]

    def continue_sharing(
        self, worker: Any, progress: Callable[[Any], None], cancel: threading.Event, **more: Any
    ) -> Sharing:
        done = 0
        while done < self.unsealed and not cancel.is_set():
            done = min(self.unsealed, done + 20)
            progress(Sharing(done, self.unsealed, self.unsealed - done))
            time.sleep(self.pause)
        return Sharing(done, self.unsealed, self.unsealed - done)


def read_code(code: str) -> Code:
    plain = "".join(code.split()).upper()
    if plain in (REQUEST, ANSWER):
        raise Problem("enrol.other_code")
    if plain != CODE:
        raise Problem("enrol.bad_code")
    return Code()


def words_in(text: str, words: Iterable[str]) -> bool:
    """Whether all of them stand there, in this order."""
    at = [text.find(word) for word in words]
    return all(place >= 0 for place in at) and at == sorted(at)
