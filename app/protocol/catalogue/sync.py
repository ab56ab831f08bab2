"""Problems of the sync area."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {}
