"""Own sealed records on their way to the server.

States: waiting → sending → received (its receipt's proof was verified), or stopped (a person must look).
The state box has one size class for all states, so that the file does not tell which records were received.
"""

from collections.abc import Iterable
from typing import Any

from app.protocol.errors import Problem
from app.store.backend import Backend, Content
from app.store.model import Limits, OutboxEntry

STATE_FLOOR = 2048
HEAD = "outbox.head"
_NO_HEAD: Content = {"seq": 0, "manifest": None, "waiting": 0, "bytes": 0}
_CHANGEABLE = frozenset({"state", "receipt", "problem"})


class Outbox:
    """The outbox of one worker. Lists leave `sealed` out; `get` and `sealed` bring it."""

    def __init__(self, backend: Backend, limits: Limits) -> None:
        self._backend = backend
        self._rows = backend.table("outbox", floor=STATE_FLOOR)
        self._sealed = backend.table("sealed", floor=512)
        self._values = backend.table("value", floor=256)
        self.limits = limits

    def put(self, entry: OutboxEntry) -> None:
        """Queues an entry. Raises store.outbox_full, and ValueError if its `seq` is not the next one."""
        if (entry.sealed is None) == (entry.role == "record"):
            raise ValueError("a record is queued with its sealed bytes, an attachment without")
        with self._backend.transaction():
            head = self._head()
            if entry.seq != head["seq"]:
                raise ValueError(f"seq {entry.seq} is not the next one, {head['seq']}")
            size = int(entry.manifest["size"]) if entry.sealed is None else len(entry.sealed)
            if head["waiting"] >= self.limits.outbox_count or head["bytes"] + size > self.limits.outbox_bytes:
                raise Problem("store.outbox_full", waiting=head["waiting"])
            self._rows.put(entry.revision, {**_content(entry), "size": size})
            if entry.sealed is not None:
                self._sealed.put(entry.revision, {"data": entry.sealed})
            head |= {"seq": entry.seq + 1, "manifest": entry.manifest}
            self._values.put(HEAD, _counted(head, +1, size) if entry.state != "received" else head)

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
            content = self._rows.get(revision)
            if content is None:
                raise Problem("store.not_found", what="outbox entry")
            was_waiting = content["state"] != "received"
            content |= changes
            self._rows.put(revision, content)
            self._recount(was_waiting, content["state"] != "received", content["size"])

    def remove(self, revisions: Iterable[str]) -> int:
        """Deletes received entries with their sealed bytes (purge); others are left alone."""
        removed = 0
        with self._backend.transaction():
            for revision in revisions:
                content = self._rows.get(revision)
                if content is None or content["state"] != "received":
                    continue
                self._rows.delete(revision)
                self._sealed.delete(revision)
                removed += 1
        return removed

    def all(self) -> list[OutboxEntry]:
        """Every entry by its number, without sealed bytes."""
        entries = [_entry(key, content, None) for key, _, content in self._rows.scan()]
        return sorted(entries, key=lambda entry: entry.seq)

    def waiting(self) -> list[OutboxEntry]:
        """Entries that no verified receipt covers yet, stopped ones included, by their number."""
        return [entry for entry in self.all() if entry.state != "received"]

    def waiting_count(self) -> int:
        """How many entries `waiting()` has, without opening them."""
        return int(self._head()["waiting"])

    def next_seq(self) -> int:
        """The number of the next manifest; ask inside the transaction that uses it."""
        return int(self._head()["seq"])

    def last_manifest(self) -> dict[str, Any] | None:
        """The manifest of the newest entry ever queued, also after it was purged."""
        found: dict[str, Any] | None = self._head()["manifest"]
        return found

    def _head(self) -> Content:
        return self._values.get(HEAD) or dict(_NO_HEAD)

    def _recount(self, was_waiting: bool, waits: bool, size: int) -> None:
        if was_waiting != waits:
            sign = 1 if waits else -1
            self._values.put(HEAD, _counted(self._head(), sign, sign * size))


def _counted(head: Content, entries: int, size: int) -> Content:
    return {**head, "waiting": head["waiting"] + entries, "bytes": head["bytes"] + size}


def _content(entry: OutboxEntry) -> Content:
    return {
        "record": entry.record_id,
        "seq": entry.seq,
        "manifest": entry.manifest,
        "state": entry.state,
        "receipt": entry.receipt,
        "problem": entry.problem,
        "role": entry.role,
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
    )
