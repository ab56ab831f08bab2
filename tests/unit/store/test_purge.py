"""Deleting: only what a receipt, a supervisor and the calendar allow, and never while an alarm stands."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.protocol.errors import Problem
from app.store.purge import ALARM, purge, purgeable
from app.store.store import EncryptedStore, OutboxEntry
from tests.unit.store.conftest import every_byte, sql, stored

Open = Callable[[], EncryptedStore]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
RETENTION = timedelta(days=30)
OLD, FRESH = "2026-04-01T10:00:00Z", "2026-05-20T10:00:00Z"
PHOTO = b"sealed photo" * 100
PHOTO_NAME = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def store(open_store: Open) -> EncryptedStore:
    """Four records: old, fresh, not received, and old with a photo that is still waiting."""
    store = open_store()
    store.media.put(PHOTO_NAME, PHOTO)
    for seq, (revision, at) in enumerate([("old", OLD), ("fresh", FRESH), ("waiting", ""), ("photo", OLD)]):
        record = stored(revision)
        if revision == "photo":
            record.record["attachments"] = [
                {"name": "a.jpg", "sha256": PHOTO_NAME, "size": len(PHOTO), "identity": ""}
            ]
        store.records.add(record)
        store.outbox.put(
            OutboxEntry(
                revision, "r", seq, {"size": 9}, b"sealed " + revision.encode(), "waiting", None, None
            )
        )
        if at:
            store.outbox.update(revision, state="received", receipt={"index": seq, "at": at})
    store.outbox.put(
        OutboxEntry(PHOTO_NAME, "r", 4, {"size": len(PHOTO)}, None, "waiting", None, None, "attachment")
    )
    return store


ALL = {"old", "fresh", "waiting", "photo"}


def test_only_received_acknowledged_and_old_records_go(store: EncryptedStore, place: Path) -> None:
    boxes = sql(place, "SELECT box FROM record UNION ALL SELECT box FROM sealed")
    assert purgeable(store, set(), NOW, RETENTION) == []
    assert purgeable(store, {"old", "waiting"}, NOW, RETENTION) == ["old"]
    assert purge(store, ALL, NOW, RETENTION).records == 1
    assert {one.revision for one in store.records.all()} == {"fresh", "waiting", "photo"}
    assert store.outbox.next_seq() == 5 and store.outbox.waiting_count() == 2
    assert store.media.has(PHOTO_NAME)
    gone = [box[0] for box in boxes if box[0][:64] not in every_byte(place.parent)]
    assert len(gone) == 2
    assert purge(store, ALL, NOW, RETENTION).records == 0


def test_a_photo_goes_with_its_record_once_both_are_received(store: EncryptedStore) -> None:
    store.outbox.update(PHOTO_NAME, state="received", receipt={"index": 4, "at": OLD})
    purged = purge(store, {"photo"}, NOW, RETENTION)
    assert (purged.records, purged.attachments) == (1, 1)
    assert not store.media.has(PHOTO_NAME) and store.outbox.get(PHOTO_NAME) is None


def test_room_is_given_back_and_nothing_else_changes(store: EncryptedStore) -> None:
    for n in range(200):
        store.values.set(f"v{n}", "x" * 40 + str(n) * 2000)
    store.scrub()
    for n in range(200):
        store.values.delete(f"v{n}")
    assert store.compact() > 10_000
    assert store.check().ok and store.records.count() == 4
    assert store.compact() == 0


def test_nothing_goes_while_an_alarm_stands(store: EncryptedStore) -> None:
    store.values.set(ALARM, {"code": "server.fork"})
    assert purgeable(store, ALL, NOW, RETENTION) == []
    with pytest.raises(Problem, match=r"store\.alarm"):
        purge(store, ALL, NOW, RETENTION)
    assert store.records.count() == 4
