"""Rows in a dictionary, for tests and for a first look without a disk. Obeys the same contract suite."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from io import BytesIO
from threading import RLock
from typing import BinaryIO

from app.protocol.errors import Problem
from app.store.backend import Content


class MemoryTable:
    """A dictionary of rows that forgets on request of its backend."""

    def __init__(self, backend: "MemoryBackend") -> None:
        self._backend = backend
        self.rows: dict[str, tuple[int, Content]] = {}

    def get(self, key: str) -> Content | None:
        self._backend.alive()
        found = self.rows.get(key)
        return None if found is None else deepcopy(found[1])

    def put(self, key: str, content: Content) -> int:
        with self._backend.transaction():
            stamp = self._backend.next_stamp()
            self.rows[key] = (stamp, deepcopy(content))
        return stamp

    def delete(self, key: str) -> bool:
        with self._backend.transaction():
            return self.rows.pop(key, None) is not None

    def scan(self, after: int = 0) -> Iterator[tuple[str, int, Content]]:
        self._backend.alive()
        changed = sorted((stamp, key) for key, (stamp, _) in self.rows.items() if stamp > after)
        for stamp, key in changed:
            yield key, stamp, deepcopy(self.rows[key][1])

    def count(self) -> int:
        self._backend.alive()
        return len(self.rows)

    def damaged(self) -> int:
        return 0


class MemoryJournal:
    """Journal entries in one dictionary keyed by (draft, n)."""

    def __init__(self, backend: "MemoryBackend") -> None:
        self._backend = backend
        self.rows: dict[tuple[str, int], Content] = {}
        self.ends: dict[str, int] = {}

    def begin(self, draft: str) -> None:
        self.ends[draft] = 0

    def append(self, draft: str, n: int, content: Content) -> None:
        self.rows[draft, n] = deepcopy(content)
        self.ends[draft] = n + 1

    def next(self, draft: str) -> int | None:
        return self.ends.get(draft)

    def last(self, draft: str) -> int | None:
        return max((n for name, n in self.rows if name == draft), default=None)

    def read(self, draft: str, from_n: int) -> tuple[list[Content], int]:
        entries: list[Content] = []
        while (draft, from_n + len(entries)) in self.rows:
            entries.append(deepcopy(self.rows[draft, from_n + len(entries)]))
        stored = sum(1 for name, n in self.rows if name == draft and n >= from_n)
        return entries, stored - len(entries)

    def truncate(self, draft: str, below_n: int | None = None) -> None:
        with self._backend.transaction():
            for key in [k for k in self.rows if k[0] == draft and (below_n is None or k[1] < below_n)]:
                del self.rows[key]
            if below_n is None:
                self.ends.pop(draft, None)

    def count(self) -> int:
        return len(self.rows)


class MemoryBackend:
    """Tables in memory, with transactions that undo by putting the old dictionaries back."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._tables: dict[str, MemoryTable] = {}
        self._journal = MemoryJournal(self)
        self._stamp = 0
        self._depth = 0
        self._after_rollback: list[Callable[[], None]] = []
        self._closed = False

    def alive(self) -> None:
        """Raises Problem("store.closed")."""
        if self._closed:
            raise Problem("store.closed")

    def table(self, name: str, floor: int = 64, *, compress: bool = True) -> MemoryTable:
        return self._tables.setdefault(name, MemoryTable(self))

    def journal(self) -> MemoryJournal:
        return self._journal

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.lock:
            self.alive()
            before = {name: dict(table.rows) for name, table in self._tables.items()}
            journal, hooks = (dict(self._journal.rows), dict(self._journal.ends)), len(self._after_rollback)
            self._depth += 1
            try:
                yield
            except BaseException:
                for name, rows in before.items():
                    self._tables[name].rows = rows
                self._journal.rows, self._journal.ends = journal
                undone = self._after_rollback[hooks:]
                del self._after_rollback[hooks:]
                for hook in undone:
                    hook()
                raise
            finally:
                self._depth -= 1
            if self._depth == 0:
                self._after_rollback.clear()

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self.lock:
            self.alive()
            yield

    def next_stamp(self) -> int:
        self._stamp += 1
        return self._stamp

    def after_rollback(self, hook: Callable[[], None]) -> None:
        self._after_rollback.append(hook)

    def version(self) -> int:
        return 0

    def scrub(self) -> None:
        """Nothing lingers in memory."""

    def close(self) -> None:
        """Forgets everything; once more does nothing."""
        self._closed = True
        self._tables.clear()
        self._journal.rows.clear()
        self._journal.ends.clear()


class MemoryMedia:
    """Sealed files in a dictionary."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._parts: dict[str, bytes] = {}

    def put(self, sha256: str, sealed: bytes | Iterable[bytes]) -> None:
        data = sealed if isinstance(sealed, bytes) else b"".join(sealed)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Problem("store.row_damaged", table="media")
        self._files[sha256] = data

    def open(self, sha256: str) -> BinaryIO:
        return BytesIO(self.read(sha256))

    def read(self, sha256: str) -> bytes:
        if sha256 not in self._files:
            raise Problem("store.not_found", what="attachment")
        return self._files[sha256]

    def has(self, sha256: str) -> bool:
        return sha256 in self._files

    def size(self, sha256: str) -> int:
        return len(self._files.get(sha256, b""))

    def delete(self, sha256: str) -> None:
        self._files.pop(sha256, None)

    def count(self) -> int:
        return len(self._files)

    def partial(self, sha256: str) -> int:
        return len(self._parts.get(sha256, b""))

    def extend_partial(self, sha256: str, offset: int, piece: bytes) -> None:
        if offset != self.partial(sha256):
            raise ValueError("a download grows at its end")
        self._parts[sha256] = self._parts.get(sha256, b"") + piece

    def drop_partial(self, sha256: str) -> None:
        self._parts.pop(sha256, None)

    def finish_partial(self, sha256: str) -> bool:
        data = self._parts.pop(sha256, b"")
        if hashlib.sha256(data).hexdigest() != sha256:
            return False
        self._files[sha256] = data
        return True
