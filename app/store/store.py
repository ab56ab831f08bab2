"""One worker's opened store: the repositories over one encrypted file, or over memory for tests."""

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from app.protocol.errors import Problem
from app.store.backend import Backend
from app.store.boxes import RandomBytes, derive
from app.store.carried import Carried
from app.store.check import Report, examine
from app.store.database import Database
from app.store.drafts import Drafts
from app.store.generation import Age, FileMark, Generation, Mark
from app.store.media import Media, MediaFolder
from app.store.memory import MemoryBackend, MemoryMedia
from app.store.migrations import migrate
from app.store.model import (
    Draft,
    DraftHead,
    Limits,
    OutboxEntry,
    OutboxState,
    Quarantined,
    RecordHead,
    StoredRecord,
)
from app.store.outbox import Outbox
from app.store.quarantine import Quarantine
from app.store.records import Records
from app.store.rows import EncryptedBackend
from app.store.values import Values

__all__ = [
    "Draft",
    "DraftHead",
    "Limits",
    "MemoryStore",
    "OutboxEntry",
    "OutboxState",
    "Quarantined",
    "RecordHead",
    "Report",
    "Store",
    "StoredRecord",
]

KEY_CHECK = "store.key_check"


def _random_id() -> str:
    return str(uuid.uuid4())


class Store:
    """The repositories of one worker. Thread-safe; every write is durable when its call (or the surrounding
    `transaction()`) returns. Raises problems of the area `store`."""

    report: Report

    def __init__(self, backend: Backend, media: Media, new_id: Callable[[], str], limits: Limits) -> None:
        self._backend = backend
        self.records = Records(backend)
        self.drafts = Drafts(backend, new_id)
        self.outbox = Outbox(backend, limits)
        self.values = Values(backend.table("value", floor=256))
        self.quarantine = Quarantine(backend)
        self.media = media
        self.carried = Carried(backend, media)
        self.report = Report(clean=True, full=False)

    @classmethod
    def open(
        cls,
        path: Path,
        store_key: bytes,
        *,
        limits: Limits | None = None,
        new_id: Callable[[], str] = _random_id,
        random: RandomBytes = os.urandom,
        marks: Sequence[Mark] = (),
    ) -> "EncryptedStore":
        """Opens the file, creating it where there is none. `marks` beside the file's own tell its age better.

        Raises store.wrong_key, store.newer_schema, store.damaged, store.cannot_open, store.disk_full.
        A file that cannot be written opens for reading (`read_only`).
        """
        return EncryptedStore(Path(path), store_key, limits or Limits(), new_id, random, marks)

    @property
    def read_only(self) -> bool:
        return False

    @property
    def generation(self) -> int | None:
        """Counts the openings of the file; None for what no earlier copy can be put back of."""
        return None

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: everything written inside is durable at its end, or undone by an exception."""
        return self._backend.transaction()

    def after_rollback(self, hook: Callable[[], None]) -> None:
        """Runs `hook` if the transaction under way is undone: for what was written beside the database."""
        self._backend.after_rollback(hook)

    def check(self) -> Report:
        """Opens every row and reports what cannot be read."""
        return self.report

    def compact(self) -> int:
        """Gives room back to the device after a lot was deleted; how many bytes. May take seconds."""
        return 0

    def scrub(self) -> None:
        """After deleting: leaves no deleted box in the write-ahead log."""
        self._backend.scrub()

    def close(self) -> None:
        """Closes; once more does nothing, any other use raises store.closed."""
        self._backend.close()


class MemoryStore(Store):
    """The same repositories without a disk."""

    def __init__(self, *, limits: Limits | None = None, new_id: Callable[[], str] = _random_id) -> None:
        super().__init__(MemoryBackend(), MemoryMedia(), new_id, limits or Limits())


class EncryptedStore(Store):
    """The repositories over one encrypted SQLite file; media in a folder beside it."""

    def __init__(
        self,
        path: Path,
        store_key: bytes,
        limits: Limits,
        new_id: Callable[[], str],
        random: RandomBytes,
        marks: Sequence[Mark] = (),
    ) -> None:
        self._database = Database(path)
        try:
            backend = EncryptedBackend(self._database, store_key, random)
            was_clean = self._prepare(backend)
            media = MediaFolder(path.parent / "media", derive(store_key, "name media"))
            super().__init__(backend, media, new_id, limits)
            self._encrypted = backend
            file_mark = FileMark(path.with_suffix(".mark"), store_key, random)
            self._generation = Generation(backend, self.values, file_mark, marks)
            self.report = self._first_look(was_clean, self._aged())
        except BaseException:
            self._database.close()
            raise

    def _prepare(self, backend: EncryptedBackend) -> bool:
        """Schema, key check, and the flag that says whether the last close was clean."""
        if not self._database.read_only:
            migrate(self._database)
        self._check_key(backend)
        clean = bool(self._database.rows("SELECT clean FROM meta")[0][0])
        if not self._database.read_only:
            with tidying():
                backend.set_clean(False)
        return clean

    def _check_key(self, backend: EncryptedBackend) -> None:
        values = Values(backend.table("value", floor=256))
        try:
            known = values.get(KEY_CHECK)
        except Problem as problem:
            raise Problem("store.damaged", reason="key check") from problem
        if known is None:
            if self._database.rows("SELECT 1 FROM value LIMIT 1"):
                raise Problem("store.wrong_key")  # the ids are keyed: another key finds no row of its own
            values.set(KEY_CHECK, True)

    def _aged(self) -> Age:
        """Whether this is the newest file, and one opening more."""
        age = self._generation.age()
        if not self._database.read_only:
            with tidying():
                self._generation.opened()
        return "older" if self._generation.put_back() else age

    def _first_look(self, was_clean: bool, age: Age) -> Report:
        """After a crash the file's structure is checked before anything is believed."""
        if was_clean:
            return Report(clean=True, full=False, age=age)
        return examine(self._database, self._encrypted, clean=False, full=False, age=age)

    @property
    def read_only(self) -> bool:
        return self._database.read_only

    @property
    def generation(self) -> int | None:
        return self._generation.counted()

    def check(self) -> Report:
        self.report = examine(
            self._database, self._encrypted, self.report.clean, full=True, age=self.report.age
        )
        return self.report

    def compact(self) -> int:
        before = self._database.path.stat().st_size
        self._database.compact()
        return max(0, before - self._database.path.stat().st_size)

    @property
    def closed(self) -> bool:
        return self._database.closed

    def close(self) -> None:
        if self.closed:
            return
        try:
            if not self._database.read_only:
                with tidying():
                    self.records.save_index()
                    self._generation.closing()
                    self._encrypted.set_clean(True)
                    self._database.scrub()
        finally:
            self._database.close()
            self._encrypted.wipe_key()


@contextmanager
def tidying() -> Iterator[None]:
    """Tidying up must not keep anybody from opening or closing: the next opening checks the file instead."""
    try:
        yield
    except Problem as problem:
        if problem.code not in ("store.disk_full", "store.read_only", "store.busy", "store.io"):
            raise
