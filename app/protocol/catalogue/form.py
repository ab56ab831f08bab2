"""Problems of the form area."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {}
