"""Signed requests that survive a bad connection, and answers that are surely our server's.

One place for the per-error policy: a catalogue entry with `retry` is tried again with back-off, any other
is raised. An answer that no Doorstep server would give (a captive portal's page, a redirect, a proxy's
error page) is recognised by its content type, never by its text.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from threading import Event, Lock
from typing import TypeVar

from app.crypto.device import DeviceKeys
from app.protocol.canonical import JsonError, b64, parse_json
from app.protocol.errors import Problem, catalogue
from app.protocol.httpsig import sign_request
from app.protocol.versions import CHUNK_MIN, HEADER_PROTOCOL, HEADER_WORKSPACE, PROBLEM_JSON, PROTOCOL
from app.sync.pacing import Backoff, Pace
from app.sync.transport import Response, Transport

T = TypeVar("T")

LONGEST_RETRY_AFTER = 300.0  # seconds; a server that asks for more is asked again at the next sync
_GATEWAY = (502, 503, 504)
_NOT_FOR_RETRY = ("server.sequence_gap", "server.object_missing", "server.epoch_unknown")


class Cancelled(Exception):
    """The person (or the phone) wants to stop now. Everything done so far stays done."""


@dataclass
class Courier:
    """Carries requests of one device to one workspace of one server. Several lanes may use it at once."""

    transport: Transport
    device: DeviceKeys
    workspace: str
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    sleep: Callable[[float], None]
    cancel: Event
    pace: Pace
    backoff: Backoff
    monotonic: Callable[[], float] = time.monotonic
    skew: float = 0.0  # seconds the server's clock is ahead of ours
    bytes_sent: int = 0
    bytes_received: int = 0
    sharing: int = 1  # large objects that share the link at the moment
    stop: Event = field(default_factory=Event)  # set where one lane failed, for the others to notice
    _under_way: int = 0
    _lock: Lock = field(default_factory=Lock)

    def call(
        self,
        method: str,
        target: str,
        expected: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        tries: int | None = None,
    ) -> Response:
        """The answer of status 200 … 299, of content type `expected` where it has a body.

        Raises Problem after the last try, Cancelled as soon as cancelling was asked for.
        """
        return self._tried(lambda: self._once(method, target, expected, body, dict(headers or {})), tries)

    def ask(
        self,
        method: str,
        target: str,
        expected: str,
        read: Callable[[bytes], T],
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """The answer as `read` understands it; one that is cut short or garbled is asked for again."""

        def once() -> T:
            answer = self._once(method, target, expected, body, dict(headers or {}))
            try:
                return read(answer.body)
            except Problem as problem:
                if problem.code in ("server.malformed", "roster.malformed"):
                    raise Problem("sync.garbled") from problem
                raise

        return self._tried(once, None)

    def _tried(self, once: Callable[[], T], tries: int | None) -> T:
        tries = self.backoff.tries if tries is None else tries
        for attempt in range(tries):
            self.check_cancelled()
            try:
                return once()
            except Problem as problem:
                if not self._worth_another(problem) or attempt + 1 == tries:
                    raise
                self._pause(problem, attempt)
        raise AssertionError("unreachable: the last try returns or raises")

    def chunk(self, limit: int) -> int:
        """Bytes to put into the next chunk of a large object: of all that are under way, a cut costs one."""
        return max(CHUNK_MIN, self.pace.size(limit) // self.sharing)

    def check_cancelled(self) -> None:
        if self.cancel.is_set() or self.stop.is_set():
            raise Cancelled

    def _once(
        self, method: str, target: str, expected: str, body: bytes, headers: dict[str, str]
    ) -> Response:
        signed = self._signed(method, target, headers, body)
        with self._lock:
            self._under_way += 1
            beside = self._under_way - 1
        started = self.monotonic()
        try:
            answer = self.transport.request(method, target, signed, body, self.pace.timeout(len(body)))
        except Problem as problem:
            if problem.code == "sync.server_away":
                self.pace.cut()
            raise
        finally:
            with self._lock:
                self._under_way -= 1
        self.pace.measured(len(body) + len(answer.body), self.monotonic() - started, beside)
        with self._lock:
            self.bytes_sent += len(body)
            self.bytes_received += len(answer.body)
        return self._believed(method, answer, expected)

    def _signed(self, method: str, target: str, headers: dict[str, str], body: bytes) -> dict[str, str]:
        named = {**headers, HEADER_PROTOCOL: str(PROTOCOL), HEADER_WORKSPACE: self.workspace}
        return sign_request(
            method,
            target,
            named,
            body,
            device=self.device.device_id,
            key=self.device.signing,
            created=int(self.clock().timestamp() + self.skew),
            nonce=b64(self.random(16)),
        )

    def _believed(self, method: str, answer: Response, expected: str) -> Response:
        kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
        if 200 <= answer.status < 300:
            if (answer.body and kind != expected) or (
                method != "HEAD" and not answer.body and kind == "text/html"
            ):
                raise Problem("sync.not_our_server", reason=f"an answer of type {kind or 'unknown'}")
            return answer
        if kind == PROBLEM_JSON:
            raise self._problem(answer)
        if answer.status in _GATEWAY:
            raise Problem("sync.server_away", reason=f"status {answer.status}", **_retry_after(answer))
        if method == "HEAD" and not answer.body and answer.status >= 400:
            raise Problem("server.object_unknown")
        raise Problem("sync.not_our_server", reason=f"status {answer.status}")

    def _problem(self, answer: Response) -> Problem:
        """The problem of a problem document; an unknown code of a newer server becomes sync.refused."""
        try:
            found = parse_json(answer.body)
        except JsonError as error:
            raise Problem("sync.not_our_server", reason="a broken problem document") from error
        code = found.get("code") if isinstance(found, dict) else None
        if not isinstance(code, str) or not code.startswith(("server.", "roster.", "crypto.")):
            raise Problem("sync.not_our_server", reason="a problem document without a code")
        detail = {name: value for name, value in found.items() if name not in _DOCUMENT}
        if code == "server.clock_skew":
            self._learn_clock(answer)
        if code not in catalogue():
            return Problem("sync.refused", reason=code, status=answer.status)
        return Problem(code, **{**detail, **_retry_after(answer)})

    def _learn_clock(self, answer: Response) -> None:
        """Signs with the server's time from now on. Nothing but the signature's freshness depends on it."""
        try:
            there = parsedate_to_datetime(answer.headers.get("date", ""))
        except ValueError:
            return
        self.skew = there.timestamp() - self.clock().timestamp()

    def _worth_another(self, problem: Problem) -> bool:
        retry_after = problem.detail.get("retry_after", 0.0)
        return (
            problem.entry.retry and problem.code not in _NOT_FOR_RETRY and retry_after <= LONGEST_RETRY_AFTER
        )

    def _pause(self, problem: Problem, attempt: int) -> None:
        if problem.code == "server.clock_skew" and attempt == 0:
            return  # the clock is known now, waiting would not help
        self.sleep(self.backoff.wait(attempt, problem.detail.get("retry_after")))
        self.check_cancelled()


_DOCUMENT = frozenset({"type", "title", "status", "detail", "code", "instance"})


def _retry_after(answer: Response) -> dict[str, float]:
    text = answer.headers.get("retry-after", "")
    return {"retry_after": float(text)} if text.isdigit() else {}
