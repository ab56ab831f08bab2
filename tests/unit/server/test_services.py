"""Under the routes: the writer's transactions, the schema, durable files, documentation."""

import hashlib
import os
import stat
from concurrent.futures import Future
from pathlib import Path
from time import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import SQLModel

from app.protocol.errors import Problem
from app.protocol.keys import SigningKey
from sync_server.__main__ import _parser
from sync_server.app import create_api
from sync_server.database import Database
from sync_server.metrics import Metrics
from sync_server.migrate import migrate
from sync_server.migrations import NEWEST
from sync_server.objectstore.base import Upload
from sync_server.objectstore.files import FileObjects
from sync_server.services.nodes import NodeCache
from sync_server.services.rosters import Rosters
from sync_server.services.transaction import Tools
from sync_server.services.writer import Writer
from sync_server.settings import Settings
from sync_server.setup import initialise

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def database(tmp_path):
    found = Database(Settings(tmp_path))
    migrate(found)
    yield found
    found.close()


def test_the_migrations_lead_to_the_models(database):
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_the_newest_revision_is_named():
    assert ScriptDirectory(str(ROOT / "sync_server" / "migrations")).get_current_head() == NEWEST


def test_every_commit_is_durable(database):
    for door in (database.reading, database.writing):
        with door() as connection:
            assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_every_key_begins_with_the_workspace():
    for table in SQLModel.metadata.sorted_tables:
        if table.name != "setup_token":
            assert next(iter(table.primary_key.columns)).name == "workspace_id", table.name


# -- the writer -----------------------------------------------------------------------------------


class Say:
    """A job that inserts its name, or fails as it is told."""

    def __init__(self, name, failure=None, times=99):
        self.name, self.failure, self.times = name, failure, times
        self.ran = 0

    def run(self, transaction):
        self.ran += 1
        if self.failure and self.ran <= self.times:
            raise self.failure
        transaction.connection.execute(
            text("INSERT INTO setup_token VALUES (:name, '')"), {"name": self.name}
        )

    def answer(self, transaction):
        return f"said {self.name}"


class Sql(Exception):
    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


@pytest.fixture
def writer(database):
    tools = Tools(SigningKey.generate(), Rosters(), NodeCache(), lambda: 0.0, lambda: "2026-03-01T08:00:00Z")
    found = Writer(database, tools, Metrics())
    yield found
    found.close()


def said(database):
    with database.reading() as connection:
        return [
            row[0]
            for row in connection.execute(text("SELECT token_hash FROM setup_token ORDER BY token_hash"))
        ]


def outcome(future: "Future[str]"):
    try:
        return future.result(10)
    except Problem as problem:
        return problem.code


def test_one_refusal_does_not_spoil_the_others(writer, database):
    jobs = [Say("a"), Say("b", Problem("server.not_allowed")), Say("c")]
    outcomes = [outcome(future) for future in [writer.submit(job) for job in jobs]]
    assert outcomes == ["said a", "server.not_allowed", "said c"]
    assert said(database) == ["a", "c"]


def test_one_bug_does_not_spoil_the_others(writer, database):
    gate = Say("0")
    jobs = [gate, Say("a"), Say("b", RuntimeError("bug")), Say("c")]
    outcomes = [outcome(future) for future in [writer.submit(job) for job in jobs]]
    assert outcomes == ["said 0", "said a", "server.storage", "said c"]
    assert said(database) == ["0", "a", "c"]
    assert writer.alive


def test_a_serialization_failure_is_tried_again(writer, database):
    job = Say("a", DBAPIError("x", {}, Sql("40001")), times=2)
    assert outcome(writer.submit(job)) == "said a"
    assert job.ran == 3


def test_a_database_that_is_away_is_told_to_everybody(writer, database):
    away = OperationalError("x", {}, Sql("08006"))
    assert outcome(writer.submit(Say("a", away))) == "server.storage"
    assert outcome(writer.submit(Say("b"))) == "said b"


def test_closing_finishes_what_was_submitted(writer, database):
    futures = [writer.submit(Say(f"n{n:03}")) for n in range(300)]
    writer.close()
    assert all(future.done() for future in futures)
    assert len(said(database)) == 300
    assert not writer.alive


def test_a_client_that_went_away_does_not_stop_the_writer(writer, database):
    future = writer.submit(Say("a"))
    future.cancel()
    assert outcome(writer.submit(Say("b"))) == "said b"


# -- files ----------------------------------------------------------------------------------------


def events_of_files(monkeypatch):
    """Every flush and rename from now on, as it happens."""
    events = []
    for name in ("fdatasync", "fsync", "replace"):
        real = getattr(os, name)

        def noted(*args, name=name, real=real):
            kind = name
            if isinstance(args[0], int):
                kind += ":folder" if stat.S_ISDIR(os.fstat(args[0]).st_mode) else ":file"
            events.append(kind)
            return real(*args)

        monkeypatch.setattr(os, name, noted)
    return events


def test_an_object_is_flushed_before_it_is_named_and_its_folder_after(tmp_path, monkeypatch):
    events = events_of_files(monkeypatch)
    store, content = FileObjects(tmp_path), b"x" * 1000
    upload = Upload("org", "tab", hashlib.sha256(content).hexdigest())
    store.append(upload, 0, content)
    flushed = events.index("fdatasync:file")
    assert "fsync:folder" in events[flushed:]
    events.clear()
    store.finish(upload)
    assert events[-2:] == ["replace", "fsync:folder"]


def test_an_object_in_place_cannot_be_written_through_an_old_name(tmp_path):
    store, content = FileObjects(tmp_path), b"x" * 1000
    upload = Upload("org", "tab", hashlib.sha256(content).hexdigest())
    store.append(upload, 0, content)
    store.finish(upload)
    with pytest.raises(Problem):
        store.append(upload, 1000, b"more")
    assert b"".join(store.read("org", upload.sha256, 0, 1000)) == content


def test_the_node_cache_is_bounded():
    cache = NodeCache(10)
    for n in range(100):
        cache.put(("org", 0, n), b"x")
    assert len(cache._kept) == 10
    assert cache.get(("org", 0, 99)) == b"x"


# -- setting up -----------------------------------------------------------------------------------


def test_initialising_is_safe_to_repeat(tmp_path):
    settings = Settings(tmp_path / "server")
    first = initialise(settings)
    assert len(first.setup_token) >= 22
    again = initialise(settings)
    assert (again.log_key, again.setup_token) == (first.log_key, "")
    assert initialise(settings, new_token=True).setup_token not in ("", first.setup_token)
    assert settings.log_key_path.stat().st_mode & 0o777 == 0o600
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700
    assert (settings.data_dir / "server.db").stat().st_mode & 0o777 == 0o600


# -- documentation --------------------------------------------------------------------------------


def test_every_route_is_described(tmp_path):
    page = (ROOT / "docs" / "protocol.md").read_text("utf-8")
    settings = Settings(tmp_path / "server")
    initialise(settings)
    document = create_api(settings, time, Metrics()).openapi()
    assert len(document["paths"]) >= 14
    for path, methods in document["paths"].items():
        if path == "/":
            continue
        for method in methods:
            assert f"{method.upper()} {path}" in page


def test_every_command_and_file_is_described():
    folder = ROOT / "sync_server" / "deploy"
    written = (folder / "README.md").read_text("utf-8")
    commands = next(action for action in _parser()._actions if action.choices).choices
    assert commands is not None
    for name in commands:
        assert f"python -m sync_server {name}" in written, name
    for path in folder.iterdir():
        assert path.name == "README.md" or path.name.replace(".service", "") in written, path.name
