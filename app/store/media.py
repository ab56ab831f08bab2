"""Attachments: age files beside the database, named by a keyed hash so that names tell nothing.

They arrive here sealed already (app.crypto.attachment); this module never sees a photo in the clear.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from app.protocol.errors import Problem
from app.store.faults import translated
from app.store.files import write_atomically

CHUNK = 64 * 1024


class Media(Protocol):
    """Sealed files by the SHA-256 (hex) of their sealed bytes."""

    def put(self, sha256: str, sealed: bytes | Iterable[bytes]) -> None:
        """Keeps a sealed file durably; raises store.disk_full."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The sealed bytes, to be read in parts; raises store.not_found."""
        ...

    def read(self, sha256: str) -> bytes:
        """All sealed bytes of a small file, checked; raises store.not_found, store.row_damaged."""
        ...

    def has(self, sha256: str) -> bool: ...

    def size(self, sha256: str) -> int: ...

    def delete(self, sha256: str) -> None: ...

    def count(self) -> int: ...


class MediaFolder:
    """Media in a folder."""

    def __init__(self, folder: Path, name_key: bytes) -> None:
        self._folder = folder
        self._key = name_key

    def put(self, sha256: str, sealed: bytes | Iterable[bytes]) -> None:
        with translated():
            self._folder.mkdir(parents=True, exist_ok=True)
        write_atomically(
            self._path(sha256), _checked(sha256, [sealed] if isinstance(sealed, bytes) else sealed)
        )

    def open(self, sha256: str) -> BinaryIO:
        try:
            return open(self._path(sha256), "rb")
        except FileNotFoundError:
            raise Problem("store.not_found", what="attachment") from None

    def read(self, sha256: str) -> bytes:
        with self.open(sha256) as file, translated():
            data = file.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Problem("store.row_damaged", table="media")
        return data

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def size(self, sha256: str) -> int:
        return self._path(sha256).stat().st_size if self.has(sha256) else 0

    def delete(self, sha256: str) -> None:
        with translated():
            self._path(sha256).unlink(missing_ok=True)

    def count(self) -> int:
        return sum(1 for _ in self._folder.glob("*.age")) if self._folder.exists() else 0

    def _path(self, sha256: str) -> Path:
        name = hmac.digest(self._key, sha256.encode(), "sha256").hex()[:32]
        return self._folder / f"{name}.age"


def _checked(sha256: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Passes the parts on; raises before the end if they are not the file they claim to be."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        yield part
    if digest.hexdigest() != sha256:
        raise Problem("store.row_damaged", table="media")
