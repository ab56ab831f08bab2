"""A transport that kills the server process at its nth request, and starts it again."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.protocol.errors import Problem
from app.sync.transport import Response, Transport
from sync_server.testing import RunningServer


@dataclass
class Killing:
    """`when`: "before" the request reaches the server, or "after" it was acted upon (the answer is lost)."""

    inner: Transport
    server: RunningServer
    left: int
    when: str

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        self.left -= 1
        if self.left:
            return self.inner.request(method, path, headers, body, timeout)
        if self.when == "after":
            self.inner.request(method, path, headers, body, timeout)
        self.server.kill()
        self.server.start()
        raise Problem("sync.server_away", reason="killed")
