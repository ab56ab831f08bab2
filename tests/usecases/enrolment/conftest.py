"""One server for all tests of enrolment; every test has an organisation of its own on it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crypto import keyslot
from sync_server.testing import RunningServer, running_server
from tests.usecases.enrolment.world import Device, Office, open_office


@pytest.fixture(autouse=True)
def cheap_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases cost nothing here: what they cost is tested with the keyslot."""

    def quick(secret: bytes, salt: bytes, log_n: int) -> bytes:
        return hashlib.sha256(salt + secret).digest()

    monkeypatch.setattr(keyslot, "scrypt", quick)


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("relay") / "server") as server:
        yield server


@pytest.fixture
def office(relay: RunningServer, tmp_path: Path) -> Office:
    return open_office(tmp_path, relay)


@pytest.fixture
def tablet(office: Office) -> Device:
    return office.device("tablet")
