"""How much and how fast one device may ask."""

import asyncio
from collections.abc import Callable
from threading import Lock

from starlette.requests import Request

from app.protocol.errors import Problem
from sync_server.edge.bodies import Body
from sync_server.settings import Settings

_DEVICES = 10_000
OPEN_BODIES = 32  # requests with a body that one device may have open at once
Headers = dict[str, str]  # each once, lower case


class RateLimit:
    """A token bucket for each device, in memory: `rate` requests a second, `burst` at once."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        self._open: dict[tuple[str, str], int] = {}
        self._guard = Lock()

    def enter(self, workspace: str, device: str) -> Callable[[], None]:
        """One more body of this device is on its way in, until the returned function is called.

        Raises Problem("server.rate", retry_after=…): one device that sends slowly cannot take every place.
        """
        key = (workspace, device)
        with self._guard:
            now = self._open.get(key, 0)
            if now >= OPEN_BODIES:
                raise Problem("server.rate", retry_after=1)
            self._open[key] = now + 1
        return lambda: self._leave(key)

    def _leave(self, key: tuple[str, str]) -> None:
        with self._guard:
            left = self._open.pop(key) - 1
            if left:
                self._open[key] = left

    def take(self, workspace: str, device: str) -> None:
        """Raises Problem("server.rate", retry_after=…)."""
        if not self._rate:
            return
        key, now = (workspace, device), self._clock()
        with self._guard:
            left, seen = self._buckets.pop(key, (float(self._burst), now))
            left = min(float(self._burst), left + (now - seen) * self._rate)
            self._buckets[key] = (left - 1 if left >= 1 else left, now)
            while len(self._buckets) > _DEVICES:
                self._buckets.pop(next(iter(self._buckets)))
        if left < 1:
            raise Problem("server.rate", retry_after=max(1, round((1 - left) / self._rate)))


def body_length(headers: Headers, limit: int) -> int:
    """The announced length; raises Problem("server.length_required" | "server.too_large")."""
    text = headers.get("content-length", "")
    if "transfer-encoding" in headers or not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Problem("server.length_required")
    if int(text) > limit:
        raise Problem("server.too_large", limit=limit)
    return int(text)


def check_type(headers: Headers, wanted: str) -> None:
    """Raises Problem("server.media_type") for any other Content-Type, parameters included."""
    if headers.get("content-type", "").strip().lower() != wanted:
        raise Problem("server.media_type", wanted=wanted)


async def read_body(
    request: Request, headers: Headers, limit: int, settings: Settings, clock: Callable[[], float]
) -> Body:
    """The whole body, never more than `limit`. A sender that stalls, or trickles, is given up.

    The guard closes it when the request ends. Raises Problem("server.too_slow") and those of `body_length`.
    """
    announced = body_length(headers, limit)
    body = request.scope.setdefault("state", {})["body"] = Body(settings.data_dir)
    patience = clock() + settings.idle_timeout
    while True:
        try:
            async with asyncio.timeout(settings.idle_timeout):
                message = await request.receive()
        except TimeoutError as error:
            raise Problem("server.too_slow") from error
        if message["type"] == "http.disconnect":
            raise Problem("server.too_slow")
        piece = message.get("body", b"")
        if body.size + len(piece) > announced:
            raise Problem("server.too_large", limit=announced)
        body.add(piece)
        if not message.get("more_body", False):
            return body
        if clock() > patience + body.size / settings.slowest:
            raise Problem("server.too_slow")
