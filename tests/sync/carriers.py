"""Transports that go wrong on purpose, around a real one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.protocol.errors import Problem
from app.sync.transport import Response, Transport

HTML = Response(200, {"content-type": "text/html; charset=utf-8"}, b"<html>Welcome to Hotel Wi-Fi</html>")
Deed = Callable[["Faulty", str, str, Mapping[str, str], bytes], Response]


@dataclass
class Faulty:
    """Does the next of `deeds` with each request, then (or where a deed is None) simply carries."""

    inner: Transport
    deeds: Iterator[Deed | None] = field(default_factory=lambda: iter(()))
    requests: list[str] = field(default_factory=list)
    late: list[Callable[[], Response]] = field(default_factory=list)

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        self.requests.append(f"{method} {path.split('?')[0]}")
        deed = next(self.deeds, None)
        if deed is not delay:
            self.deliver_late()
        if deed is None:
            return self.inner.request(method, path, headers, body, timeout)
        return deed(self, method, path, headers, body)

    def deliver_late(self) -> None:
        """What was delayed arrives now, in the other order."""
        while self.late:
            self.late.pop()()


def delay(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Given up by the client, but it arrives all the same, after later ones."""
    faulty.late.append(lambda: faulty.inner.request(method, path, headers, body, 1.0))
    raise Problem("sync.server_away", reason="timeout")


class Crash(BaseException):
    """The app dies here."""


def crash(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Dies before the request."""
    raise Crash


def crash_after(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Dies with the answer in its hands."""
    faulty.inner.request(method, path, headers, body, 1.0)
    raise Crash


def drop(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Never arrives."""
    raise Problem("sync.server_away", reason="dropped")


def lose_answer(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Arrives and is acted upon; the answer is lost."""
    faulty.inner.request(method, path, headers, body, 1.0)
    raise Problem("sync.server_away", reason="lost")


def twice(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """The network delivers it a second time; the first answer comes back."""
    answer = faulty.inner.request(method, path, headers, body, 1.0)
    faulty.inner.request(method, path, headers, body, 1.0)
    return answer


def truncate(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Half the answer, without any sign that the rest is missing."""
    answer = faulty.inner.request(method, path, headers, body, 1.0)
    return Response(answer.status, answer.headers, answer.body[: len(answer.body) // 2])


def garble(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """One byte of the answer differs."""
    answer = faulty.inner.request(method, path, headers, body, 1.0)
    middle = len(answer.body) // 2
    changed = (
        answer.body[:middle] + bytes([answer.body[middle] ^ 1]) + answer.body[middle + 1 :]
        if answer.body
        else b""
    )
    return Response(answer.status, answer.headers, changed)


def fail(status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Deed:
    """An answer that a proxy or a portal gives instead of the server."""

    def deed(faulty: Faulty, method: str, path: str, given: Mapping[str, str], sent: bytes) -> Response:
        return Response(status, headers or {"content-type": "text/html"}, body or b"<html>")

    return deed


def portal(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """A hotel's sign-in page."""
    return HTML
