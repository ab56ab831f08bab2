"""A supervisor's process that dies by its own hand while it seals again or sends: `kill -9`, nothing is tidied up.

Run as `python -m tests.usecases.killed_sharing <folder> <profile> <url> <n> <seal|before|after>`: at the nth record
that is sealed, inside its transaction, or at the nth request, before it is sent or once it was answered.
"""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from app.crypto.device import DeviceKeys
from app.store.store import Store
from app.sync.transport import HttpTransport, Response
from app.usecases.services import Services
from app.usecases.sync_now import sync_now
from app.usecases.worker import Organisation, Worker
from tests.sync.real import KEY, store_path


class DeadlyRandom:
    """The nth file key is the last thing this process draws."""

    def __init__(self, last: int) -> None:
        self._left = last

    def __call__(self, size: int) -> bytes:
        self._left -= size == 16
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.urandom(size)


class DeadlyTransport:
    """A connection whose nth request is the last thing this process does."""

    def __init__(self, url: str, last: int, when: str) -> None:
        self._inner, self._left, self._when = HttpTransport(url), last, when

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


def main() -> None:
    folder, name, url, number, moment = sys.argv[1:6]
    store = Store.open(store_path(Path(folder), name), KEY)
    cut = DeadlyTransport(url, int(number), moment)
    deadly = Services(Path(folder) / name, transport=lambda _: cut)
    if moment == "seal":
        random = DeadlyRandom(int(number))
        deadly = Services(Path(folder) / name, random=random, transport=lambda _: HttpTransport(url))
    worker = Worker(
        services=deadly,
        profile=name,
        name=name,
        device_keys=DeviceKeys.from_json(store.values.get("device")),
        organisation=Organisation(**store.values.get("organisation")),
        store=store,
    )
    outcome = sync_now(worker)
    store.close()
    print(outcome.problem)


if __name__ == "__main__":
    main()
