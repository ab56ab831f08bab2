"""`init` and `migrate`."""

import sys

from app.protocol.errors import Problem
from sync_server.database import Database
from sync_server.migrate import migrate
from sync_server.settings import Settings
from sync_server.setup import initialise


def init(settings: Settings, setup_token: str) -> int:
    """Prints the log key and a setup token; run again, it gives another token for another organisation."""
    try:
        ready = initialise(settings, setup_token, new_token=True)
    except Problem:
        print("A setup token is at least 22 characters of A-Z a-z 0-9 _ -.", file=sys.stderr)
        return 2
    print(f"log key: {ready.log_key}")
    print(f"setup token (opens one organisation, once): {ready.setup_token}")
    return 0


def upgrade(settings: Settings) -> int:
    database = Database(settings)
    try:
        before, after = migrate(database)
    finally:
        database.close()
    print(f"schema {before or 'empty'} → {after}")
    return 0
