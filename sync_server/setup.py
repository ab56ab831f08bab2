"""Prepare a data folder: the log key, the tables, and a one-time setup token."""

import json
import os
from dataclasses import dataclass

from app.protocol.canonical import b64
from app.protocol.keys import SigningKey, VerifyKey
from sync_server.database import Database
from sync_server.migrate import migrate
from sync_server.objectstore.files import flush_folder
from sync_server.services.membership import new_setup_token
from sync_server.settings import Settings
from sync_server.state import read_log_key


@dataclass(frozen=True)
class Initialised:
    """`setup_token` is "" where the folder had been prepared before and no new one was asked for."""

    log_key: VerifyKey
    setup_token: str


def initialise(settings: Settings, setup_token: str = "", *, new_token: bool = False) -> Initialised:
    """Safe to repeat: what is there stays. A fresh folder, or `new_token`, yields a setup token."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = not settings.log_key_path.exists()
    if fresh:
        _write_key(settings, SigningKey.generate())
    database = Database(settings)
    try:
        migrate(database)
        _close_to_others(settings)
        token = new_setup_token(database, setup_token) if fresh or new_token or setup_token else ""
    finally:
        database.close()
    return Initialised(read_log_key(settings).public, token)


def _close_to_others(settings: Settings) -> None:
    """SQLite gives its journal files the same permissions as the database file."""
    path = settings.data_dir / "server.db"
    if settings.sqlite and path.exists():
        path.chmod(0o600)


def _write_key(settings: Settings, key: SigningKey) -> None:
    """The secret key, readable by its owner alone, on disk before anything is signed with it."""
    text = json.dumps({"kind": "doorstep log key", "public": str(key.public), "seed": b64(key.seed)})
    handle = os.open(settings.log_key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    flush_folder(
        settings.log_key_path.parent
    )  # else a power cut may take the name, and with it all trust in the log
