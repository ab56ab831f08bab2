"""`prune`: forget what nobody can need any more. The log itself only grows."""

from collections.abc import Callable
from dataclasses import dataclass
from time import time

from sqlalchemy import select

from sync_server.database import Database
from sync_server.models import EnrolmentRow, UsedNonce, table_of
from sync_server.objectstore.base import ObjectStore
from sync_server.objectstore.choose import open_objects
from sync_server.services.holders import UPLOADED
from sync_server.services.transaction import ENTRIES, OBJECTS
from sync_server.settings import Settings

DAYS = 30
_DAY = 24 * 3600


@dataclass(frozen=True)
class Pruned:
    uploads: int
    invitations: int
    nonces: int
    objects: int


def prune(settings: Settings, days: int = DAYS) -> int:
    pruned = prune_all(settings, days, time)
    print(
        f"forgotten: {pruned.uploads} unfinished uploads, {pruned.objects} objects that no entry names, "
        f"{pruned.invitations} expired invitations, {pruned.nonces} used request numbers"
    )
    return 0


def prune_all(settings: Settings, days: int, clock: Callable[[], float]) -> Pruned:
    """Uploads untouched, and objects no entry names, for `days`; whatever has expired. Safe beside a running server."""
    database, objects = Database(settings), open_objects(settings)
    now = clock()
    before = now - max(1, days) * _DAY
    try:
        with database.writing() as connection:
            counts = []
            for model in (EnrolmentRow, UsedNonce):
                table = table_of(model)
                counts.append(connection.execute(table.delete().where(table.c.expires <= int(now))).rowcount)
        orphans = _drop_orphans(database, objects, before)
        return Pruned(objects.drop_stale(before), counts[0], counts[1], orphans)
    finally:
        database.close()


def _drop_orphans(database: Database, objects: ObjectStore, before: float) -> int:
    """The row goes first: an entry that comes meanwhile is told that the object is missing, and sends it again."""
    dropped = 0
    for workspace, sha256, written in objects.objects():
        if written >= before:
            continue
        key = bytes.fromhex(sha256)
        with database.writing() as connection:
            named = select(ENTRIES.c.position).where(
                ENTRIES.c.workspace_id == workspace, ENTRIES.c.sha256 == key
            )
            if connection.execute(named.limit(1)).first() is not None:
                continue
            where = (OBJECTS.c.workspace_id == workspace) & (OBJECTS.c.sha256 == key)
            connection.execute(OBJECTS.delete().where(where & OBJECTS.c.content.is_(None)))
            sent = (UPLOADED.c.workspace_id == workspace) & (UPLOADED.c.sha256 == key)
            connection.execute(UPLOADED.delete().where(sent))
            objects.remove(workspace, sha256)
        dropped += 1
    return dropped
