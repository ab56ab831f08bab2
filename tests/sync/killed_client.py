"""A client process that dies by its own hand at the nth request: before it is sent, or once it was answered.

Run as `python -m tests.sync.killed_client <store> <url> <n> <before|after>`.
"""

import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from app.crypto.device import DeviceKeys
from app.store.store import Store
from app.sync.syncer import Syncer
from app.sync.transport import HttpTransport, Response
from tests.sync.real import KEY


class Deadly:
    """A transport whose nth request is the last thing this process does."""

    def __init__(self, url: str, last: int, when: str) -> None:
        self._inner = HttpTransport(url)
        self._left = last
        self._when = when

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        self._left -= 1
        if self._left == 0 and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = self._inner.request(method, path, headers, body, timeout)
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


if __name__ == "__main__":
    place, url, number, moment = sys.argv[1:5]
    store = Store.open(Path(place), KEY)
    device = DeviceKeys.from_json(store.values.get("device"))
    report = Syncer(store, device, Deadly(url, int(number), moment), lambda: datetime.now(UTC)).run()
    store.close()
    print([problem.code for problem in report.problems])
