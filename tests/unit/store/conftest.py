"""A store file and what the tests of this folder do to it."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.store.store import EncryptedStore, Store, StoredRecord

KEY = bytes(range(32))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def open_store(place: Path) -> Iterator[Callable[[], EncryptedStore]]:
    """Opens the same file again and again; closes what is left open."""
    opened: list[EncryptedStore] = []

    def make() -> EncryptedStore:
        opened.append(Store.open(place, KEY))
        return opened[-1]

    yield make
    for store in opened:
        if not store.closed:
            store.close()


def stored(revision: str, **body: Any) -> StoredRecord:
    inner = {
        "record": f"of-{revision}",
        "revision": revision,
        "kind": "submission",
        "created": "2026-03-01T10:00:00Z",
        "parents": [],
        "body": {"household_label": "Familia Exemplu 12", **body},
    }
    return StoredRecord(inner, "signature", hashlib.sha256(revision.encode()).hexdigest(), None, "own")


def sql(place: Path, statement: str, *parameters: Any) -> list[Any]:
    """What somebody with the file and SQLite's own tools does."""
    with closing(sqlite3.connect(place)) as connection, connection:
        return connection.execute(statement, parameters).fetchall()


def every_byte(folder: Path) -> bytes:
    """All files below a folder, one after the other."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
