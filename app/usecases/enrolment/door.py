"""Requests to the server around enrolment: with an invitation's token, and with a device's own signature."""

from dataclasses import dataclass, field
from threading import Event

from app.crypto.device import DeviceKeys
from app.protocol.enrolment import Blob, Enrolment
from app.protocol.errors import Problem
from app.protocol.messages import RosterMessage
from app.protocol.roster import Statement
from app.protocol.versions import HEADER_INVITE, HEADER_PROTOCOL, JSON, PREFIX, PROTOCOL
from app.sync.courier import Courier
from app.sync.pacing import Backoff, Pace
from app.usecases.enrolment.wire import read_enrolment
from app.usecases.services import Services

# Worth trying again later without asking anybody: the connection, not the answer, was at fault.
AWAY = frozenset({"sync.server_away", "sync.garbled", "server.busy", "server.rate", "server.storage"})
_MINE = f"{PREFIX}/enrolments/mine"


class QuickPace(Pace):
    """A person is looking at the screen: a dead line is given up sooner than in a synchronisation."""

    def timeout(self, size: int) -> float:
        return 12.0 + size / 2_000


@dataclass
class Door(Courier):
    """Asks on behalf of an invitation: nobody knows this device yet, so the token speaks for it."""

    token: str = field(default="", repr=False)

    def _signed(self, method: str, target: str, headers: dict[str, str], body: bytes) -> dict[str, str]:
        return {**headers, HEADER_PROTOCOL: str(PROTOCOL), HEADER_INVITE: self.token}

    def look(self) -> Enrolment:
        """Where the hand-shake stands. Raises server.invite_unknown, sync.…"""
        return self.ask("GET", _MINE, JSON, read_enrolment)

    def offer(self, blob: bytes) -> Enrolment:
        """Hands the offer over; again is fine. Raises server.invite_used where another tablet was first."""
        headers = {"content-type": JSON}
        return self.ask("PUT", _MINE, JSON, read_enrolment, body=Blob(blob).encode(), headers=headers)

    def roster(self) -> tuple[Statement, ...]:
        return self.ask("GET", f"{PREFIX}/roster", JSON, RosterMessage.decode).statements


def door(services: Services, server: str, keys: DeviceKeys, token: str) -> Door:
    """One try a request: whoever asks is polling, or presses again. Raises sync.bad_address, sync.insecure_address."""
    return Door(
        transport=services.transport(server),
        device=keys,
        workspace="",
        clock=services.clock,
        random=services.random,
        sleep=lambda _: None,
        cancel=Event(),
        pace=QuickPace(),
        backoff=Backoff(services.random, tries=1),
        token=token,
    )


def signed_courier(
    services: Services, server: str, keys: DeviceKeys, workspace: str, tries: int = 2
) -> Courier:
    """Requests that this device signs. Two tries, so that a wrong clock is learnt from the first."""
    cancel = Event()
    return Courier(
        transport=services.transport(server),
        device=keys,
        workspace=workspace,
        clock=services.clock,
        random=services.random,
        sleep=lambda seconds: _rest(cancel, seconds),
        cancel=cancel,
        pace=QuickPace(),
        backoff=Backoff(services.random, tries),
    )


def fetch_whole_roster(courier: Courier) -> list[Statement]:
    """Every statement. Raises enrol.not_in_roster where the server does not know this device (yet)."""
    try:
        return list(courier.ask("GET", f"{PREFIX}/roster", JSON, RosterMessage.decode).statements)
    except Problem as problem:
        if problem.code in ("server.device_unknown", "server.workspace_unknown", "server.signature_wrong"):
            raise Problem("enrol.not_in_roster") from problem
        raise


def _rest(cancel: Event, seconds: float) -> None:
    cancel.wait(min(seconds, 1.0))
