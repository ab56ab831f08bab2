"""Own sealed objects on their way to the server.

States: waiting → sending → received (its receipt's proof was verified), or stopped (a person must look).
Records have their number from the start, everything else gets it from `number` just before it is posted; a
number, once given, stays with its entry. The state box has one size class for all states, so that the file
does not tell which records were received.
"""

from collections.abc import Callable, Iterable
from typing import Any

from app.protocol.errors import Problem
from app.store.backend import Backend, Content
from app.store.model import Limits, OutboxEntry

STATE_FLOOR = 2048
HEAD = "outbox.head"
# `waiting` entries of which `files` are files that lie here; `bytes` they hold; `order` counts insertions.
_NO_HEAD: Content = {"seq": 0, "manifest": None, "waiting": 0, "bytes": 0, "order": 0, "files": 0}
_CHANGEABLE = frozenset({"state", "receipt", "problem"})
_SEALED_HERE = frozenset({"record", "resealed"})
_FILES = frozenset({"attachment", "carried"})

# (entry, its number, the manifest before it or None) → the signed manifest, or the whole entry anew
Sign = Callable[[OutboxEntry, int, dict[str, Any] | None], dict[str, Any]]
Again = Callable[[OutboxEntry, int, dict[str, Any] | None], OutboxEntry]


class Outbox:
    """The outbox of one worker. Lists leave `sealed` out; `get` and `sealed` bring it."""

    def __init__(self, backend: Backend, limits: Limits) -> None:
        self._backend = backend
        self._rows = backend.table("outbox", floor=STATE_FLOOR)
        self._sealed = backend.table("sealed", floor=512)
        self._values = backend.table("value", floor=256)
        self.limits = limits
        self._open: dict[str, Content] = {}  # what waits, as of the change `_seen`
        self._seen = 0
        self._version: int | None = None

    def put(self, entry: OutboxEntry) -> None:
        """Queues an entry. Raises store.outbox_full, and ValueError if its `seq` is not the next one.

        An unnumbered entry whose name is queued already only adds its audience to what is there.
        """
        _check(entry)
        with self._backend.transaction():
            self._changing()
            head = self._head()
            if entry.numbered and entry.seq != head["seq"]:
                raise ValueError(f"seq {entry.seq} is not the next one, {head['seq']}")
            known = self._rows.get(entry.revision)
            if known is not None:
                if entry.numbered:
                    raise ValueError("an entry of that name has been queued before")
                self._widen(entry, known)
                return
            self._add(entry, head)

    def _add(self, entry: OutboxEntry, head: Content) -> None:
        weight = _weight(entry)
        full = (
            head["waiting"] >= self.limits.outbox_count or head["bytes"] + weight > self.limits.outbox_bytes
        )
        if full and entry.role != "carried":  # somebody else's only copy is never turned away
            raise Problem("store.outbox_full", waiting=head["waiting"])
        self._rows.put(entry.revision, {**_content(entry), "weight": weight, "order": head["order"]})
        if entry.sealed is not None:
            self._sealed.put(entry.revision, {"data": entry.sealed})
        head["order"] += 1
        if entry.seq is not None:
            head |= {"seq": entry.seq + 1, "manifest": entry.manifest}
        waits = entry.state != "received"
        self._values.put(HEAD, _counted(head, entry.role, +1, weight) if waits else head)

    def _widen(self, entry: OutboxEntry, known: Content) -> None:
        """The same file for more readers: before it is numbered in the same entry, else in another one."""
        there = _entry(entry.revision, known, None)
        if set(entry.audience) <= set(there.audience):
            return
        if not there.numbered:
            audience = sorted({*entry.audience, *there.audience})
            self._rows.put(entry.revision, {**known, "audience": audience})
            return
        head = self._head()
        again = _content(entry) | {"role": "announced", "weight": 0, "order": head["order"]}
        self._rows.put(f"{entry.revision}+{head['order']}", again)
        head["order"] += 1
        self._values.put(HEAD, _counted(head, "announced", +1, 0))

    def number(self, names: Iterable[str], sign: Sign) -> list[OutboxEntry]:
        """Gives entries the next numbers in that order, all or none; one that has a number keeps it.

        Raises store.not_found.
        """
        numbered = []
        with self._backend.transaction():
            self._changing()
            head = self._head()
            for name in names:
                content = self._found(name)
                if content["manifest"] is None:
                    manifest = sign(_entry(name, content, None), head["seq"], head["manifest"])
                    content |= {"seq": head["seq"], "manifest": manifest}
                    head |= {"seq": head["seq"] + 1, "manifest": manifest}
                    self._rows.put(name, content)
                numbered.append(_entry(name, content, None))
            self._values.put(HEAD, head)
        return numbered

    def renumber(self, last: dict[str, Any], entries: Iterable[OutboxEntry], again: Again) -> None:
        """Goes on behind `last`, a manifest of this device that the server has and this store had forgotten:
        `entries`, whose numbers were taken, are made `again`, numbered or not. All or none."""
        with self._backend.transaction():
            self._changing()
            head = self._head() | {"seq": int(last["seq"]) + 1, "manifest": last}
            for old in entries:
                entry = again(old, head["seq"], head["manifest"])
                _check(entry)
                content = self._found(entry.revision)
                weight = _weight(entry)
                head["bytes"] += weight - content.get("weight", old.size)
                self._rows.put(entry.revision, {**content, **_content(entry), "weight": weight})
                if entry.sealed is not None:
                    self._sealed.put(entry.revision, {"data": entry.sealed})
                if entry.seq is not None:
                    head |= {"seq": entry.seq + 1, "manifest": entry.manifest}
            self._values.put(HEAD, head)

    def get(self, revision: str) -> OutboxEntry | None:
        """One entry with its sealed bytes."""
        content = self._rows.get(revision)
        return None if content is None else _entry(revision, content, self.sealed(revision))

    def sealed(self, revision: str) -> bytes | None:
        """The sealed object of an entry, None once purged."""
        found = self._sealed.get(revision)
        return None if found is None else bytes(found["data"])

    def update(self, revision: str, **changes: Any) -> None:
        """Changes `state`, `receipt` or `problem` of an entry; raises store.not_found."""
        if not changes.keys() <= _CHANGEABLE:
            raise ValueError(f"an entry's {sorted(changes.keys() - _CHANGEABLE)} cannot change")
        with self._backend.transaction():
            self._changing()
            content = self._found(revision)
            was_waiting = content["state"] != "received"
            content |= changes
            self._rows.put(revision, content)
            if was_waiting != (content["state"] != "received"):
                sign = -1 if was_waiting else 1
                weight = content["weight"] if "weight" in content else content["size"]
                self._values.put(HEAD, _counted(self._head(), content["role"], sign, sign * weight))

    def remove(self, revisions: Iterable[str]) -> int:
        """Deletes received entries with their sealed bytes (purge); others are left alone."""
        removed = 0
        with self._backend.transaction():
            self._changing()
            for revision in revisions:
                content = self._rows.get(revision)
                if content is None or content["state"] != "received":
                    continue
                self._rows.delete(revision)
                self._sealed.delete(revision)
                self._open.pop(revision, None)
                removed += 1
        return removed

    def all(self) -> list[OutboxEntry]:
        """Every entry without sealed bytes: by number, then those that have none in the order they were queued."""
        return _in_order((key, content) for key, _, content in self._rows.scan())

    def waiting(self) -> list[OutboxEntry]:
        """Entries that no verified receipt covers yet, stopped ones included, in the order of `all`.

        Every row is opened once; after that only those that changed since the last time.
        """
        with self._backend.reading():
            version = self._backend.version()
            if self._version != version:  # another connection has written: what is known here may be gone
                self._forget()
                self._version = version
            for name, stamp, content in self._rows.scan(self._seen):
                self._seen = max(self._seen, stamp)
                self._open.pop(name, None)
                if content["state"] != "received":
                    self._open[name] = content
            return _in_order((name, content) for name, content in self._open.items())

    def waiting_count(self) -> int:
        """How many entries `waiting()` has, without opening them."""
        return int(self._head()["waiting"])

    def waiting_records(self) -> int:
        """How many of them are records (or announcements) and no files, without opening them."""
        head = self._head()
        return int(head["waiting"] - head["files"])

    def next_seq(self) -> int:
        """The number of the next manifest; ask inside the transaction that uses it."""
        return int(self._head()["seq"])

    def last_manifest(self) -> dict[str, Any] | None:
        """The manifest of the newest entry ever numbered, also after it was purged."""
        found: dict[str, Any] | None = self._head()["manifest"]
        return found

    def _forget(self) -> None:
        self._open, self._seen = {}, 0

    def _changing(self) -> None:
        """Inside a transaction that is rolled back the change counter goes back too, and counts the same again."""
        self._backend.after_rollback(self._forget)

    def _found(self, name: str) -> Content:
        content = self._rows.get(name)
        if content is None:
            raise Problem("store.not_found", what="outbox entry")
        return content

    def _head(self) -> Content:
        head = self._values.get(HEAD)
        if head is not None and "files" not in head:  # written under schema 2 or before
            head |= {"order": 0, "files": sum(1 for one in self.waiting() if one.role in _FILES)}
        return head or dict(_NO_HEAD)


