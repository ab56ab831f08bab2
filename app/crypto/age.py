"""The age v1 file format: seal bytes or files to recipients, open them with identities.

Everything sealed here opens with the ordinary `age` command line, and the other way round.
Specification: https://age-encryption.org/v1

    identity = X25519Identity.generate()
    data = seal(b"...", [identity.recipient])
    open_sealed(data, [identity]) == b"..."
"""

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from app.crypto.age_armor import armor, dearmor, looks_armored
from app.crypto.age_errors import AgeError, ArmorError, CorruptHeader, CorruptPayload, HeaderMac, NotForMe
from app.crypto.age_header import Header, make_header, read_header
from app.crypto.age_keys import (
    FILE_KEY_SIZE,
    Identity,
    Recipient,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
)
from app.crypto.age_stream import open_chunks, read_exactly, seal_chunks
from app.crypto.primitives import Random
from app.protocol.errors import Problem

__all__ = [
    "AgeError",
    "ArmorError",
    "CorruptHeader",
    "CorruptPayload",
    "HeaderMac",
    "Identity",
    "NotForMe",
    "Recipient",
    "ScryptIdentity",
    "ScryptRecipient",
    "X25519Identity",
    "X25519Recipient",
    "open_counted",
    "open_file",
    "open_pieces",
    "open_sealed",
    "seal",
    "seal_file",
    "seal_pieces",
]

_LOOK_AHEAD = 2048  # more than the white space that may come before armor


def seal(
    plaintext: bytes, recipients: Sequence[Recipient], *, armored: bool = False, random: Random = os.urandom
) -> bytes:
    """The age file of some bytes. Raises Problem("crypto.no_recipients")."""
    return b"".join(seal_pieces(io.BytesIO(plaintext), recipients, armored=armored, random=random))


def open_sealed(data: bytes, identities: Sequence[Identity], *, armored: bool | None = None) -> bytes:
    """The whole plaintext, or an AgeError and nothing. `armored` None finds out by itself."""
    return b"".join(open_pieces(io.BytesIO(data), identities, armored=armored))


def open_counted(data: bytes, identities: Sequence[Identity]) -> tuple[bytes, int]:
    """The whole plaintext of a binary age file, and how many recipients its checked header names."""
    stream = io.BytesIO(data)
    header = read_header(stream)
    plaintext = b"".join(open_chunks(_file_key(header, identities), stream))
    return plaintext, len(header.stanzas)


def seal_file(
    source: BinaryIO,
    target: BinaryIO,
    recipients: Sequence[Recipient],
    *,
    armored: bool = False,
    random: Random = os.urandom,
) -> None:
    """Seals what is left of `source` into `target` with constant memory."""
    _write(target, seal_pieces(source, recipients, armored=armored, random=random))


def open_file(
    source: BinaryIO, target: BinaryIO, identities: Sequence[Identity], *, armored: bool | None = None
) -> None:
    """Opens `source` into `target` with constant memory.

    Only authenticated chunks are written; but when an AgeError is raised, earlier chunks of a file
    that was cut short may be in `target` already. Throw it away then.
    """
    _write(target, open_pieces(source, identities, armored=armored))


def seal_pieces(
    source: BinaryIO,
    recipients: Sequence[Recipient],
    *,
    armored: bool = False,
    random: Random = os.urandom,
) -> Iterator[bytes]:
    """The age file piece by piece."""
    _check_recipients(recipients)
    pieces = _binary_pieces(source, recipients, random)
    return armor(pieces) if armored else pieces


def _binary_pieces(source: BinaryIO, recipients: Sequence[Recipient], random: Random) -> Iterator[bytes]:
    file_key = random(FILE_KEY_SIZE)
    yield make_header(file_key, [recipient.wrap(file_key, random) for recipient in recipients])
    yield from seal_chunks(file_key, source, random)


def open_pieces(
    source: BinaryIO, identities: Sequence[Identity], *, armored: bool | None = None
) -> Iterator[bytes]:
    """Authenticated plaintext chunks; an AgeError may still come after some of them (see `open_file`)."""
    stream = _unarmored(source, armored)
    header = read_header(stream)
    file_key = _file_key(header, identities)
    yield from open_chunks(file_key, stream)


def _unarmored(source: BinaryIO, armored: bool | None) -> BinaryIO:
    if armored is None:
        start = read_exactly(source, _LOOK_AHEAD)
        armored, source = looks_armored(start), io.BufferedReader(_Rejoined(start, source))
    return dearmor(source) if armored else source


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes have been looked at already."""

    def __init__(self, start: bytes, source: BinaryIO) -> None:
        self._start, self._source = start, source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._start[: len(buffer)] or self._source.read(len(buffer))
        self._start = self._start[len(data) :]
        buffer[: len(data)] = data
        return len(data)


def _file_key(header: Header, identities: Sequence[Identity]) -> bytes:
    if any(stanza.type == "scrypt" for stanza in header.stanzas) and len(header.stanzas) != 1:
        raise CorruptHeader("a passphrase beside other recipients")
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            header.check(file_key)
            return file_key
    raise NotForMe


def _check_recipients(recipients: Sequence[Recipient]) -> None:
    if not recipients:
        raise Problem("crypto.no_recipients")
    if len(recipients) > 1 and any(isinstance(recipient, ScryptRecipient) for recipient in recipients):
        raise ValueError("a passphrase must be the only recipient")


def _write(target: BinaryIO, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        target.write(piece)
