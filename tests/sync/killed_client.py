"""A client process that dies by its own hand at a named step of a synchronisation, or at its nth request.

Run as `python -m tests.sync.killed_client <store> <url> <step>`, or `… <n> <before|after>`.
"""

import http.client
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.crypto.device import DeviceKeys
from app.store.outbox import Outbox
from app.store.store import Store
from app.sync.pull import Pulling
from app.sync.push import Pushing
from app.sync.state import SyncState
from app.sync.syncer import Syncer
from app.sync.transport import HttpTransport, Response
from app.sync.verify import Verifying
from tests.sync.real import KEY

ROSTER, POST, HEAD, CHUNK, PAGE = "GET roster", "POST entries", "HEAD objects", "PATCH objects", "GET entries"
# step → (request, which of its kind, before it leaves | half of it has left | its answer has come)
AT_REQUESTS = {
    "the roster is asked for": (ROSTER, 1, "before"),
    "the roster has come": (ROSTER, 1, "after"),
    "records are about to leave": (POST, 1, "before"),
    "records are half sent": (POST, 1, "half"),
    "the answer to records has come": (POST, 1, "after"),
    "an upload is asked about": (HEAD, 1, "before"),
    "the first chunk is about to leave": (CHUNK, 1, "before"),
    "the first chunk is half sent": (CHUNK, 1, "half"),
    "the first chunk was taken": (CHUNK, 1, "after"),
    "the second chunk is half sent": (CHUNK, 2, "half"),
    "the last chunk was taken": (CHUNK, 2, "after"),
    "the answer to a file has come": (POST, 3, "after"),
    "a page is asked for": (PAGE, 1, "before"),
    "a page has come": (PAGE, 1, "after"),
}
# step → (class, method): dies when the method has returned
AFTER_CALLS: dict[str, tuple[type, str]] = {
    "what is remembered was loaded": (SyncState, "load"),
    "records are marked as leaving": (Pushing, "_mark_sending"),
    "the receipts of records are kept": (Pushing, "_settle"),
    "a file was numbered": (Outbox, "number"),
    "a page was judged": (Pulling, "judge"),
    "a page is kept": (Pulling, "_take"),
    "holes were looked into": (Verifying, "_audit"),
    "everything is done": (Syncer, "_finish"),
}
STEPS = (*AT_REQUESTS, *AFTER_CALLS)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """A transport in which one request is the last thing this process does."""

    def __init__(self, url: str, kind: str, number: int, moment: str) -> None:
        self._inner = HttpTransport(url)
        self._host = urlsplit(url).netloc
        self._kind, self._left, self._moment = kind, number, moment

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        if self._kind in ("", f"{method} {path.split('/')[2].split('?')[0]}"):
            self._left -= 1
            if self._left == 0 and self._moment == "before":
                die()
            if self._left == 0 and self._moment == "half":
                self._half(method, path, headers, body)
                die()
        answer = self._inner.request(method, path, headers, body, timeout)
        if self._left == 0:
            die()
        return answer

    def _half(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        connection = http.client.HTTPConnection(self._host)
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body[: len(body) // 2])


def deadly_call(owner: type, name: str) -> None:
    """From now on the process dies when that method returns."""
    true: Callable[..., Any] = getattr(owner, name)
    static = isinstance(owner.__dict__[name], classmethod)

    def last(*arguments: Any, **options: Any) -> None:
        true(*arguments[1 if static else 0 :], **options)
        die()

    setattr(owner, name, classmethod(last) if static else last)


def main(place: str, url: str, step: str, moment: str = "") -> None:
    store = Store.open(Path(place), KEY)
    device = DeviceKeys.from_json(store.values.get("device"))
    if step in AFTER_CALLS:
        deadly_call(*AFTER_CALLS[step])
    kind, number, when = AT_REQUESTS.get(step, ("", int(step) if moment else -1, moment))
    transport = Deadly(url, kind, number, when)
    report = Syncer(store, device, transport, lambda: datetime.now(UTC)).run()
    store.close()
    print([problem.code for problem in report.problems])


if __name__ == "__main__":
    main(*sys.argv[1:])
