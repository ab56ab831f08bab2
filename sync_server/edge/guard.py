"""The ASGI layer around everything: refuses unprotected connections, counts, times, and writes the log line.

A log line holds the route's pattern, a status, a code, sizes and milliseconds: no address, no name, no value.
"""

import logging
from collections.abc import Mapping, MutableMapping
from time import perf_counter
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.protocol.errors import Problem
from sync_server.edge.problems import problem_response
from sync_server.metrics import Metrics
from sync_server.settings import Settings, is_loopback

_LOG = logging.getLogger("sync_server.requests")
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)


class Guard:
    """`lanes` are applications for a method and path each that need none of the framework's routing.

    Entries come by the thousand, and a fifth of the work for each would be finding out where it belongs.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, metrics: Metrics, lanes: Mapping[tuple[str, str], ASGIApp]
    ) -> None:
        self._app = app
        self._lanes = lanes
        self._settings = settings
        self._metrics = metrics
        self._open = 0
        metrics.gauge("doorstep_open_requests", lambda: self._open)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        start, status, sent = perf_counter(), 500, 0

        async def watched(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *_ALWAYS]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        self._open += 1
        try:
            refusal = self._refusal(scope)
            if refusal is None:
                await self._lane(scope)(scope, receive, watched)
            else:
                scope["state"]["code"] = refusal.code
                await problem_response(refusal)(scope, receive, watched)
        finally:
            self._open -= 1
            self._clear(scope["state"])
            self._note(scope, status, sent, perf_counter() - start)

    @staticmethod
    def _clear(state: MutableMapping[str, Any]) -> None:
        if "body" in state:
            state["body"].close()
        if "leave" in state:
            state["leave"]()

    def _lane(self, scope: Scope) -> ASGIApp:
        lane = self._lanes.get((scope["method"], scope["path"]))
        if lane is None:
            return self._app
        scope["app"], scope["lane"] = self._app, scope["path"]
        return lane

    def _refusal(self, scope: Scope) -> Problem | None:
        if not self._protected(scope):
            return Problem("server.insecure")
        if self._open > self._settings.concurrency:
            return Problem("server.busy", retry_after=2)
        return None

    def _protected(self, scope: Scope) -> bool:
        """TLS here, TLS at a proxy the owner has declared, or a caller on this very machine."""
        if scope["scheme"] == "https":
            return True
        if self._settings.behind_proxy:
            return Request(scope).headers.get("x-forwarded-proto") in (None, "https")
        client = scope.get("client")
        return client is None or is_loopback(client[0])

    def _note(self, scope: Scope, status: int, sent: int, seconds: float) -> None:
        route = str(getattr(scope.get("route"), "path", scope.get("lane", "-")))
        labels = {"method": scope["method"] if route != "-" else "-", "route": route}
        self._metrics.add("doorstep_requests_total", 1, status=str(status), **labels)
        self._metrics.add("doorstep_sent_bytes_total", sent)
        self._metrics.observe("doorstep_request_seconds", seconds, **labels)
        if _LOG.isEnabledFor(logging.INFO):
            values = {"status": status, "code": scope["state"].get("code", ""), "bytes": sent}
            _LOG.info("request", extra={**labels, **values, "ms": round(seconds * 1000, 1)})
