"""The bytes of what is pushed: read from where they lie, in parts, and brought to the server.

A file that is not here any more or was damaged on this device is stopped and shown; the others go on.
"""

import hashlib
from collections.abc import Callable
from threading import Lock

from app.protocol.errors import Problem
from app.protocol.versions import CHUNK_LIMIT, INLINE_LIMIT
from app.store.store import OutboxEntry, Store
from app.sync.attachments import log_index
from app.sync.courier import Courier
from app.sync.objects import Read, offset_on_server, upload

# Faults of one file, which another try would not mend and which say nothing about the others.
_ITS_OWN = frozenset(
    {
        "store.not_found",
        "store.row_damaged",
        "server.object_corrupt",
        "server.object_too_large",
        "server.too_large",
    }
)


class Files:
    """What one push knows about the objects it sends. Safe to be used by several lanes at once."""

    def __init__(self, store: Store, courier: Courier, tell: Callable[[], None]) -> None:
        self._store = store
        self._courier = courier
        self._tell = tell
        self._lock = Lock()
        self._there: set[str] = set()  # whole on the server, as it said in this run
        self._bytes: dict[str, int] = {}  # arrived so far, by the entry's name

    def there(self, entry: OutboxEntry) -> bool:
        return entry.sha256 in self._there

    def needs_work(self, entry: OutboxEntry) -> bool:
        """Whether requests must go before this unnumbered entry can be announced."""
        if entry.role == "announced":
            return not self.there(entry) and log_index(self._store, entry.sha256) is None
        return entry.size > INLINE_LIMIT and not self.there(entry)

    def usable(self, entry: OutboxEntry) -> bool:
        """Whether an unnumbered entry can be announced now; one whose bytes are gone is stopped, not numbered."""
        if entry.role == "announced" or self.there(entry):
            return True
        try:
            self.sealed(entry)
        except Problem as problem:
            self._stop(entry, problem)
            return False
        return True

    def sealed(self, entry: OutboxEntry) -> bytes:
        """The bytes of a small object. Raises store.not_found, store.row_damaged."""
        if entry.role in ("attachment", "carried"):
            sealed = self._store.media.read(entry.sha256)
        else:
            sealed = self._store.outbox.sealed(entry.revision) or b""
        if not sealed:
            raise Problem("store.not_found", what="sealed record")
        if hashlib.sha256(sealed).hexdigest() != entry.sha256:
            raise Problem("store.row_damaged", table="sealed")
        return sealed

    def brought(self, entry: OutboxEntry) -> bool:
        """Brings an unnumbered entry's object; False where it waits on, or was stopped for a fault of its own."""
        try:
            if entry.role == "announced":
                whole = offset_on_server(self._courier, entry.sha256, entry.size) == entry.size
                if whole:
                    self._there.add(entry.sha256)
                return whole
            self._store.outbox.update(entry.revision, state="sending")
            self.bring(entry)
        except Problem as problem:
            self._stop(entry, problem)
            return False
        return True

    def bring(self, entry: OutboxEntry) -> None:
        """Uploads the object of an entry, a chunk at a time from its file. Raises Problem, Cancelled."""
        if entry.role in ("attachment", "carried"):
            with self._store.media.open(entry.sha256) as file:

                def read(at: int, length: int) -> bytes:
                    file.seek(at)
                    return file.read(length)

                self._upload(entry, read)
        else:
            sealed = self.sealed(entry)
            self._upload(entry, lambda at, length: sealed[at : at + length])

    def bytes_there(self) -> int:
        with self._lock:
            return sum(self._bytes.values())

    def received(self, entry: OutboxEntry) -> None:
        """After the receipt is durable."""
        with self._lock:
            self._bytes[entry.revision] = entry.size
        if entry.role == "carried":
            self._store.media.delete(entry.sha256)

    def _upload(self, entry: OutboxEntry, read: Read) -> None:
        _check(read, entry)
        upload(self._courier, entry.sha256, entry.size, read, lambda offset: self._arrived(entry, offset))
        self._there.add(entry.sha256)

    def _arrived(self, entry: OutboxEntry, offset: int) -> None:
        with self._lock:
            self._bytes[entry.revision] = offset
        self._tell()

    def _stop(self, entry: OutboxEntry, problem: Problem) -> None:
        """Shows the fault at the entry; raises it again where it is not the entry's own."""
        if problem.code not in _ITS_OWN:
            raise problem
        told = {"code": problem.code, **problem.detail}
        self._store.outbox.update(entry.revision, state="stopped", problem=told)


def _check(read: Read, entry: OutboxEntry) -> None:
    """Before anything travels: the server would refuse damaged bytes only after the last of them."""
    digest, at = hashlib.sha256(), 0
    while piece := read(at, CHUNK_LIMIT):
        digest.update(piece)
        at += len(piece)
    if at != entry.size or digest.hexdigest() != entry.sha256:
        raise Problem("store.row_damaged", table="media")
