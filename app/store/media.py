"""Attachments: age files beside the database, named by a keyed hash so that names tell nothing.

They arrive here sealed already (app.crypto.attachment); this module never sees a photo in the clear.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from app.protocol.errors import Problem
from app.store.faults import translated
from app.store.files import sync_folder, write_atomically

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

    def partial(self, sha256: str) -> int:
        """How many bytes of a download have arrived durably."""
        ...

    def extend_partial(self, sha256: str, offset: int, piece: bytes) -> None:
        """Appends to a download; ValueError unless `offset` is its size."""
        ...

    def drop_partial(self, sha256: str) -> None: ...

    def finish_partial(self, sha256: str) -> bool:
        """Turns a complete download into a file; False (and the download thrown away) if its hash is wrong."""
        ...


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

    def partial(self, sha256: str) -> int:
        path = self._path(sha256, ".part")
        return path.stat().st_size if path.exists() else 0

    def extend_partial(self, sha256: str, offset: int, piece: bytes) -> None:
        if offset != self.partial(sha256):
            raise ValueError("a download grows at its end")
        with translated():
            self._folder.mkdir(parents=True, exist_ok=True)
            with open(self._path(sha256, ".part"), "ab") as file:
                file.write(piece)
                file.flush()
                os.fsync(file.fileno())

    def drop_partial(self, sha256: str) -> None:
        with translated():
            self._path(sha256, ".part").unlink(missing_ok=True)

    def finish_partial(self, sha256: str) -> bool:
        path = self._path(sha256, ".part")
        with translated():
            with open(path, "rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != sha256:
                path.unlink()
                return False
            path.replace(self._path(sha256))
        sync_folder(self._folder)
        return True

    def _path(self, sha256: str, suffix: str = ".age") -> Path:
        name = hmac.digest(self._key, sha256.encode(), "sha256").hex()[:32]
        return self._folder / f"{name}{suffix}"


def _checked(sha256: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Passes the parts on; raises before the end if they are not the file they claim to be."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        yield part
    if digest.hexdigest() != sha256:
        raise Problem("store.row_damaged", table="media")
