"""A small process that checks signatures, so that a second processor helps with the one thing that costs most.

A check takes a tenth of a millisecond and holds Python's lock all that time; threads would only take turns. The
process is started with the first large batch, knows nothing and keeps nothing, and ends when its pipe closes.
Where it cannot be used, the caller checks by itself: it is never the reason that a signature goes unchecked.

Asked: count, then for each one length of message, key (32), signature (64), message. Answered: a byte for each.
"""

import logging
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import IO

from app.protocol.keys import BadSignature, Purpose, VerifyKey

WORTH = 16  # signatures for which the way there and back pays
Claim = tuple[VerifyKey, bytes, bytes]  # key, message, signature of 64 bytes
_COUNT = struct.Struct(">I")
_HEAD = struct.Struct(">I32s64s")
_LOG = logging.getLogger("sync_server.checking")


def holds(claim: Claim) -> bool:
    """Whether the key signed this manifest."""
    key, message, signature = claim
    try:
        key.verify(Purpose.MANIFEST, message, signature)
    except BadSignature:
        return False
    return True


class Checker:
    """`helper` = False, or a single processor: everything is checked here. Thread-safe."""

    def __init__(self, helper: bool = True) -> None:
        self._wanted = helper and (os.cpu_count() or 1) > 1
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = Lock()

    def check(self, claims: Sequence[Claim]) -> list[bool]:
        """For each claim, whether it holds."""
        if self._wanted and len(claims) >= WORTH:
            try:
                with self._guard:
                    return self._ask(claims)
            except (OSError, EOFError) as error:
                _LOG.error("the checking process failed", extra={"kind": type(error).__name__})
                self.close()
        return [holds(claim) for claim in claims]

    def _ask(self, claims: Sequence[Claim]) -> list[bool]:
        if self._process is None:
            command = [sys.executable, "-m", "sync_server.checking"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(), bufsize=0
            )
        asked = [_COUNT.pack(len(claims))]
        for key, message, signature in claims:
            asked += (_HEAD.pack(len(message), key.raw, signature), message)
        assert self._process.stdin is not None and self._process.stdout is not None
        _send(self._process.stdin, b"".join(asked))
        return [verdict == 1 for verdict in _receive(self._process.stdout, len(claims))]

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def close(self) -> None:
        with self._guard:
            process, self._process = self._process, None
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.kill()
            process.wait()


def _environment() -> dict[str, str]:
    """The program's own path and nothing of the server's settings: they may hold passwords."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _send(pipe: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[pipe.write(view) :]


def _receive(pipe: IO[bytes], size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        piece = pipe.read(size - len(found))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)


@lru_cache(maxsize=4096)
def _key(raw: bytes) -> VerifyKey:
    return VerifyKey(raw)


def answer(source: IO[bytes], sink: IO[bytes]) -> None:
    """Checks what is asked until the other side goes away."""
    while head := source.read(_COUNT.size):
        verdicts = bytearray()
        for _ in range(_COUNT.unpack(head)[0]):
            size, raw, signature = _HEAD.unpack(source.read(_HEAD.size))
            verdicts.append(holds((_key(raw), source.read(size), signature)))
        sink.write(verdicts)
        sink.flush()


def main() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is the server's to act upon
    answer(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
