"""Bring a database to the newest schema. Runs by itself when a server starts; safe to run from many at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from sync_server.database import Database

_LOCK = 0x646F6F72  # any number of ours: PostgreSQL's advisory lock while the schema changes


def migrate(database: Database) -> tuple[str, str]:
    """The schema's revision before and after; ("", x) for an empty database."""
    config = _config()
    with database.writing() as connection:
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        before = _revision(connection)
        newest = ScriptDirectory.from_config(config).get_current_head() or ""
        if before != newest:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return before, newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""
