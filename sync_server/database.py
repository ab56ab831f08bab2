"""Engines for SQLite and PostgreSQL, behind two doors: one to read, one to write.

On SQLite every write transaction takes the write lock at once (BEGIN IMMEDIATE), so that what it has read
stays true until it commits; WAL with synchronous=FULL makes a commit survive a power cut.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from sync_server.settings import Settings

BUSY_MS = 10_000
READERS = 8
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_size_limit=67108864",
)
_LINK = {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 20_000}  # of libpq, the last in ms
_RETRYABLE = frozenset({"40001", "40P01"})  # serialization failure, deadlock: PostgreSQL and its relatives


class Database:
    """The two engines of one database URL. Every connection is given back on leaving a `with` block."""

    def __init__(self, settings: Settings) -> None:
        self.sqlite = settings.sqlite
        url = settings.database_url
        if self.sqlite:
            self._reading = _sqlite_engine(url, "BEGIN", READERS, cache=1024)
            self._writing = _sqlite_engine(url, "BEGIN IMMEDIATE", 1, cache=4096)
        else:
            self._reading = self._writing = create_engine(
                _psycopg(url),
                pool_size=READERS + 2,
                max_overflow=4,
                pool_timeout=10,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args=_LINK,
            )

    @property
    def engine(self) -> Engine:
        return self._writing

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view."""
        with self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One view for many queries, however much is written meanwhile."""
        level = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._reading.connect() as connection:
            connection = connection.execution_options(**level)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction; commits at the end, rolls back on any exception."""
        with self._writing.begin() as connection:
            yield connection

    def close(self) -> None:
        self._reading.dispose()
        self._writing.dispose()


def _psycopg(url: str) -> str:
    """SQLAlchemy's name for psycopg 3, whatever way the owner wrote the URL."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _sqlite_engine(url: str, begin: str, size: int, cache: int) -> Engine:
    """`cache` in KiB for each connection: readers lean on the system's own cache of the file."""
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin and commit ourselves
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.execute(f"PRAGMA cache_size=-{cache}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def worth_retrying(error: DBAPIError) -> bool:
    """Whether the database asks for the same transaction once more."""
    return getattr(error.orig, "sqlstate", None) in _RETRYABLE
