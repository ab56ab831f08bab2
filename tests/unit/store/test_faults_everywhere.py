"""A full disk, a disk that turned read-only, a failing disk: at every statement and file operation of every write.

Each write path is taken again and again, failing one step later each time, until it comes through. Whatever fails is
one plain problem, leaves everything as it was, and works as soon as the disk does.
"""

import errno
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.protocol.errors import Problem
from app.store.database import Database
from app.store.faults import problem_of
from app.store.store import EncryptedStore, OutboxEntry, Quarantined, Store
from tests.unit.store.conftest import KEY, every_byte, stored

WRITES = (
    "INSERT",
    "UPDATE",
    "DELETE",
    "COMMIT",
    "BEGIN IMMEDIATE",
    "SAVEPOINT",
    "PRAGMA wal_checkpoint",
    "VACUUM",
)
FAULTS = {
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_IOERR: "store.io",
}
PHOTO = b"sealed photo" * 50
NAME = hashlib.sha256(PHOTO).hexdigest()


def file_entry(name: str) -> OutboxEntry:
    return OutboxEntry(
        name, "r", None, None, None, "waiting", None, None, "attachment", name, 9, ("dev-1",), 1
    )


def sign(entry: OutboxEntry, seq: int, last: Any) -> dict[str, Any]:
    return {"seq": seq, "size": entry.size}


def unnumbered(entry: OutboxEntry, seq: int, last: Any) -> OutboxEntry:
    return replace(entry, seq=None, manifest=None)


def finishing(store: Store) -> None:
    with store.transaction():
        store.records.add(stored("new"))
        store.outbox.put(OutboxEntry("new", "r", 2, {"size": 9}, b"sealed", "waiting", None, None))
        store.drafts.discard("draft")


PATHS: dict[str, Callable[[EncryptedStore], object]] = {
    "start": lambda store: store.drafts.start({}, b""),
    "append": lambda store: store.drafts.append("draft", {"n": 2}),
    "snapshot": lambda store: store.drafts.snapshot("draft", b"later"),
    "set_meta": lambda store: store.drafts.set_meta("draft", {"n": 2}),
    "discard": lambda store: store.drafts.discard("draft"),
    "add": lambda store: store.records.add(stored("new")),
    "set_index": lambda store: store.records.set_index("a", 7),
    "widen": lambda store: store.records.widen("a", ["dev-1"]),
    "remove": lambda store: store.records.remove("a"),
    "shorten": lambda store: store.records.shorten("a", stored("a", note="less").record),
    "put": lambda store: store.outbox.put(OutboxEntry("c", "r", 2, {"size": 9}, b"s", "waiting", None, None)),
    "put file": lambda store: store.outbox.put(file_entry("g")),
    "number": lambda store: store.outbox.number(["f"], sign),
    "renumber": lambda store: store.outbox.renumber({"seq": 9}, [store.outbox.all()[0]], _same),
    "update": lambda store: store.outbox.update("a", state="stopped"),
    "receive": lambda store: store.outbox.update("a", state="received", receipt={"index": 1}),
    "purge": lambda store: store.outbox.remove(["gone"]),
    "value": lambda store: store.values.set("name", 2),
    "forget": lambda store: store.values.delete("name"),
    "quarantine": lambda store: store.quarantine.put(Quarantined(4, "x", "at", {})),
    "heal": lambda store: store.quarantine.remove(3),
    "carry": lambda store: store.carried.put({"device": "d", "seq": 5, "sha256": "0" * 64}, None),
    "finishing": finishing,
}


def _same(entry: OutboxEntry, seq: int, last: Any) -> OutboxEntry:
    return replace(entry, seq=seq, manifest={"seq": seq, "size": 9}, sealed=b"again")


@pytest.fixture
def store(place: Path) -> Iterator[EncryptedStore]:
    """Something of everything. Ids of drafts are given, so that two openings agree."""
    names = iter(["draft", *(f"draft-{n}" for n in range(100))])
    opened = Store.open(place, KEY, new_id=lambda: next(names))
    opened.drafts.start({"n": 1}, b"snapshot")
    for n in range(2):
        opened.drafts.append("draft", {"n": n})
    for seq, revision in enumerate(("a", "gone")):
        opened.records.add(stored(revision))
        opened.outbox.put(OutboxEntry(revision, "r", seq, {"size": 9}, b"sealed", "waiting", None, None))
    opened.outbox.update("gone", state="received", receipt={"index": 0})
    opened.outbox.put(file_entry("f"))
    opened.values.set("name", 1)
    opened.quarantine.put(Quarantined(3, "x", "at", {}))
    yield opened
    opened.close()


