"""`check`: verify everything again. `stats`: sizes and counts."""

from sqlalchemy import func, select

from sync_server.database import Database
from sync_server.objectstore.choose import open_objects
from sync_server.services.transaction import ENTRIES, OBJECTS, WORKSPACES
from sync_server.services.verification import Check, Findings, workspaces
from sync_server.settings import Settings
from sync_server.state import read_log_key


def verify_all(settings: Settings) -> list[Findings]:
    """One Findings a workspace."""
    database, objects = Database(settings), open_objects(settings)
    key = read_log_key(settings).public
    try:
        with database.snapshot() as connection:
            return [Check(connection, one, key, objects).run() for one in workspaces(connection)]
    finally:
        database.close()


def check(settings: Settings) -> int:
    """Exit status 1 where anything is wrong."""
    all_found = verify_all(settings)
    for found in all_found:
        print(f"{found.workspace}: {found.entries} entries, {found.objects} objects, root {found.root.hex()}")
        for text in found.wrong:
            print(f"  WRONG: {text}")
    wrong = sum(len(found.wrong) for found in all_found)
    print("everything is as it must be" if not wrong else f"{wrong} findings")
    return 1 if wrong else 0


def stats(settings: Settings) -> int:
    """A line for each workspace; nothing a server could know beyond sizes and counts."""
    database = Database(settings)
    try:
        with database.reading() as connection:
            for row in connection.execute(select(WORKSPACES).order_by(WORKSPACES.c.workspace_id)).all():
                mine = ENTRIES.c.workspace_id == row.workspace_id
                writers = connection.execute(
                    select(func.count(ENTRIES.c.device_id.distinct())).where(mine)
                ).scalar()
                held = select(func.count(), func.coalesce(func.sum(OBJECTS.c.size), 0)).where(
                    OBJECTS.c.workspace_id == row.workspace_id
                )
                objects, size = connection.execute(held).one()
                print(
                    f"{row.workspace_id}: {row.size} entries of {writers} devices, "
                    f"{objects} objects with {int(size)} bytes, {row.roster_count} roster statements"
                )
    finally:
        database.close()
    return 0
