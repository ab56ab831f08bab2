"""From an empty file, or from any released schema, to the current one.

Each step is one transaction that also writes the version it leads to: a kill in the middle of a step
undoes the step, a kill between two steps continues with the next. A newer file is refused unchanged.
"""

from collections.abc import Callable, Mapping

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from app.protocol.errors import Problem
from app.store.database import Database
from app.store.schema import METADATA, SCHEMA_VERSION

Step = Callable[[Database], None]


def _add_index_snapshot(database: Database) -> None:
    """1 → 2: a table for the index snapshot, and records can be found by stamp."""
    for statement in (
        "CREATE TABLE index_snapshot "
        "(id INTEGER NOT NULL, stamp INTEGER NOT NULL, box BLOB NOT NULL, PRIMARY KEY (id))",
        "CREATE INDEX ix_record_stamp ON record (stamp)",
    ):
        database.execute(statement)


def _allow_unnumbered(database: Database) -> None:
    """2 → 3: the outbox may hold entries without a number. Rows of before are read as they are; the new version
    keeps an older app, which would stumble over such an entry, from opening the file."""


# version it starts from → step; the step leads to version + 1. Steps are written out in SQL and never
# changed once released: the models show today's tables, a step must keep leading to those of its day.
STEPS: Mapping[int, Step] = {1: _add_index_snapshot, 2: _allow_unnumbered}


def migrate(database: Database, steps: Mapping[int, Step] = STEPS, target: int = SCHEMA_VERSION) -> list[int]:
    """Brings the file to `target`; returns the versions that were left behind. Raises store.newer_schema."""
    version = current_version(database)
    if version is None:
        _create(database, target)
        return []
    if version > target:
        raise Problem("store.newer_schema", found=version, known=target)
    left = list(range(version, target))
    for step_from in left:
        with database.transaction():
            steps[step_from](database)
            database.execute("UPDATE meta SET schema_version = ?", (step_from + 1,))
    return left


def current_version(database: Database) -> int | None:
    """The schema version of the file, None for an empty one."""
    if not database.rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
        return None
    found = database.rows("SELECT schema_version FROM meta")
    if len(found) != 1:
        raise Problem("store.damaged", reason="schema version unreadable")
    return int(found[0][0])


def create_statements(*names: str) -> list[str]:
    """The DDL of the named tables (all of them by default), as SQLModel declares them."""
    dialect = sqlite.dialect()
    statements = []
    for table in METADATA.sorted_tables:
        if names and table.name not in names:
            continue
        statements.append(str(CreateTable(table).compile(dialect=dialect)))
        statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]
    return statements


def _create(database: Database, version: int) -> None:
    with database.transaction():
        for statement in create_statements():
            database.execute(statement)
        database.execute(
            "INSERT INTO meta (id, schema_version, stamp, clean) VALUES (1, ?, 0, 1)", (version,)
        )
