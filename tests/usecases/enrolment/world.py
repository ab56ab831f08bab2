"""An organisation of one supervisor on a real server, tablets to be enrolled, and a line that can be tampered with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.admin.first_supervisor import (
    first_answer,
    log_key_of,
    open_workspace,
    read_first_request,
    with_supervisor,
)
from app.admin.organisation import Organisation as OfflineKeys
from app.admin.organisation import stamp
from app.crypto.age import X25519Identity
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey
from app.protocol.roster import Statement
from app.sync.transport import HttpTransport, Response
from app.usecases import enrolment
from app.usecases.enrolment import InvitationView, Joining
from app.usecases.services import Services
from app.usecases.sync_now import sync_now
from app.usecases.worker import Worker
from sync_server.settings import Settings
from sync_server.setup import initialise
from sync_server.testing import RunningServer

WORDS = "copac fereastra drum paine soare"
ANA = "Ana Exemplu-Zăvoranu"


class Killed(BaseException):
    """The process ends here: nothing that catches exceptions sees it."""


@dataclass
class Line:
    """What happens to requests. `kill` is the number of a request counted from 0, and before or after it."""

    kill: tuple[int, str] | None = None
    away: bool = False
    change: Callable[[str, str, Response], Response] = lambda method, path, answer: answer
    asked: list[str] = field(default_factory=list)


@dataclass
class Carrier:
    """A transport over a line."""

    inner: HttpTransport
    line: Line

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        number = len(self.line.asked)
        self.line.asked.append(f"{method} {path.partition('?')[0]}")
        if self.line.away:
            raise Problem("sync.server_away", reason="test")
        if self.line.kill == (number, "before"):
            raise Killed
        answer = self.inner.request(method, path, headers, body, timeout)
        if self.line.kill == (number, "after"):
            raise Killed
        return self.line.change(method, path, answer)


@dataclass
class Clock:
    """The present, moved."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Device:
    """One device's surroundings; its line and clock can be changed at any time."""

    services: Services
    line: Line
    clock: Clock


@dataclass
class Office:
    """An organisation on a running server. `supervisor` was let in by the root key."""

    folder: Path
    server: RunningServer
    offline: OfflineKeys
    console: Device
    supervisor: Worker

    def device(self, name: str) -> Device:
        return new_device(self.folder / name)

    def invite(self, name: str = ANA, role: str = "fieldworker", **more: object) -> InvitationView:
        return enrolment.invite(self.supervisor, name, role, **more)  # type: ignore[arg-type]

    def seen(self, invitation: str) -> InvitationView:
        """The invitation as the supervisor's screen shows it now."""
        return next(one for one in enrolment.invitations(self.supervisor) if one.id == invitation)

    def joined(self, label: str = ANA, role: str = "fieldworker", **more: object) -> Worker:
        """A worker on a new device, all the way."""
        invitation = self.invite(**{"name": label, "role": role, **more})  # type: ignore[arg-type]
        device = self.device(invitation.id)
        joining = enrolment.begin(device.services, invitation.code, label, WORDS)
        assert self.seen(invitation.id).words == joining.view().words
        enrolment.approve(self.supervisor, invitation.id)
        assert joining.poll().state == "accepted"
        return joining.finish()


def new_device(folder: Path) -> Device:
    line, clock = Line(), Clock()
    services = Services(
        data_dir=folder,
        clock=clock,
        transport=lambda url: Carrier(HttpTransport(url), line),
        scrypt_target=0,
    )
    return Device(services, line, clock)


def open_office(folder: Path, server: RunningServer) -> Office:
    """A new organisation, founded as a person would: request code, root key, set-up token, answer code."""
    console = new_device(folder / "console")
    offline = offline_keys(console)
    joining = enrolment.begin_first(console.services, "Rodica Test", WORDS)
    worker = found(offline, server, joining, console.services)
    return Office(folder, server, offline, console, worker)


def offline_keys(console: Device) -> OfflineKeys:
    """Root and recovery key, without the folder and the sheet that they are kept in."""
    random = console.services.random
    root, recovery = SigningKey.generate(random), X25519Identity.generate(random)
    genesis = Statement.genesis(
        org=f"org-{random(8).hex()}", root=root, recovery=str(recovery.recipient), at=stamp(console.clock)
    )
    return OfflineKeys("Asociația Exemplu 12", root, recovery, genesis)


def found(offline: OfflineKeys, server: RunningServer, joining: Joining, services: Services) -> Worker:
    """Lets the first supervisor in and opens the organisation at the server."""
    offer, signed = read_first_request(joining.view().request_code)
    statements = with_supervisor(offline.root, [offline.genesis], offer, services.clock, services.random)
    token = initialise(Settings(server.data_dir), new_token=True).setup_token
    transport = HttpTransport(server.url)
    open_workspace(transport, token, statements)
    address = (server.url, log_key_of(transport))
    joining.accept(first_answer(offline.root, statements, signed, address, services.random))
    return joining.finish()


def synced(worker: Worker) -> None:
    """One synchronisation that must reach its end."""
    outcome = sync_now(worker)
    assert outcome.problem is None, outcome.problem


def code_of(problem: object) -> str:
    return getattr(problem, "code", "")
