"""Large sealed objects: uploads that go on where they stopped, downloads of any part."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.protocol.errors import Problem
from sync_server.objectstore.base import PIECE, ObjectStore, Upload
from sync_server.services.holders import holds
from sync_server.services.transaction import OBJECTS, Transaction


@dataclass
class Register:
    """The object is in the store in full: entries of the device that sent it may name it from now on."""

    workspace: str
    sha256: str
    size: int
    device: str

    def run(self, transaction: Transaction) -> None:
        sha256 = bytes.fromhex(self.sha256)
        if transaction.object_size(self.workspace, sha256) is None:
            transaction.add_object(self.workspace, sha256, self.size, None)
        transaction.add_uploaded(self.workspace, sha256, self.device)

    def answer(self, transaction: Transaction) -> int:
        return self.size


@dataclass(frozen=True)
class UploadState:
    """`offset` bytes are here; `complete` once the object is; `registered` once entries may name it."""

    offset: int
    complete: bool
    registered: bool


def held_size(connection: Connection, upload: Upload) -> int | None:
    """Whoever does not hold an object learns nothing of it (None), and shows by sending it that it does."""
    size = stored_size(connection, upload.workspace, upload.sha256)
    if size is None or holds(connection, upload.workspace, bytes.fromhex(upload.sha256), (upload.device,)):
        return size
    return None


def unfinished(store: ObjectStore, upload: Upload) -> UploadState:
    """Where an upload stands that the database knows nothing of."""
    if store.ended(upload):  # the server stopped between the last bytes and the database
        return UploadState(store.finish(upload), True, False)
    return UploadState(store.offset(upload), False, False)


def take_chunk(
    store: ObjectStore, upload: Upload, offset: int, length: int, data: bytes, most: int
) -> UploadState:
    """Keeps one chunk; complete when it was the last. Raises Problem on a wrong offset, length or hash."""
    if offset == 0 and store.offset(upload) == 0 and store.uploads(upload.workspace, upload.device) >= most:
        raise Problem("server.quota", retry_after=60)
    if offset + len(data) > length:
        raise Problem("server.size_mismatch")
    reached = store.append(upload, offset, data, last=offset + len(data) == length)
    if reached < length:
        return UploadState(reached, False, False)
    return UploadState(store.finish(upload), True, False)


def stored_size(connection: Connection, workspace: str, sha256: str) -> int | None:
    query = select(OBJECTS.c.size).where(
        OBJECTS.c.workspace_id == workspace, OBJECTS.c.sha256 == bytes.fromhex(sha256)
    )
    size: int | None = connection.execute(query).scalar()
    return size


@dataclass(frozen=True)
class Download:
    """An object to hand out: its inline bytes, or None where they are in the store."""

    size: int
    content: bytes | None

    @classmethod
    def find(cls, connection: Connection, workspace: str, sha256: str) -> "Download":
        query = select(OBJECTS.c.size, OBJECTS.c.content).where(
            OBJECTS.c.workspace_id == workspace, OBJECTS.c.sha256 == bytes.fromhex(sha256)
        )
        row = connection.execute(query).first()
        if row is None:
            raise Problem("server.object_unknown")
        content = None if row.content is None else bytes(row.content)
        if content is not None and hashlib.sha256(content).hexdigest() != sha256:
            raise Problem("server.object_damaged")
        return cls(row.size, content)

    def pieces(
        self, store: ObjectStore, workspace: str, sha256: str, start: int, end: int
    ) -> Iterator[bytes]:
        """Raises FileNotFoundError or ObjectDamaged before the first piece where the store has not got them all."""
        if self.content is None:
            return store.read(workspace, sha256, start, end)
        content = self.content
        return (content[at : min(at + PIECE, end)] for at in range(start, end, PIECE))


def parse_range(header: str | None, size: int) -> tuple[int, int]:
    """The part asked for as start, end (RFC 9110 §14, one range only); the whole where nothing was asked.

    Raises Problem("server.range").
    """
    if header is None:
        return 0, size
    unit, _, spec = header.partition("=")
    first, dash, last = spec.strip().partition("-")
    if unit.strip() != "bytes" or not dash or not _digits(first, last):
        raise Problem("server.range", size=size)
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
    if start >= end:
        raise Problem("server.range", size=size)
    return start, end


def _digits(first: str, last: str) -> bool:
    given = [text for text in (first, last) if text]
    return bool(given) and all(text.isascii() and text.isdigit() and len(text) < 16 for text in given)
