"""Problems of the roster area."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {}
