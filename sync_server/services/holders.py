"""Who has an object's bytes, as far as the server can know: only they may name it in an entry without sending it.

Otherwise whoever learns an object's name could write an entry with that name addressed to themselves, and fetch it.
"""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, exists, or_, select

from sync_server.models import Addressed, Entry, Uploaded, table_of

ENTRIES, ADDRESSED, UPLOADED = table_of(Entry), table_of(Addressed), table_of(Uploaded)
_READERS = ENTRIES.outerjoin(
    ADDRESSED,
    (ADDRESSED.c.workspace_id == ENTRIES.c.workspace_id)
    & (ADDRESSED.c.position == ENTRIES.c.position)
    & (ADDRESSED.c.device_id.in_(bindparam("devices", expanding=True))),
)
_NAMED = (
    select(ENTRIES.c.position)
    .select_from(_READERS)
    .where(ENTRIES.c.workspace_id == bindparam("workspace"), ENTRIES.c.sha256 == bindparam("sha256"))
    .where(
        or_(
            ENTRIES.c.device_id.in_(bindparam("devices", expanding=True)),
            ADDRESSED.c.device_id.is_not(None),
        )
    )
)
_SENT = select(UPLOADED.c.device_id).where(
    UPLOADED.c.workspace_id == bindparam("workspace"),
    UPLOADED.c.sha256 == bindparam("sha256"),
    UPLOADED.c.device_id.in_(bindparam("devices", expanding=True)),
)
_HOLDS = select(or_(exists(_SENT), exists(_NAMED)))


def holds(connection: Connection, workspace: str, sha256: bytes, devices: Collection[str]) -> bool:
    """Whether one of these devices sent the whole object, or an entry with it is its own or addressed to it."""
    values = {"workspace": workspace, "sha256": sha256, "devices": sorted(devices)}
    return bool(connection.execute(_HOLDS, values).scalar())
