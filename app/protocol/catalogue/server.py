"""Problems of the server area."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {}
