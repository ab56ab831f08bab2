"""Deleting what is safe elsewhere.

An own record may go when all of these hold: a verified receipt says that the server's log has it, a
supervisor has acknowledged it, and the retention period since the receipt has passed. While an alarm about
the server stands, nothing may go.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.protocol.errors import Problem
from app.store.store import OutboxEntry, Store, StoredRecord

ALARM = "sync.alarm"  # values: set by the sync client when the server or the roster was caught lying


@dataclass(frozen=True)
class Purged:
    """How many records went, and how many of their attachments."""

    records: int
    attachments: int


def purgeable(store: Store, acknowledged: Container[str], now: datetime, retention: timedelta) -> list[str]:
    """Revisions that may be deleted. `acknowledged` holds those a supervisor has acknowledged."""
    if store.values.get(ALARM) is not None:
        return []
    return [
        entry.revision
        for entry in store.outbox.all()
        if entry.role == "record"
        and entry.revision in acknowledged
        and _kept_long_enough(entry, now, retention)
    ]


def purge(
    store: Store,
    acknowledged: Container[str],
    now: datetime,
    retention: timedelta,
    instead: Callable[[StoredRecord], dict[str, Any] | None] = lambda _: None,
) -> Purged:
    """Deletes what is purgeable with its sealed copies and files, leaving no trace of it in any file.

    `instead` may give a shorter inner record that stays in a record's place. Raises Problem("store.alarm")
    while an alarm stands.
    """
    if store.values.get(ALARM) is not None:
        raise Problem("store.alarm")
    revisions = purgeable(store, acknowledged, now, retention)
    files: list[str] = []
    gone = 0
    with store.transaction():
        received = {entry.revision for entry in store.outbox.all() if entry.state == "received"}
        for revision in revisions:
            stored = store.records.get(revision)
            names = [str(one["sha256"]) for one in stored.record.get("attachments", [])] if stored else []
            if not received.issuperset(names):
                continue  # one of its photos is still waiting
            shorter = instead(stored) if stored else None
            if shorter is None:
                store.records.remove(revision)
            else:
                store.records.shorten(revision, shorter)
            files += names
            gone += store.outbox.remove([revision]) and 1
            store.outbox.remove(names)
    for name in files:
        store.media.delete(name)
    store.scrub()
    return Purged(gone, len(files))


def _kept_long_enough(entry: OutboxEntry, now: datetime, retention: timedelta) -> bool:
    """By the server's time of the receipt: a wrong clock of this device can only keep things longer or shorter
    by as much as it is wrong, and never deletes what is not received."""
    if entry.state != "received" or entry.receipt is None:
        return False
    return datetime.fromisoformat(entry.receipt["at"]) + retention <= now
