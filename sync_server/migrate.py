"""Bring a database to the newest schema. Runs by itself when a server starts; safe to run from many at once."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from sync_server.database import Database
from sync_server.migrations import NEWEST

_LOCK = 0x646F6F72  # any number of ours: PostgreSQL's advisory lock while the schema changes


def migrate(database: Database) -> tuple[str, str]:
    """The schema's revision before and after; ("", x) for an empty database."""
    with database.writing() as connection:
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        before = _revision(connection)
        if before != NEWEST:
            _upgrade(connection)
        return before, NEWEST


def _upgrade(connection: Connection) -> None:
    """Alembic is only loaded where there is something to do: it is a tenth of a server's memory."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
