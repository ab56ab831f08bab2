"""`backup` and `restore`: one portable folder, whatever database and object store a server runs on.

    server.db     every table, as SQLite, from one consistent view
    objects/      the large objects; a repeated backup into the same folder copies only new ones
    log.key       the log's secret key: without it clients would refuse the restored server
    backup.json   each workspace's size and tree root, to hold the restored log against

The folder is as sealed as the server: nothing in it can be read. It holds the log key, so guard it like the
server's own disk. Backing up SQLite and restoring to a PostgreSQL URL, or the other way, moves a server.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlmodel import SQLModel

from app.protocol.canonical import canonical_json
from app.protocol.tree import fold
from app.protocol.wire import split
from sync_server.commands.check import verify_all
from sync_server.database import Database
from sync_server.migrate import migrate
from sync_server.objectstore.base import ObjectStore, Upload
from sync_server.objectstore.choose import open_objects
from sync_server.objectstore.files import FileObjects
from sync_server.services.transaction import OBJECTS, WORKSPACES
from sync_server.settings import Settings

_STEP = 500
_CARRIER = "restore"  # the device name that carries objects into a store


def backup(settings: Settings, target: Path) -> int:
    """Beside a running server or a stopped one. Complete only once backup.json is there."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    (target / "backup.json").unlink(missing_ok=True)
    (target / "server.db").unlink(missing_ok=True)
    source, copy = Database(settings), Database(Settings(target))
    try:
        migrate(copy)
        with source.snapshot() as read:
            with copy.writing() as write:
                rows = _copy_tables(read, write)
            heads = _heads(read)
            objects = _copy_objects(_stored(read), open_objects(settings), FileObjects(target))
    finally:
        source.close()
        copy.close()
    shutil.copyfile(settings.log_key_path, target / "log.key")
    os.chmod(target / "log.key", 0o600)
    _write_json(target / "backup.json", heads)
    print(f"kept {rows} rows and {objects} new large objects of {len(heads)} workspaces in {target}")
    return 0


def restore(settings: Settings, source: Path) -> int:
    """Into an empty server only; then checks everything and compares every tree root with the backup's."""
    if not (source / "backup.json").exists():
        print("This is not a complete backup: backup.json is missing.", file=sys.stderr)
        return 2
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    target, copy = Database(settings), Database(Settings(source))
    try:
        migrate(target)
        migrate(copy)
        with target.reading() as connection:
            if connection.execute(select(WORKSPACES.c.workspace_id).limit(1)).first() is not None:
                print("The server to restore into is not empty.", file=sys.stderr)
                return 2
        _restore_key(settings, source)
        with copy.snapshot() as read:
            _copy_objects(_stored(read), FileObjects(source), open_objects(settings))
            with target.writing() as write:
                rows = _copy_tables(read, write)
    finally:
        target.close()
        copy.close()
    return _compare(settings, source, rows)


def _compare(settings: Settings, source: Path, rows: int) -> int:
    expected = json.loads((source / "backup.json").read_text("utf-8"))
    all_found = verify_all(settings)
    restored = {found.workspace: {"size": found.entries, "root": found.root.hex()} for found in all_found}
    wrong = [text for found in all_found for text in found.wrong]
    for text in wrong:
        print(f"  WRONG: {text}", file=sys.stderr)
    if restored != expected or wrong:
        print("The restored log is NOT the one that was backed up.", file=sys.stderr)
        return 1
    print(f"restored {rows} rows; every tree root is the backup's")
    return 0


def _copy_tables(read: Connection, write: Connection) -> int:
    copied = 0
    for table in SQLModel.metadata.sorted_tables:
        if write.execute(select(func.count()).select_from(table)).scalar():
            write.execute(table.delete())  # setup tokens of a fresh target
        streamed = read.execution_options(yield_per=_STEP).execute(select(table))
        for part in streamed.mappings().partitions(_STEP):
            write.execute(insert(table), [dict(row) for row in part])
            copied += len(part)
    return copied


def _stored(read: Connection) -> Iterator[tuple[str, str, int]]:
    """(workspace, sha256, size) of every object outside the database."""
    query = select(OBJECTS.c.workspace_id, OBJECTS.c.sha256, OBJECTS.c.size).where(
        OBJECTS.c.content.is_(None)
    )
    for row in read.execute(query).all():
        yield row.workspace_id, bytes(row.sha256).hex(), row.size


def _copy_objects(wanted: Iterator[tuple[str, str, int]], source: ObjectStore, target: ObjectStore) -> int:
    copied = 0
    for workspace, sha256, size in wanted:
        if target.size(workspace, sha256) == size:
            continue
        upload, offset = Upload(workspace, _CARRIER, sha256), 0
        target.discard(upload)
        for piece in source.read(workspace, sha256, 0, size):
            offset = target.append(upload, offset, piece)
        target.finish(upload)  # compares the hash
        target.discard(upload)
        copied += 1
    return copied


def _heads(read: Connection) -> dict[str, Any]:
    return {
        row.workspace_id: {"size": row.size, "root": fold(split(bytes(row.frontier), "frontier")).hex()}
        for row in read.execute(select(WORKSPACES))
    }


def _restore_key(settings: Settings, source: Path) -> None:
    settings.log_key_path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "log.key", settings.log_key_path)
    os.chmod(settings.log_key_path, 0o600)


def _write_json(path: Path, value: Any) -> None:
    with open(path, "wb") as file:
        file.write(canonical_json(value))
        file.flush()
        os.fsync(file.fileno())
