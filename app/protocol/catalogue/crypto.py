"""Problems of the crypto area."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {}
