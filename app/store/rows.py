"""Encrypted rows over SQLite: names become keyed hashes, contents become boxes."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from typing import NamedTuple

import msgpack
from sqlalchemy import Table, bindparam, delete, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import ClauseElement

from app.crypto.primitives import wipe
from app.protocol.errors import Problem
from app.store.backend import Content
from app.store.boxes import BoxDamaged, Boxer, RandomBytes
from app.store.database import Database
from app.store.schema import METADATA


class Statements(NamedTuple):
    """The SQL of one table of boxes."""

    get: str
    put: str
    delete: str
    scan: str
    total: str


def _sql(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))


@cache
def _statements(name: str) -> Statements:
    table: Table = METADATA.tables[name]
    columns = table.c
    insert = sqlite.insert(table).values(id=bindparam("id"), stamp=bindparam("stamp"), box=bindparam("box"))
    return Statements(
        get=_sql(select(columns.stamp, columns.box).where(columns.id == bindparam("id"))),
        put=_sql(
            insert.on_conflict_do_update(set_={"stamp": insert.excluded.stamp, "box": insert.excluded.box})
        ),
        delete=_sql(delete(table).where(columns.id == bindparam("id"))),
        scan=_sql(
            select(columns.id, columns.stamp, columns.box)
            .where(columns.stamp > bindparam("after"))
            .order_by(columns.stamp)
        ),
        total=_sql(select(func.count()).select_from(table)),
    )


def _pack(key: str, content: Content) -> bytes:
    packed: bytes = msgpack.packb([key, content])
    return packed


class EncryptedTable:
    """One table of boxes. The name of each row is inside its box as well and checked on the way out."""

    def __init__(self, database: Database, boxer: Boxer) -> None:
        self._database = database
        self._boxer = boxer
        self._sql = _statements(boxer.table)
        self._damaged = 0

    def get(self, key: str) -> Content | None:
        row = self._boxer.row_id(key)
        found = self._database.rows(self._sql.get, (row,))
        if not found:
            return None
        try:
            name, content = self._open(row, *found[0])
        except BoxDamaged as damage:
            raise Problem("store.row_damaged", table=damage.table) from damage
        if name != key:
            raise Problem("store.row_damaged", table=self._boxer.table)
        return content

    def put(self, key: str, content: Content) -> int:
        row = self._boxer.row_id(key)
        with self._database.transaction():
            stamp = self._database.next_stamp()
            box = self._boxer.seal(row, stamp, _pack(key, content))
            self._database.execute(self._sql.put, (row, stamp, box))
        return stamp

    def delete(self, key: str) -> bool:
        with self._database.transaction():
            return self._database.execute(self._sql.delete, (self._boxer.row_id(key),)).rowcount > 0

    def scan(self, after: int = 0) -> Iterator[tuple[str, int, Content]]:
        self._damaged = 0
        for row, stamp, box in self._database.rows(self._sql.scan, (after,)):
            try:
                name, content = self._open(row, stamp, box)
            except BoxDamaged:
                self._damaged += 1
                continue
            yield name, stamp, content

    def count(self) -> int:
        return int(self._database.rows(self._sql.total)[0][0])

    def damaged(self) -> int:
        return self._damaged

    def _open(self, row: int, stamp: int, box: bytes) -> tuple[str, Content]:
        name, content = msgpack.unpackb(self._boxer.open(row, stamp, box), strict_map_key=False)
        if self._boxer.row_id(name) != row:
            raise BoxDamaged(self._boxer.table, row)
        return name, content


class EncryptedJournal:
    """The journal of all drafts. An entry is bound to its draft and number; numbers are never used again.

    Behind the entries of each draft lies one row more, its end: the number that comes next. It stands beside
    the newest entry in the file, so writing it costs no page more than the entry itself does.
    """

    _END = 2**63 - 1  # the number of the row that holds the end; no entry has it
    _APPEND = "INSERT INTO journal (draft, n, box) VALUES (?, ?, ?)"
    _MARK = (
        "INSERT INTO journal (draft, n, box) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET box = excluded.box"
    )
    _ONE = "SELECT box FROM journal WHERE draft = ? AND n = ?"
    _LAST = f"SELECT max(n) FROM journal WHERE draft = ? AND n < {_END}"  # nosec B608 - our own number
    _READ = f"SELECT n, box FROM journal WHERE draft = ? AND n >= ? AND n < {_END} ORDER BY n"  # nosec B608
    _TRUNCATE = "DELETE FROM journal WHERE draft = ? AND n < ?"
    _DELETE = "DELETE FROM journal WHERE draft = ?"
    _COUNT = f"SELECT count(*) FROM journal WHERE n < {_END}"  # nosec B608

    def __init__(self, database: Database, boxer: Boxer) -> None:
        self._database = database
        self._boxer = boxer

    def begin(self, draft: str) -> None:
        self._mark(draft, self._boxer.row_id(draft), 0)

    def append(self, draft: str, n: int, content: Content) -> None:
        row = self._boxer.row_id(draft)
        box = self._boxer.seal(row, n, _pack(draft, content))
        self._database.execute(self._APPEND, (row, n, box))
        self._mark(draft, row, n + 1)

    def next(self, draft: str) -> int | None:
        row = self._boxer.row_id(draft)
        found = self._database.rows(self._ONE, (row, self._END))
        if not found:
            return None
        end = self._opened(draft, row, self._END, found[0][0])
        if end is None:
            raise Problem("store.row_damaged", table=self._boxer.table)
        return int(end["next"])

    def last(self, draft: str) -> int | None:
        found: int | None = self._database.rows(self._LAST, (self._boxer.row_id(draft),))[0][0]
        return found

    def read(self, draft: str, from_n: int) -> tuple[list[Content], int]:
        row = self._boxer.row_id(draft)
        entries: list[Content] = []
        stored = self._database.rows(self._READ, (row, from_n))
        for n, box in stored:
            content = self._opened(draft, row, n, box) if n == from_n + len(entries) else None
            if content is None:
                break
            entries.append(content)
        return entries, len(stored) - len(entries)

    def truncate(self, draft: str, below_n: int | None = None) -> None:
        row = self._boxer.row_id(draft)
        with self._database.transaction():
            if below_n is None:
                self._database.execute(self._DELETE, (row,))
            else:
                self._database.execute(self._TRUNCATE, (row, below_n))

    def count(self) -> int:
        return int(self._database.rows(self._COUNT)[0][0])

    def _mark(self, draft: str, row: int, following: int) -> None:
        box = self._boxer.seal(row, self._END, _pack(draft, {"next": following}))
        self._database.execute(self._MARK, (row, self._END, box))

    def _opened(self, draft: str, row: int, n: int, box: bytes) -> Content | None:
        try:
            name, content = msgpack.unpackb(self._boxer.open(row, n, box), strict_map_key=False)
        except BoxDamaged:
            return None
        return content if name == draft else None


class EncryptedBackend:
    """All tables of one database file under one store key."""

    def __init__(self, database: Database, store_key: bytes, random: RandomBytes) -> None:
        self.database = database
        self._key = bytearray(store_key)  # ours, so that it can be wiped
        self._random = random

    def table(self, name: str, floor: int = 64, *, compress: bool = True) -> EncryptedTable:
        return EncryptedTable(self.database, self._boxer(name, floor, compress))

    def journal(self) -> EncryptedJournal:
        return EncryptedJournal(self.database, self._boxer("journal", 128, True))

    def _boxer(self, name: str, floor: int, compress: bool) -> Boxer:
        return Boxer(bytes(self._key), name, self._random, floor, compress=compress)

    def wipe_key(self) -> None:
        """Best effort, at the end: copies that Python and OpenSSL made are out of reach (see app.crypto.primitives)."""
        wipe(self._key)

    def transaction(self) -> AbstractContextManager[None]:
        return self.database.transaction()

    def reading(self) -> AbstractContextManager[None]:
        return self.database.reading()

    def after_rollback(self, hook: Callable[[], None]) -> None:
        self.database.after_rollback(hook)

    def version(self) -> int:
        return self.database.version()

    def scrub(self) -> None:
        self.database.scrub()

    def close(self) -> None:
        self.database.close()

    def set_clean(self, clean: bool) -> None:
        """Notes whether the store was closed properly."""
        with self.database.transaction():
            self.database.execute("UPDATE meta SET clean = ?", (clean,))
