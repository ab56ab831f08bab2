"""The textual header of an age file: stanzas and the MAC over them (age v1, "Header").

Parsing is as strict as the format: every file has exactly one header text, so that what the MAC
covers is what was read.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from app.crypto.age_errors import CorruptHeader, HeaderMac
from app.crypto.primitives import hkdf, hmac_sha256

VERSION_LINE = b"age-encryption.org/v1\n"
MAX_HEADER = 1 << 20  # ten thousand recipients; more is an attack on memory
_COLUMNS = 64
_STANZA = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)")


@dataclass(frozen=True)
class Stanza:
    """One wrapped file key: type and arguments, and the bytes only its recipient understands."""

    type: str
    arguments: tuple[str, ...]
    body: bytes

    def lines(self) -> bytes:
        """The stanza's lines; the last body line is always shorter than 64 columns, perhaps empty."""
        text = encode(self.body)
        rows = [text[start : start + _COLUMNS] for start in range(0, len(text), _COLUMNS)]
        if len(text) % _COLUMNS == 0:
            rows.append(b"")
        head = " ".join(("->", self.type, *self.arguments)).encode("ascii")
        return b"".join(row + b"\n" for row in [head, *rows])


@dataclass(frozen=True)
class Header:
    """A parsed header: `signed` are the exact bytes the MAC covers, up to and including `---`."""

    stanzas: tuple[Stanza, ...]
    signed: bytes
    mac: bytes

    def check(self, file_key: bytes) -> None:
        """Raises HeaderMac unless this file key made this header."""
        if not hmac.compare_digest(_mac(file_key, self.signed), self.mac):
            raise HeaderMac


def make_header(file_key: bytes, stanzas: Sequence[Stanza]) -> bytes:
    signed = VERSION_LINE + b"".join(stanza.lines() for stanza in stanzas) + b"---"
    return signed + b" " + encode(_mac(file_key, signed)) + b"\n"


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac_sha256(hkdf(file_key, salt=b"", info=b"header"), signed)


def read_header(source: BinaryIO) -> Header:
    """Reads up to the end of the header and not a byte further; raises CorruptHeader."""
    lines = _Lines(source)
    if lines.next() != VERSION_LINE[:-1]:
        raise CorruptHeader("not an age file of version 1")
    stanzas: list[Stanza] = []
    while True:
        line = lines.next()
        if line.startswith(b"---"):
            break
        stanzas.append(_read_stanza(line, lines))
    if not stanzas:
        raise CorruptHeader("no recipients")
    if not line.startswith(b"--- "):
        raise CorruptHeader("the header's last line")
    mac = decode(line[4:])
    if len(mac) != 32:
        raise CorruptHeader("the header's last line")
    signed = bytes(lines.seen[: -len(line) - 1]) + b"---"
    return Header(tuple(stanzas), signed, mac)


class _Lines:
    """Lines of a bounded header, and every byte seen so far."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.seen = bytearray()

    def next(self) -> bytes:
        room = MAX_HEADER - len(self.seen)
        line = self._source.readline(room + 1)
        if len(line) > room:
            raise CorruptHeader("the header is too long")
        if not line.endswith(b"\n"):
            raise CorruptHeader("the header ends too early")
        self.seen += line
        return line[:-1]


def _read_stanza(line: bytes, lines: _Lines) -> Stanza:
    if not line.startswith(b"-> "):
        raise CorruptHeader("a line that belongs to no stanza")
    found = _STANZA.fullmatch(line)
    if found is None:
        raise CorruptHeader("a stanza's arguments")
    kind, *arguments = found[1].decode("ascii").split(" ")
    body = bytearray()
    while True:
        row = lines.next()
        if len(row) > _COLUMNS:
            raise CorruptHeader("a stanza's line is too long")
        body += decode(row)
        if len(row) < _COLUMNS:
            return Stanza(kind, tuple(arguments), bytes(body))


def encode(data: bytes) -> bytes:
    """Standard base64 without padding."""
    return base64.b64encode(data).rstrip(b"=")


def decode(text: bytes) -> bytes:
    """The bytes of unpadded, canonical standard base64; raises CorruptHeader."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise CorruptHeader("base64") from error
    if encode(data) != text:
        raise CorruptHeader("base64 that is not canonical")
    return data
