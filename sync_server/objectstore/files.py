"""Objects as files below one folder.

An upload grows in `partial/`; complete and verified it is renamed into `objects/`, and file and folder are
flushed before anybody is told. A lock on the open file orders writers of several threads and processes.

Before the last bytes are written a mark beside them says how long the whole is. It stays until `discard`, and so
tells a whole upload, and one that has become an object, from one that waits for more.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.protocol.errors import Problem
from sync_server.objectstore.base import PIECE, ObjectDamaged, Upload

_MARKED = ".last"


class FileObjects:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._partial = folder / "partial"
        self._objects = folder / "objects"

    def offset(self, upload: Upload) -> int:
        try:
            return self._partial_path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, upload: Upload, offset: int, data: bytes, *, last: bool = False) -> int:
        path = self._partial_path(upload)
        _make_folder(path.parent)
        try:
            with _locked(path, os.O_RDWR | os.O_CREAT) as handle:
                there = os.fstat(handle).st_size
                if there != offset:
                    raise Problem("server.offset_mismatch", offset=there)
                if last:
                    _write_mark(_mark(path), offset + len(data))
                reached = _write(handle, offset, data)
        except FileNotFoundError as error:
            raise Problem("server.offset_mismatch", offset=self.offset(upload)) from error
        if offset == 0:
            flush_folder(path.parent)
        return reached

    def finish(self, upload: Upload) -> int:
        path, final = self._partial_path(upload), self._object_path(upload.workspace, upload.sha256)
        if not path.exists() and self.ended(upload):
            flush_folder(final.parent)
            return final.stat().st_size
        with _locked(path, os.O_RDONLY) as handle:
            size = os.fstat(handle).st_size
            if _digest(handle) != upload.sha256:
                self.discard(upload)
                raise Problem("server.object_corrupt")
            _make_folder(final.parent)
            os.replace(path, final)
            flush_folder(final.parent)
        return size

    def ended(self, upload: Upload) -> bool:
        path = self._partial_path(upload)
        whole = _read_mark(_mark(path))
        there = self.offset(upload) if path.exists() else self.size(upload.workspace, upload.sha256)
        return whole is not None and there == whole

    def discard(self, upload: Upload) -> None:
        """The mark goes first: without its bytes it would say that the device has sent them."""
        path = self._partial_path(upload)
        _mark(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    def uploads(self, workspace: str, device: str) -> int:
        try:
            names = os.listdir(self._partial / workspace / device)
        except FileNotFoundError:
            return 0
        return len({name.removesuffix(_MARKED) for name in names})

    def size(self, workspace: str, sha256: str) -> int | None:
        try:
            return self._object_path(workspace, sha256).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, workspace: str, sha256: str, start: int, end: int) -> Iterator[bytes]:
        with open(self._object_path(workspace, sha256), "rb") as file:
            if os.fstat(file.fileno()).st_size < end:
                raise ObjectDamaged("an object is shorter than it was")
            file.seek(start)
            left = end - start
            while left > 0:
                piece = file.read(min(PIECE, left))
                if not piece:
                    raise ObjectDamaged("an object became shorter")
                left -= len(piece)
                yield piece

    def remove(self, workspace: str, sha256: str) -> None:
        self._object_path(workspace, sha256).unlink(missing_ok=True)

    def objects(self) -> Iterator[tuple[str, str, float]]:
        for path in sorted(self._objects.glob("*/??/*")):
            yield path.parent.parent.name, path.name, path.stat().st_mtime

    def drop_stale(self, before: float) -> int:
        stale = set()
        for path in self._partial.glob("*/*/*"):
            newest = max(_written(path), _written(_mark(path)) if path.suffix != _MARKED else 0.0)
            if newest < before:
                stale.add(Upload(path.parent.parent.name, path.parent.name, path.name.removesuffix(_MARKED)))
        for upload in stale:
            self.discard(upload)
        return len(stale)

    def ready(self) -> None:
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise OSError("the object folder cannot be written to")

    def _partial_path(self, upload: Upload) -> Path:
        return self._partial / upload.workspace / upload.device / upload.sha256

    def _object_path(self, workspace: str, sha256: str) -> Path:
        return self._objects / workspace / sha256[:2] / sha256


def _mark(path: Path) -> Path:
    return path.with_name(path.name + _MARKED)


def _write_mark(path: Path, size: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _write(handle, 0, str(size).encode("ascii"))
    finally:
        os.close(handle)
    flush_folder(path.parent)


def _read_mark(path: Path) -> int | None:
    """None where there is none, or only a torn one: then the last bytes cannot have come."""
    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        return None
    return int(text) if text.isdigit() else None


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


@contextmanager
def _locked(path: Path, flags: int) -> Iterator[int]:
    """The open file, held by this caller alone. Raises FileNotFoundError without O_CREAT."""
    handle = os.open(path, flags, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_ino != os.stat(path).st_ino:  # finished by another while we waited
            raise FileNotFoundError(path)
        yield handle
    finally:
        os.close(handle)


def _write(handle: int, at: int, data: bytes) -> int:
    view = memoryview(data)
    while view:
        written = os.pwrite(handle, view, at)
        view, at = view[written:], at + written
    os.fdatasync(handle)
    return at


def _digest(handle: int) -> str:
    digest, at = hashlib.sha256(), 0
    while piece := os.pread(handle, PIECE, at):
        digest.update(piece)
        at += len(piece)
    return digest.hexdigest()


def _make_folder(folder: Path) -> None:
    """Makes it and flushes its parents, so that it is still there after a power cut."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
        flush_folder(one.parent)


def flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
