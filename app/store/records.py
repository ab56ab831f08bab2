"""Signed records: immutable revisions, own and pulled, with an index of their heads in memory."""

from collections.abc import Iterable
from typing import Any

from app.protocol.errors import Problem
from app.store.backend import Backend, Content
from app.store.bulk import collector_paused
from app.store.index import RecordIndex, head_of, pack_heads, unpack_heads
from app.store.model import RecordHead, StoredRecord

FLOOR = 512
SNAPSHOT = "records"
SNAPSHOT_LEAST = 100  # changes that are not worth a new snapshot …
SNAPSHOT_SHARE = 0.02  # … nor is this share of all records


class Records:
    """All revisions of one worker's store.

    The index follows the file: own writes at once, writes of another connection when next asked.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._rows = backend.table("record", floor=FLOOR)
        self._snapshots = backend.table("index_snapshot", floor=1024, compress=False)
        self._index = RecordIndex()
        self._seen_stamp = 0
        self._seen_version: int | None = None
        self._changed = 0
        self._unreadable = 0

    def add(self, stored: StoredRecord) -> bool:
        """Keeps a revision; False (and nothing changed) if that revision is already here."""
        with self._backend.transaction():
            index = self._current()
            if stored.revision in index:
                return False
            content: Content = {
                "record": stored.record,
                "signature": stored.signature,
                "sha256": stored.sha256,
                "index": stored.index,
                "origin": stored.origin,
                "order": index.next_order(),
                "readers": None if stored.readers is None else list(stored.readers),
            }
            self._write(content)
        return True

    def get(self, revision: str) -> StoredRecord | None:
        """One revision; raises store.row_damaged."""
        content = self._rows.get(revision)
        return None if content is None else _stored(content)

    def some(self, revisions: Iterable[str]) -> list[StoredRecord]:
        """Those of these revisions that are here; damaged ones are left out, as in `all`."""
        with self._backend.reading():
            return self._many(list(revisions))

    def of(self, record_id: str) -> list[StoredRecord]:
        """All revisions of a record, in order of arrival."""
        with self._backend.reading():
            return self._many(self._current().of(record_id))

    def all(self, kind: str | None = None) -> list[StoredRecord]:
        """Every revision (of a kind), in order of arrival; `damaged` counts rows left out."""
        if kind is not None:
            with self._backend.reading():
                return self._many([head.revision for head in self._current().heads(kind)])
        with collector_paused():
            contents = sorted(
                (found for _, _, found in self._rows.scan()), key=lambda found: int(found["order"])
            )
        self._unreadable = self._rows.damaged()
        return [_stored(content) for content in contents]

    def set_index(self, revision: str, n: int | None) -> None:
        """Notes the place in the server's log (None: it has none any more); raises store.not_found."""
        with self._backend.transaction():
            self._current()
            content = self._rows.get(revision)
            if content is None:
                raise Problem("store.not_found", what="record")
            content["index"] = n
            self._write(content)

    def widen(self, revision: str, readers: Iterable[str]) -> None:
        """Notes that it has been sealed to these devices too; raises store.not_found."""
        with self._backend.transaction():
            self._current()
            content = self._rows.get(revision)
            if content is None:
                raise Problem("store.not_found", what="record")
            content["readers"] = sorted({*(content.get("readers") or ()), *readers})
            self._write(content)

    def remove(self, revision: str) -> bool:
        """Deletes a revision (purge); the caller has made sure that it may go."""
        with self._backend.transaction():
            self._current()
            self._backend.after_rollback(self._reload)
            self._index.remove(revision)
            self._snapshots.delete(SNAPSHOT)  # it names what must not be named any more
            self._changed = len(self._index) + SNAPSHOT_LEAST
            return self._rows.delete(revision)

    def shorten(self, revision: str, record: dict[str, Any]) -> None:
        """Keeps less of a revision in its place (purge): the caller has made sure that the rest may go.

        Its signature stays as the sign of which revision this was; it fits the whole record only.
        """
        with self._backend.transaction():
            self._current()
            content = self._rows.get(revision)
            if content is None:
                raise Problem("store.not_found", what="record")
            self._snapshots.delete(SNAPSHOT)
            self._changed = len(self._index) + SNAPSHOT_LEAST
            self._write({**content, "record": record})

    def head(self, revision: str) -> RecordHead | None:
        with self._backend.reading():
            return self._current().get(revision)

    def heads(self, kind: str | None = None) -> list[RecordHead]:
        """What lists show, from memory, in order of arrival."""
        with self._backend.reading():
            return self._current().heads(kind)

    def search(self, text: str, kind: str | None = None) -> list[RecordHead]:
        """Heads whose labels hold every word, whatever its case and diacritics."""
        with self._backend.reading():
            return list(self._current().search(text, kind))

    @property
    def damaged(self) -> int:
        """How many rows cannot be read; `Store.check` names them by table."""
        with self._backend.reading():
            return max(self._unreadable, self._rows.count() - len(self._current()))

    def count(self) -> int:
        return self._rows.count()

    def _write(self, content: Content) -> None:
        self._backend.after_rollback(self._reload)
        stamp = self._rows.put(content["record"]["revision"], content)
        self._index.put(head_of(content, content["order"]))
        self._seen_stamp = stamp
        self._changed += 1

    def _many(self, revisions: list[str]) -> list[StoredRecord]:
        found: list[StoredRecord] = []
        damaged = 0
        for revision in revisions:
            try:
                stored = self.get(revision)
            except Problem as problem:
                if problem.code != "store.row_damaged":
                    raise
                damaged += 1
                continue
            if stored is not None:
                found.append(stored)
        self._unreadable = damaged
        return found

    def save_index(self) -> None:
        """Writes the index snapshot if enough has changed since the last one; `Store.close` calls this."""
        with self._backend.transaction():
            index = self._current()
            if self._changed > max(SNAPSHOT_LEAST, len(index) * SNAPSHOT_SHARE):
                self._snapshots.put(SNAPSHOT, {"stamp": self._seen_stamp, **pack_heads(index.heads())})
                self._changed = 0

    def _current(self) -> RecordIndex:
        """The index, caught up with whatever another connection wrote."""
        version = self._backend.version()
        if version != self._seen_version:
            if self._seen_version is None:
                self._load_snapshot()
            self._catch_up()
            if len(self._index) != self._rows.count():  # rows went away behind our back: start over
                self._reload()
                self._catch_up()
            self._seen_version = version
        return self._index

    def _load_snapshot(self) -> None:
        """Starts from the snapshot; without one, or with a damaged one, every record is opened instead."""
        try:
            with collector_paused():
                snapshot = self._snapshots.get(SNAPSHOT)
                if snapshot is not None:
                    self._index = RecordIndex(unpack_heads(snapshot))
                    self._seen_stamp, self._changed = snapshot["stamp"], 0
        except Problem as problem:
            if problem.code != "store.row_damaged":
                raise

    def _catch_up(self) -> None:
        changed = []
        for _, stamp, content in self._rows.scan(self._seen_stamp):
            changed.append(head_of(content, content["order"]))
            self._seen_stamp = stamp
        changed.sort(key=lambda head: head.order)  # a row that changed later is not one that came later
        for head in changed:
            self._index.put(head)
        self._changed += len(changed)

    def _reload(self) -> None:
        self._index, self._seen_stamp, self._seen_version, self._changed = RecordIndex(), 0, None, 0


def _stored(content: Content) -> StoredRecord:
    return StoredRecord(
        record=content["record"],
        signature=content["signature"],
        sha256=content["sha256"],
        index=content["index"],
        origin=content["origin"],
        readers=None if content.get("readers") is None else tuple(content["readers"]),
    )
