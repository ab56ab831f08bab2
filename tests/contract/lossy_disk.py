"""A disk that forgets: what the server wrote is on it for good only once it was flushed.

The database's files are seen through a SQLite VFS, the object files through `os.fsync` and its relatives. `image`
then makes the folder that a power cut would leave behind at any moment.
"""

import os
import random
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from tests.unit.server.recording_vfs import recorded

HOW = ("lost", "kept", "torn")  # what has become of writes that were never flushed


class LossyDisk:
    """Watches one server's data folder; `now` is how much has happened so far."""

    def __init__(self, folder: Path, before: Path) -> None:
        self.folder, self.before = folder, before
        self.events: list[tuple[Any, ...]] = []
        self._guard = Lock()
        shutil.copytree(folder, before)

    @property
    def now(self) -> int:
        return len(self.events)

    def told(self, *event: Any) -> None:
        with self._guard:
            self.events.append(event)

    @contextmanager
    def watched(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        for name in ("fsync", "fdatasync"):
            patch.setattr(os, name, self._flush(getattr(os, name)))
        with recorded(self.told):
            yield

    def _flush(self, real: Any) -> Any:
        def flush(handle: int) -> None:
            real(handle)
            found = os.fstat(handle)
            if stat.S_ISDIR(found.st_mode):
                here = Path(os.readlink(f"/proc/self/fd/{handle}"))
                names = {path.name: (path.stat().st_ino, path.is_dir()) for path in here.iterdir()}
                self.told("folder", here, names)
            else:
                self.told("content", found.st_ino, Path(f"/proc/self/fd/{handle}").read_bytes())

        return flush

    def image(self, target: Path, moment: int, how: str, rng: random.Random) -> Path:
        """The data folder after a power cut at that moment."""
        target.mkdir()
        past = self.events[:moment]
        shutil.copyfile(self.before / "log.key", target / "log.key")
        for name in ("server.db", "server.db-wal"):
            content = self._database_file(name, past, how, rng)
            if content:
                (target / name).write_bytes(content)
        self._objects(target, past)
        return target

    def _database_file(self, name: str, past: list[tuple[Any, ...]], how: str, rng: random.Random) -> bytes:
        before, path = self.before / name, str(self.folder / name)
        content = bytearray(before.read_bytes() if before.exists() else b"")
        waiting: list[tuple[Any, ...]] = []
        for event in past:
            if event[1] != path:
                continue
            if event[0] == "sync":
                for one in waiting:
                    _apply(content, one)
                waiting.clear()
            else:
                waiting.append(event)
        for one in waiting:
            if how == "kept" or (how == "torn" and rng.random() < 0.5):
                _apply(content, _torn(one, rng) if how == "torn" and rng.random() < 0.3 else one)
        return bytes(content)

    def _objects(self, target: Path, past: list[tuple[Any, ...]]) -> None:
        """Folders as they were flushed last, files as they were flushed last."""
        folders = {event[1]: event[2] for event in past if event[0] == "folder"}
        contents = {event[1]: event[2] for event in past if event[0] == "content"}

        def build(real: Path, copy: Path) -> None:
            for name, (inode, is_folder) in folders.get(real, {}).items():
                if is_folder:
                    (copy / name).mkdir()
                    build(real / name, copy / name)
                elif real != self.folder:
                    (copy / name).write_bytes(contents.get(inode, b""))

        build(self.folder, target)


def _apply(content: bytearray, event: tuple[Any, ...]) -> None:
    if event[0] == "write":
        _, _, at, data = event
        content.extend(bytes(max(0, at - len(content))))
        content[at : at + len(data)] = data
    elif event[0] == "truncate":
        del content[event[2] :]
    elif event[0] == "delete":
        content.clear()


def _torn(event: tuple[Any, ...], rng: random.Random) -> tuple[Any, ...]:
    if event[0] != "write":
        return event
    return (*event[:3], event[3][: rng.randrange(len(event[3]) + 1)])