def everything(store: Store) -> list[Any]:
    """All that anybody can ask."""
    drafts = [store.drafts.load(head.id) for head in store.drafts.list()]
    entries = [store.outbox.get(one.revision) for one in store.outbox.all()]
    counts = [store.outbox.next_seq(), store.outbox.waiting_count(), store.outbox.waiting_records()]
    last = store.outbox.last_manifest()
    return [drafts, store.records.all(), store.records.heads(), store.records.search("exemplu"), entries, counts, last,
            store.values.get("name"), store.quarantine.all(), store.carried.all(), store.media.count()]  # fmt: skip


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, after: int, code: int) -> Iterator[list[str]]:
    """Every writing statement fails from the given one on, as SQLite tells it; gives the statements."""
    seen: list[str] = []
    real = Database.execute

    def execute(self: Database, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        if sql.lstrip().startswith(WRITES) and "ROLLBACK" not in sql:
            seen.append(sql)
            if len(seen) > after:
                error = sqlite3.OperationalError("injected")
                error.sqlite_errorcode, error.sqlite_errorname = code, "INJECTED"
                raise problem_of(error)
        return real(self, sql, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "execute", execute)
        yield seen


@pytest.mark.parametrize("code", FAULTS, ids=FAULTS.values())
@pytest.mark.parametrize("path", PATHS)
def test_a_failing_disk_at_every_statement(
    store: EncryptedStore, monkeypatch: pytest.MonkeyPatch, path: str, code: int
) -> None:
    before = everything(store)
    for after in range(100):
        try:
            with failing(monkeypatch, after, code):
                PATHS[path](store)
        except Problem as problem:
            assert problem.code == FAULTS[code]
            assert everything(store) == before
            continue
        break
    assert after >= 2  # begin, at least one change, commit
    assert store.check().ok
    assert everything(store) != before or path == "purge"


@pytest.mark.parametrize("code", FAULTS, ids=FAULTS.values())
def test_opening_and_closing_on_a_failing_disk(
    place: Path, store: EncryptedStore, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Whoever can read may read: only what is tidied up fails, and is made good later."""
    before = everything(store)
    store.close()
    for after in range(12):
        with failing(monkeypatch, after, code):
            opened = Store.open(place, KEY)
            assert everything(opened) == before
            opened.close()
    opened = Store.open(place, KEY)
    assert everything(opened) == before and opened.check().ok and opened.report.age == "current"
    opened.close()


OPERATIONS = ("open", "os.fsync", "os.replace")
ERRNOS = {errno.ENOSPC: "store.disk_full", errno.EROFS: "store.read_only", errno.EIO: "store.io"}


@pytest.mark.parametrize("number", ERRNOS, ids=ERRNOS.values())
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_failing_disk_at_every_file_operation(
    store: EncryptedStore, place: Path, monkeypatch: pytest.MonkeyPatch, operation: str, number: int
) -> None:
    """A photo, a piece of a download, the mark of the store's age."""
    store.media.put(NAME, PHOTO)
    other = b"another" * 99
    name = hashlib.sha256(other).hexdigest()
    before = every_byte(place.parent / "media"), place.with_suffix(".mark").read_bytes()

    def fails(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    paths: list[Callable[[], object]] = [
        lambda: store.media.put(name, other),
        lambda: store.media.put(NAME, PHOTO),
        lambda: store._generation._beside.write(99),
    ]
    if operation == "open":
        paths.append(lambda: store.media.extend_partial(name, 0, other))
    for path in paths:
        with monkeypatch.context() as patch:
            if operation == "open":
                patch.setattr("app.store.files.open", fails, raising=False)
                patch.setattr("app.store.media.open", fails, raising=False)
            else:
                patch.setattr(operation, fails)
            with pytest.raises(Problem, match=f"^{ERRNOS[number]}"):
                path()
        assert (every_byte(place.parent / "media"), place.with_suffix(".mark").read_bytes()) == before
        assert store.media.read(NAME) == PHOTO and not store.media.has(name)
    store.media.put(name, other)
    assert store.media.read(name) == other
