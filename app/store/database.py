"""The connection: pragmas, transactions, the change counter. Knows nothing of what is inside a box.

One SQLite connection guarded by one re-entrant lock: the app writes little and waits for the disk, so a
pool would only add ways to fail. Statements are compiled once from the SQLModel tables and run on the
driver, because the ORM costs more than the commit it would decorate (docs/decisions).
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from app.protocol.errors import Problem
from app.store.faults import problem_of

BUSY_SECONDS = 5.0

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL loses acknowledged commits when the power goes
    "PRAGMA secure_delete=ON",  # freed pages are overwritten with zeros
    "PRAGMA temp_store=MEMORY",  # no temporary files
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
)


class Database:
    """A database file and the lock around it. Raises only problems of the catalogue."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = RLock()
        self.read_only = False
        self.closed = False
        self._depth = 0
        self._stamp: int | None = None
        self._stamped = False
        self._after_rollback: list[Callable[[], None]] = []
        self._connection = self._connect()

    def _connect(self) -> sqlite3.Connection:
        """A connection, in the best way that works: shared, then alone, then only for reading.

        On a full disk there is no room for the file by which connections share a write-ahead log; a single
        connection does without it, and writes again as soon as there is room.
        """
        existed = self.path.exists()
        try:
            return self._prepared(_PRAGMAS)
        except sqlite3.OperationalError as error:
            problem = problem_of(error)
            if not existed or problem.code in ("store.busy", "store.damaged"):
                raise problem from error
        except sqlite3.DatabaseError as error:
            raise problem_of(error) from error
        if problem.code in ("store.disk_full", "store.io"):
            try:
                return self._prepared(("PRAGMA locking_mode=EXCLUSIVE", *_PRAGMAS))
            except sqlite3.Error as error:
                raise problem_of(error) from error
        return self._connect_read_only()

    def _connect_read_only(self) -> sqlite3.Connection:
        """Reads a file that cannot be written; the write-ahead log is left out only where there is none."""
        self.read_only = True
        wal = Path(f"{self.path}-wal")
        immutable = "&immutable=1" if not wal.exists() or wal.stat().st_size == 0 else ""
        try:
            connection = self._open(f"{self.path.absolute().as_uri()}?mode=ro{immutable}")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise problem_of(error) from error
        return connection

    def _prepared(self, pragmas: Sequence[str]) -> sqlite3.Connection:
        connection = self._open(f"{self.path.absolute().as_uri()}?mode=rwc")
        try:
            for pragma in pragmas:
                connection.execute(pragma).fetchall()
            connection.execute("BEGIN IMMEDIATE")  # finds out now whether the file can be written
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _open(self, uri: str) -> sqlite3.Connection:
        return sqlite3.connect(
            uri,
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        """One statement, with the lock held."""
        with self.lock:
            if self.closed:
                raise Problem("store.closed")
            if self._depth and not self._connection.in_transaction:
                raise Problem("store.io", reason="transaction rolled back")  # a full disk may do that
            try:
                return self._connection.execute(sql, parameters)
            except sqlite3.Error as error:
                raise problem_of(error) from error

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.lock:
            cursor = self.execute(sql, parameters)
            try:
                return cursor.fetchall()
            except sqlite3.Error as error:
                raise problem_of(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, durable when it ends. An inner transaction is a savepoint of the outer one."""
        with self.lock:
            if self._depth:
                yield from self._savepoint()
            else:
                yield from self._outermost()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Several reads of one state of the file, also where it cannot be written."""
        with self.lock:
            if self._connection.in_transaction:
                yield
                return
            self.execute("BEGIN")
            try:
                yield
            finally:
                self._roll_back()

    def _outermost(self) -> Iterator[None]:
        if self.read_only:
            raise Problem("store.read_only", reason="opened read-only")
        self.execute("BEGIN IMMEDIATE")
        self._depth, self._stamp, self._stamped = 1, None, False
        try:
            yield
            if self._stamped:
                self.execute("UPDATE meta SET stamp = ?", (self._stamp,))
            self.execute("COMMIT")
        except BaseException:
            self._depth = 0
            self._roll_back()
            self._run_rollback_hooks(0)
            raise
        self._depth = 0
        self._after_rollback.clear()

    def _savepoint(self) -> Iterator[None]:
        name = f"s{self._depth}"
        hooks = len(self._after_rollback)
        self.execute(f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # a full disk may already have rolled everything back
                self.execute(f"ROLLBACK TO {name}")
            self._run_rollback_hooks(hooks)
            raise
        finally:
            self._depth -= 1
            if self._connection.in_transaction:
                self.execute(f"RELEASE {name}")

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self.execute("ROLLBACK")

    def _run_rollback_hooks(self, since: int) -> None:
        hooks = self._after_rollback[since:]
        del self._after_rollback[since:]
        for hook in hooks:
            hook()

    def next_stamp(self) -> int:
        """The next value of the change counter; only inside a transaction."""
        if self._stamp is None:
            self._stamp = int(self.execute("SELECT stamp FROM meta").fetchone()[0])
        self._stamp += 1
        self._stamped = True
        return self._stamp

    def after_rollback(self, hook: Callable[[], None]) -> None:
        """Runs `hook` if what surrounds this call is rolled back; only inside a transaction."""
        self._after_rollback.append(hook)

    def version(self) -> int:
        """Changes when another connection has written to the file."""
        return int(self.execute("PRAGMA data_version").fetchone()[0])

    def scrub(self) -> None:
        """Empties the write-ahead log, so that deleted boxes are in no file any more."""
        if not self.read_only:
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def compact(self) -> None:
        """Rewrites the file without its free pages (in memory first: nothing lands in a temporary file)."""
        with self.lock:
            self.execute("VACUUM")
            self.scrub()

    def close(self) -> None:
        """Closes for good; unfinished transactions are rolled back."""
        with self.lock:
            self._connection.close()
            self.closed = True
