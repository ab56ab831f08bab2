"""From every released schema to today's, also when killed in between; never backwards."""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.protocol.errors import Problem
from app.store.database import Database
from app.store.migrations import STEPS, create_statements, current_version, migrate
from app.store.schema import SCHEMA_VERSION
from app.store.store import Store
from tests.unit.store.conftest import KEY, sql, stored

PHOTO = hashlib.sha256(b"photo").hexdigest()  # queued with a number, as schema 2 did
RELEASED = Path(__file__).parent / "released"


def released(place: Path, version: int) -> Path:
    """A store file as that schema's release wrote it."""
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript((RELEASED / f"schema{version}.sql").read_text())
    return place


def schema_of(place: Path) -> set[tuple[str, str]]:
    """Names and columns of all tables and indices, however their statements were spelled."""
    found = set()
    for kind, name in sql(place, "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"):
        info = "table_info" if kind == "table" else "index_info"
        columns = sorted(
            str(row[2 if kind == "index" else 1]) for row in sql(place, f"PRAGMA {info}({name})")
        )
        found.add((name, ",".join(columns)))
    return found


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_released_store_opens_with_everything_in_it(place: Path, version: int) -> None:
    store = Store.open(released(place, version), KEY)
    assert [one.revision for one in store.records.all()] == ["a", "b", "c"]
    assert store.records.get("b") == stored("b", note="nota b")
    head = store.records.head("a")
    assert head is not None and head.log_index == 4
    assert [one["text"] for one in store.drafts.load("draft-one").journal] == ["1", "2"]
    assert store.drafts.load("draft-two").journal == [{"n": 1}]
    waiting = store.outbox.waiting()
    assert [entry.revision for entry in waiting] == (["b"] if version == 1 else ["b", PHOTO])
    assert all(entry.numbered for entry in waiting) and store.outbox.waiting_records() == 1
    assert version == 1 or (waiting[1].size, waiting[1].audience) == (5, ("tab-1",))
    assert store.values.get("device") == {"v": 1} and store.quarantine.all()[0].index == 9
    assert store.check().ok
    store.close()
    fresh = place.with_name("fresh.db")
    Store.open(fresh, KEY).close()
    assert schema_of(place) == schema_of(fresh)
    assert sql(place, "SELECT schema_version FROM meta") == [(SCHEMA_VERSION,)]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_migration_that_is_cut_starts_again(place: Path, version: int) -> None:
    class Killed(BaseException):
        """Stands for a power cut at the end of a step."""

    def cut(database: Database) -> None:
        STEPS[version](database)
        raise Killed

    before = schema_of(released(place, version))
    database = Database(place)
    with pytest.raises(Killed):
        migrate(database, {**STEPS, version: cut})
    database.close()
    assert schema_of(place) == before and sql(place, "SELECT schema_version FROM meta") == [(version,)]
    database = Database(place)
    assert migrate(database) == list(range(version, SCHEMA_VERSION))
    assert migrate(database) == []
    database.close()


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_migration_killed_at_any_statement_goes_on_from_there(place: Path, version: int) -> None:
    """The app dies before its first, second, third … statement, again and again, until one run comes through."""

    class Killed(BaseException):
        pass

    class Mortal(Database):
        left = 0

        def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
            if self.left == 0:
                self._connection.close()  # as the kernel does for a dead process
                raise Killed
            self.left -= 1
            return super().execute(sql, parameters)

    released(place, version)
    seen, lives = {version}, 0
    while current(place) < SCHEMA_VERSION:
        lives += 1
        database = Mortal(place)
        database.left = lives
        try:
            migrate(database)
            database.close()
        except (Killed, sqlite3.ProgrammingError):  # the second: cleaning up on a closed connection
            seen.add(current(place))
    assert lives > 3 and seen <= set(range(version, SCHEMA_VERSION + 1))
    with closing(Store.open(place, KEY)) as store:
        assert [one.revision for one in store.records.all()] == ["a", "b", "c"] and store.check().ok
        assert store.drafts.load("draft-two").journal == [{"n": 1}]


def current(place: Path) -> int:
    return int(sql(place, "SELECT schema_version FROM meta")[0][0])


def test_every_released_schema_is_tested() -> None:
    """A new schema needs a file of the one before, as its release wrote it."""
    assert sorted(RELEASED.glob("schema*.sql")) == [
        RELEASED / f"schema{version}.sql" for version in range(1, SCHEMA_VERSION)
    ]
    assert set(STEPS) == set(range(1, SCHEMA_VERSION))


def test_a_newer_store_is_left_alone(place: Path) -> None:
    Store.open(place, KEY).close()
    sql(place, "UPDATE meta SET schema_version = 99")
    before = place.read_bytes()
    with pytest.raises(Problem, match=r"store\.newer_schema"):
        Store.open(place, KEY)
    assert place.read_bytes() == before


def test_creating_is_all_or_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statements = create_statements()
    monkeypatch.setattr("app.store.migrations.create_statements", lambda: [*statements[:4], "NOT SQL"])
    with pytest.raises(Problem):
        Store.open(place, KEY)
    monkeypatch.undo()
    database = Database(place)
    assert current_version(database) is None
    database.close()
    Store.open(place, KEY).close()


def test_the_version_row_cannot_be_missing(place: Path) -> None:
    Store.open(place, KEY).close()
    sql(place, "DELETE FROM meta")
    with pytest.raises(Problem, match=r"store\.damaged"):
        Store.open(place, KEY)
