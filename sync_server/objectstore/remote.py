"""Objects in an S3-compatible store (or any other that obstore speaks), for several stateless replicas.

A chunk of an unfinished upload is an object of its own below `partial/`, named by its offset; the store itself
is the only memory of how far an upload is. The last chunk makes the server hash all of them in order and, if
they are what was announced, write the object in parts. The chunks stay until `discard`. At most one part is in memory.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import from_url

from app.protocol.errors import Problem
from sync_server.objectstore.base import PIECE, ObjectDamaged, Upload

_LAST = "last-"  # before the whole length, in the name of the mark that the last chunk has been sent
PART = 5 * 1024 * 1024  # the smallest part S3 takes


class RemoteObjects:
    """`store` is an obstore store; its URL's path is the prefix of everything below."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @classmethod
    def from_url(cls, url: str) -> "RemoteObjects":
        """Credentials and endpoint come from the usual AWS_… variables."""
        options: Any = {"timeout": "10s", "connect_timeout": "5s", "allow_http": True}
        retries: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
        return cls(from_url(url, client_options=options, retry_config=retries))

    def offset(self, upload: Upload) -> int:
        return _end(self._chunks(upload))

    def append(self, upload: Upload, offset: int, data: bytes, *, last: bool = False) -> int:
        there = self.offset(upload)
        if there != offset:
            raise Problem("server.offset_mismatch", offset=there)
        with _as_oserror():
            if last:
                obstore.put(self._store, f"{_folder(upload)}/{_LAST}{offset + len(data):015d}", b"")
            try:
                obstore.put(self._store, f"{_folder(upload)}/{offset:015d}", data, mode="create")
            except AlreadyExistsError as error:
                raise Problem("server.offset_mismatch", offset=self.offset(upload)) from error
        return offset + len(data)

    def finish(self, upload: Upload) -> int:
        chunks = self._chunks(upload)
        if self._digest(chunks) != upload.sha256:
            self.discard(upload)
            raise Problem("server.object_corrupt")
        with _as_oserror(), obstore.open_writer(self._store, _path(upload), buffer_size=PART) as writer:
            for path, _ in chunks:
                writer.write(obstore.get(self._store, path).bytes())
        return _end(chunks)

    def ended(self, upload: Upload) -> bool:
        marks = [
            meta["path"].rpartition(_LAST)[2]
            for meta in self._listed(_folder(upload))
            if _LAST in meta["path"]
        ]
        return bool(marks) and _end(self._chunks(upload)) == int(max(marks))

    def discard(self, upload: Upload) -> None:
        self._delete([meta["path"] for meta in self._listed(_folder(upload))])

    def uploads(self, workspace: str, device: str) -> int:
        with _as_oserror():
            found = obstore.list_with_delimiter(self._store, prefix=f"partial/{workspace}/{device}")
        return len(found["common_prefixes"])

    def size(self, workspace: str, sha256: str) -> int | None:
        with _as_oserror():
            try:
                return int(obstore.head(self._store, _object(workspace, sha256))["size"])
            except FileNotFoundError:
                return None

    def read(self, workspace: str, sha256: str, start: int, end: int) -> Iterator[bytes]:
        with _as_oserror():
            options: Any = {"range": (start, end)}
            answer = obstore.get(self._store, _object(workspace, sha256), options=options)
            if answer.meta["size"] < end:
                raise ObjectDamaged("an object is shorter than it was")
            for piece in answer.stream(min_chunk_size=PIECE):
                yield bytes(piece)

    def remove(self, workspace: str, sha256: str) -> None:
        self._delete([_object(workspace, sha256)])

    def objects(self) -> Iterator[tuple[str, str, float]]:
        for meta in self._listed("objects"):
            _, workspace, _, sha256 = meta["path"].rsplit("/", 3)
            yield workspace, sha256, meta["last_modified"].timestamp()

    def drop_stale(self, before: float) -> int:
        stale = [
            meta["path"] for meta in self._listed("partial") if meta["last_modified"].timestamp() < before
        ]
        self._delete(stale)
        return len(stale)

    def ready(self) -> None:
        with _as_oserror():
            obstore.put(self._store, "ready", b"1")

    def _chunks(self, upload: Upload) -> list[tuple[str, int]]:
        """The chunks that follow one another without a hole from the start, as (path, size)."""
        found: list[tuple[str, int]] = []
        end = 0
        for meta in sorted(self._listed(_folder(upload)), key=lambda meta: str(meta["path"])):
            if _LAST in meta["path"] or int(meta["path"].rpartition("/")[2]) != end:
                break
            found.append((meta["path"], meta["size"]))
            end += meta["size"]
        return found

    def _listed(self, prefix: str) -> list[Any]:
        with _as_oserror():
            return [meta for page in obstore.list(self._store, prefix=prefix) for meta in page]

    def _digest(self, chunks: list[tuple[str, int]]) -> str:
        digest = hashlib.sha256()
        with _as_oserror():
            for path, _ in chunks:
                digest.update(obstore.get(self._store, path).bytes())
        return digest.hexdigest()

    def _delete(self, paths: list[str]) -> None:
        with _as_oserror():
            for path in paths:
                try:
                    obstore.delete(self._store, path)
                except FileNotFoundError:
                    continue


def _folder(upload: Upload) -> str:
    return f"partial/{upload.workspace}/{upload.device}/{upload.sha256}"


def _path(upload: Upload) -> str:
    return _object(upload.workspace, upload.sha256)


def _object(workspace: str, sha256: str) -> str:
    return f"objects/{workspace}/{sha256[:2]}/{sha256}"


def _end(chunks: list[tuple[str, int]]) -> int:
    return sum(size for _, size in chunks)


@contextmanager
def _as_oserror() -> Iterator[None]:
    """The store being away is told like a disk being away; details stay out, they may hold addresses."""
    try:
        yield
    except BaseError as error:
        raise OSError(f"the object store failed: {type(error).__name__}") from error
