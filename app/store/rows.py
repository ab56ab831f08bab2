"""Encrypted rows over SQLite: names become keyed hashes, contents become boxes."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from typing import NamedTuple

import msgpack
from sqlalchemy import Table, bindparam, delete, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import ClauseElement

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
    """The journal of all drafts. An entry is bound to its draft and number; numbers are never used again."""

    _APPEND = "INSERT INTO journal (draft, n, box) VALUES (?, ?, ?)"
    _LAST = "SELECT max(n) FROM journal WHERE draft = ?"
    _READ = "SELECT n, box FROM journal WHERE draft = ? AND n >= ? ORDER BY n"
    _TRUNCATE = "DELETE FROM journal WHERE draft = ? AND n < ?"
    _COUNT = "SELECT count(*) FROM journal"

    def __init__(self, database: Database, boxer: Boxer) -> None:
        self._database = database
        self._boxer = boxer

    def append(self, draft: str, n: int, content: Content) -> None:
        row = self._boxer.row_id(draft)
        box = self._boxer.seal(row, n, _pack(draft, content))
        self._database.execute(self._APPEND, (row, n, box))

    def last(self, draft: str) -> int | None:
        found: int | None = self._database.rows(self._LAST, (self._boxer.row_id(draft),))[0][0]
        return found

    def read(self, draft: str, from_n: int) -> tuple[list[Content], int]:
        row = self._boxer.row_id(draft)
        entries: list[Content] = []
        stored = self._database.rows(self._READ, (row, from_n))
        for n, box in stored:
            if n != from_n + len(entries):
                break
            try:
                name, content = msgpack.unpackb(self._boxer.open(row, n, box), strict_map_key=False)
            except BoxDamaged:
                break
            if name != draft:
                break
            entries.append(content)
        return entries, len(stored) - len(entries)

    def truncate(self, draft: str, below_n: int | None = None) -> None:
        limit = 2**63 - 1 if below_n is None else below_n
        with self._database.transaction():
            self._database.execute(self._TRUNCATE, (self._boxer.row_id(draft), limit))

    def count(self) -> int:
        return int(self._database.rows(self._COUNT)[0][0])


class EncryptedBackend:
    """All tables of one database file under one store key."""

    def __init__(self, database: Database, store_key: bytes, random: RandomBytes) -> None:
        self.database = database
        self._key = store_key
        self._random = random

    def table(self, name: str, floor: int = 64, *, compress: bool = True) -> EncryptedTable:
        return EncryptedTable(self.database, Boxer(self._key, name, self._random, floor, compress=compress))

    def journal(self) -> EncryptedJournal:
        return EncryptedJournal(self.database, Boxer(self._key, "journal", self._random, floor=128))

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
