"""Bodies on their way in. What waits for the network is not in memory; what is in memory is bounded.

A large body grows in a file without a name until it is whole. Only then does it ask for room, so that nobody who
sends slowly holds up others, and the bytes being worked on at one moment never exceed `Room`'s size.
"""

import asyncio
import hashlib
import os
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from app.protocol.httpsig import digest_header

SMALL = (
    16 * 1024
)  # bytes up to which a body stays in memory and asks for no room: open requests are counted already


class Body:
    """A request's body, hashed while it arrives. `folder` takes the file of a large one; close it in the end."""

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self._folder = folder
        self._digest = hashlib.sha256()
        self._start = bytearray()
        self._rest: BinaryIO | None = None

    def add(self, piece: bytes) -> None:
        """Raises OSError where the disk is full."""
        self.size += len(piece)
        self._digest.update(piece)
        if self._rest is None and len(self._start) + len(piece) <= SMALL:
            self._start += piece
            return
        if self._rest is None:
            self._rest = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115  (closed by `close`)
            _write(self._rest, self._start)
            self._start = bytearray()
        _write(self._rest, piece)

    @property
    def digest(self) -> str:
        """The Content-Digest header of what has arrived."""
        return digest_header(self._digest.digest())

    def content(self) -> bytes:
        if self._rest is None:
            return bytes(self._start)
        return os.pread(self._rest.fileno(), self.size, 0)

    def close(self) -> None:
        self._start = bytearray()
        if self._rest is not None:
            self._rest.close()


def _write(file: BinaryIO, data: bytes | bytearray) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


class Room:
    """Bytes of large bodies that may be worked on at once; first come, first served. For one event loop.

    `most` is the largest sum that has ever been let in.
    """

    def __init__(self, size: int) -> None:
        self.size = self._free = size
        self.most = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @property
    def used(self) -> int:
        return self.size - self._free

    @asynccontextmanager
    async def take(self, size: int) -> AsyncIterator[None]:
        """Waits for its turn; a body larger than the whole room is let in alone."""
        size = 0 if size <= SMALL else min(size, self.size)
        if size:
            await self._enter(size)
        try:
            yield
        finally:
            self._leave(size)

    async def _enter(self, size: int) -> None:
        if not self._waiting and size <= self._free:
            self._let_in(size)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave(size)
            else:
                self._waiting = deque(one for one in self._waiting if one[1] is not turn)
                self._leave(0)  # whoever stood behind it may fit
            raise

    def _let_in(self, size: int) -> None:
        self._free -= size
        self.most = max(self.most, self.used)

    def _leave(self, size: int) -> None:
        self._free += size
        while self._waiting and (self._waiting[0][1].done() or self._waiting[0][0] <= self._free):
            waits, turn = self._waiting.popleft()
            if not turn.done():
                self._let_in(waits)
                turn.set_result(None)
