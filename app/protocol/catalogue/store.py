"""Problems of the store area."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {}
