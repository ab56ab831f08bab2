"""Flipping any single byte of a row is refused: every table, every column, every byte."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.protocol.errors import Problem
from app.store.check import TABLES
from app.store.store import EncryptedStore, OutboxEntry, Quarantined
from tests.unit.store.conftest import stored

Open = Callable[[], EncryptedStore]
WIDE = {"record", "outbox", "index_snapshot"}  # boxes of kilobytes: one mask is enough


@pytest.fixture
def store(open_store: Open) -> EncryptedStore:
    """One row or two in every table."""
    store = open_store()
    draft = store.drafts.start({"n": 1}, b"<data/>")
    store.drafts.append(draft, {"text": "a"})
    store.drafts.append(draft, {"text": "b"})
    store.records.add(stored("a"))
    store.outbox.put(OutboxEntry("a", "r", 0, {"size": 9}, b"sealed", "waiting", None, None))
    store.quarantine.put(Quarantined(3, "crypto.damaged", "2026-03-01T10:00:00Z", {}))
    store.records._changed = 10_000
    store.records.save_index()
    return store


@contextmanager
def undone(store: EncryptedStore) -> Iterator[None]:
    """Changes inside are taken back: the flips share one transaction, so that they need no disk."""

    class Undo(Exception):
        pass

    try:
        with store.transaction():
            yield
            raise Undo
    except Undo:
        pass


def flips(data: bytes, wide: bool) -> Iterator[bytes]:
    for place in range(len(data)):
        for mask in (0x01 << place % 8,) if wide else (0x01, 0x80, 0xFF):
            yield data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]


def opened(store: EncryptedStore, table: str) -> int:
    rows = store._encrypted.table(table)
    return sum(1 for _ in rows.scan())


@pytest.mark.parametrize("table", TABLES)
def test_every_flipped_byte_of_a_row_is_refused(store: EncryptedStore, table: str) -> None:
    database = store._database
    (row, stamp, box), *_ = database.rows(f"SELECT id, stamp, box FROM {table}")
    whole = opened(store, table)
    count = 0
    with undone(store):
        for altered in flips(box, table in WIDE):
            database.execute(f"UPDATE {table} SET box = ? WHERE id = ?", (altered, row))
            assert opened(store, table) == whole - 1
            count += 1
        database.execute(f"UPDATE {table} SET box = ? WHERE id = ?", (box, row))
        for bit in range(62):  # the readable columns are bound to the box
            database.execute(f"UPDATE {table} SET stamp = ? WHERE id = ?", (stamp ^ 1 << bit, row))
            assert opened(store, table) == whole - 1
        database.execute(f"UPDATE {table} SET stamp = ? WHERE id = ?", (stamp, row))
        for bit in range(63):
            database.execute(f"UPDATE {table} SET id = ? WHERE id = ?", (row ^ 1 << bit, row))
            assert opened(store, table) == whole - 1
            database.execute(f"UPDATE {table} SET id = ? WHERE id = ?", (row, row ^ 1 << bit))
        assert opened(store, table) == whole
    assert count >= len(box)


def test_every_flipped_byte_of_a_named_row_is_a_problem(store: EncryptedStore) -> None:
    """Asked for by name it is never another content, and never nothing."""
    database = store._database
    ((box,),) = database.rows("SELECT box FROM record")
    with undone(store):
        for altered in flips(box, wide=True):
            database.execute("UPDATE record SET box = ?", (altered,))
            with pytest.raises(Problem, match=r"store\.row_damaged"):
                store.records.get("a")


def test_every_flipped_byte_of_a_journal_row_is_refused(store: EncryptedStore) -> None:
    database = store._database
    draft = store.drafts.list()[0].id
    rows = database.rows("SELECT n, box FROM journal ORDER BY n")
    assert len(rows) == 3  # two answers and the end
    with undone(store):
        for place, (n, box) in enumerate(rows):
            for altered in flips(box, wide=False):
                database.execute("UPDATE journal SET box = ? WHERE n = ?", (altered, n))
                found = store.drafts.load(draft)
                assert found.unreadable >= 1 and len(found.journal) == min(place, 2)
            database.execute("UPDATE journal SET box = ? WHERE n = ?", (box, n))
        assert store.drafts.load(draft).unreadable == 0


def test_every_flipped_byte_of_a_media_file_is_refused(open_store: Open, place: Path) -> None:
    store = open_store()
    data = b"sealed photo" * 20
    name = hashlib.sha256(data).hexdigest()
    store.media.put(name, data)
    (file,) = (place.parent / "media").iterdir()
    for altered in flips(data, wide=False):
        file.write_bytes(altered)
        with pytest.raises(Problem, match=r"store\.row_damaged"):
            store.media.read(name)


def test_every_flipped_byte_of_the_mark_says_nothing(open_store: Open, place: Path) -> None:
    store = open_store()
    file = place.with_suffix(".mark")
    whole: Any = store._generation.age()
    data = file.read_bytes()
    for altered in flips(data, wide=False):
        file.write_bytes(altered)
        assert store._generation.age() == "unmarked" != whole
    file.write_bytes(data)
    assert store._generation.age() == "current"
