"""A supervisor's process that dies by its own hand while it seals again or sends: `kill -9`, nothing is tidied up.

Run as `python -m tests.usecases.killed_sharing <folder> <profile> <url> <n> <seal|before|after>`: at the nth record
that is sealed, inside its transaction, or at the nth request, before it is sent or once it was answered.
"""

import os
import signal
import sys
from pathlib import Path

from app.crypto.device import DeviceKeys
from app.store.store import Store
from app.sync.transport import HttpTransport
from app.usecases.services import Services
from app.usecases.sync_now import sync_now
from app.usecases.worker import Organisation, Worker
from tests.sync.killed_client import Deadly
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


def main() -> None:
    folder, name, url, number, moment = sys.argv[1:6]
    store = Store.open(store_path(Path(folder), name), KEY)
    deadly = Services(Path(folder) / name, transport=lambda _: Deadly(url, int(number), moment))
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
