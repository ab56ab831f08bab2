"""Problems of the usecase area."""

from app.protocol.errors import Entry

ENTRIES: dict[str, Entry] = {}
