"""Entries of other devices that this one carries to the server: taken over from a safety copy.

They were numbered, signed and sealed by the device that wrote them; nobody here can open or change them. Their
bytes lie in `store.media`, their manifests in one value. (A file that its author had not numbered yet is carried
in the outbox, in the role "carried".)
"""

from collections.abc import Iterable
from typing import Any

from app.store.backend import Backend
from app.store.media import Media

NAME = "carried"


class Carried:
    """What is carried, in the order of its authors' numbering."""

    def __init__(self, backend: Backend, media: Media) -> None:
        self._backend = backend
        self._values = backend.table("value", floor=256)
        self._media = media

    def put(self, manifest: dict[str, Any], sealed: bytes | Iterable[bytes] | None) -> bool:
        """Takes one entry (`sealed` None: the server has its object); False if it is carried already.

        Raises store.row_damaged if the bytes are others.
        """
        if sealed is not None:
            self._media.put(str(manifest["sha256"]), sealed)
        with self._backend.transaction():
            known = self.all()
            if manifest in known:
                return False
            known.append(manifest)
            self._write(sorted(known, key=lambda one: (one["device"], one["seq"])))
        return True

    def all(self) -> list[dict[str, Any]]:
        """The manifests."""
        found = self._values.get(NAME)
        return [] if found is None else list(found["value"])

    def remove(self, manifest: dict[str, Any]) -> None:
        """Once the server has it."""
        with self._backend.transaction():
            self._write([one for one in self.all() if one != manifest])
        self._media.delete(str(manifest["sha256"]))

    def _write(self, manifests: list[dict[str, Any]]) -> None:
        self._values.put(NAME, {"value": manifests})
