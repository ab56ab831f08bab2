"""Entries of the server's log that were refused: kept with the reason and shown, never fatal."""

from app.store.backend import Backend
from app.store.model import Quarantined


class Quarantine:
    """Refused entries by their log index."""

    def __init__(self, backend: Backend) -> None:
        self._rows = backend.table("quarantine", floor=512)

    def put(self, entry: Quarantined) -> None:
        """Keeps an entry; the same index again replaces it."""
        content = {
            "index": entry.index,
            "reason": entry.reason,
            "at": entry.at,
            "manifest": entry.manifest,
            "detail": entry.detail,
            "data": entry.data,
        }
        self._rows.put(str(entry.index), content)

    def all(self) -> list[Quarantined]:
        """Every refused entry by its log index."""
        entries = [Quarantined(**content) for _, _, content in self._rows.scan()]
        return sorted(entries, key=lambda entry: entry.index)

    def remove(self, index: int) -> bool:
        return self._rows.delete(str(index))

    def count(self) -> int:
        return self._rows.count()