def _in_order(rows: Iterable[tuple[str, Content]]) -> list[OutboxEntry]:
    found = [(content.get("order", -1), _entry(name, content, None)) for name, content in rows]
    found.sort(key=lambda row: (row[1].seq is None, row[0] if row[1].seq is None else row[1].seq))
    return [entry for _, entry in found]


def _check(entry: OutboxEntry) -> None:
    if (entry.sealed is not None) != (entry.role in _SEALED_HERE):
        raise ValueError("records and resealed records are queued with their sealed bytes, files without")
    if entry.numbered:
        return
    if entry.role == "record":
        raise ValueError("a record is numbered when it is kept")
    if not entry.sha256 or entry.size <= 0:
        raise ValueError("an entry without a number names its object's SHA-256 and size")


def _weight(entry: OutboxEntry) -> int:
    """Bytes that the entry keeps on this device."""
    if entry.sealed is not None:
        return len(entry.sealed)
    return 0 if entry.role == "announced" else entry.size


def _counted(head: Content, role: str, entries: int, size: int) -> Content:
    files = head["files"] + (entries if role in _FILES else 0)
    return {**head, "waiting": head["waiting"] + entries, "bytes": head["bytes"] + size, "files": files}


def _content(entry: OutboxEntry) -> Content:
    return {
        "record": entry.record_id,
        "seq": entry.seq,
        "manifest": entry.manifest,
        "state": entry.state,
        "receipt": entry.receipt,
        "problem": entry.problem,
        "role": entry.role,
        "sha256": entry.sha256,
        "size": entry.size,
        "audience": [] if entry.numbered else sorted(set(entry.audience)),
        "epoch": entry.epoch,
    }


def _entry(revision: str, content: Content, sealed: bytes | None) -> OutboxEntry:
    return OutboxEntry(
        revision=revision,
        record_id=content["record"],
        seq=content["seq"],
        manifest=content["manifest"],
        sealed=sealed,
        state=content["state"],
        receipt=content["receipt"],
        problem=content["problem"],
        role=content["role"],
        sha256=content.get("sha256", ""),
        size=content.get("size", 0),
        audience=tuple(content.get("audience", ())),
        epoch=content.get("epoch", 0),
    )
