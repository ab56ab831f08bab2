"""Named JSON values: device keys, cursor, checkpoint, roster statements, settings."""

from typing import Any

from app.store.backend import RowTable


class Values:
    """A small dictionary on disk."""

    def __init__(self, rows: RowTable) -> None:
        self._rows = rows

    def get(self, name: str, default: Any = None) -> Any:
        """The value of that name, else the default."""
        found = self._rows.get(name)
        return default if found is None else found["value"]

    def set(self, name: str, value: Any) -> None:
        """Keeps the value (None, text, numbers, bytes, lists, dicts) durably."""
        self._rows.put(name, {"value": value})

    def delete(self, name: str) -> None:
        self._rows.delete(name)
