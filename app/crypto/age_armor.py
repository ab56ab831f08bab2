"""ASCII armor of age files: strict PEM, read and written as a stream (age v1, "ASCII armor")."""

import base64
import binascii
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from app.crypto.age_errors import ArmorError

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_ROW = _COLUMNS * 3 // 4
_MAX_BLANK = 1024  # white space allowed before and after
_WHITE = b" \t\r\n"


def armor(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The armored text of bytes that come in pieces."""
    yield BEGIN + b"\n"
    held = b""
    for piece in pieces:
        held += piece
        whole = len(held) - len(held) % _ROW
        yield b"".join(
            base64.b64encode(held[start : start + _ROW]) + b"\n" for start in range(0, whole, _ROW)
        )
        held = held[whole:]
    if held:
        yield base64.b64encode(held) + b"\n"
    yield END + b"\n"


def looks_armored(start: bytes) -> bool:
    return start.lstrip(_WHITE).startswith(b"-----BEGIN")


def dearmor(source: BinaryIO) -> BinaryIO:
    """A binary stream of what the armor holds; reading raises ArmorError."""
    return io.BufferedReader(_Dearmored(source), 64 * 1024)


class _Dearmored(io.RawIOBase):
    def __init__(self, source: BinaryIO) -> None:
        self._rows = _rows(source)
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._held:
            self._held = next(self._rows, b"")
        taken = self._held[: len(buffer)]
        self._held = self._held[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _rows(source: BinaryIO) -> Iterator[bytes]:
    _begin(source)
    full = True
    while (line := _line(source)) != END:
        if not full or not line:
            raise ArmorError("a short line before the end of the armor")
        full = len(line) == _COLUMNS and not line.endswith(b"=")
        yield _decode(line)
    if source.read(_MAX_BLANK + 1).strip(_WHITE):
        raise ArmorError("something follows the armor")


def _begin(source: BinaryIO) -> None:
    blank = 0
    while True:
        line = source.readline(_MAX_BLANK)
        if line.strip(_WHITE):
            break
        blank += len(line)
        if not line or blank > _MAX_BLANK:
            raise ArmorError("no armor")
    if line.lstrip(_WHITE).removesuffix(b"\n").removesuffix(b"\r") != BEGIN:
        raise ArmorError("the armor's first line")


def _line(source: BinaryIO) -> bytes:
    line = source.readline(_COLUMNS + 3)
    if not line.endswith(b"\n"):
        if line.rstrip(_WHITE) == END:
            return END
        raise ArmorError("a line that is too long, or an end too early")
    line = line[:-1].removesuffix(b"\r")
    if line.rstrip(_WHITE) == END:
        return END
    if len(line) > _COLUMNS:
        raise ArmorError("a line that is too long")
    return line


def _decode(line: bytes) -> bytes:
    try:
        row = base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise ArmorError("base64") from error
    if base64.b64encode(row) != line:
        raise ArmorError("base64 that is not canonical")
    return row
