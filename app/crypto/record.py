"""Sealed objects: a signed record, compressed, padded and sealed to its readers.

    envelope {"record": …, "signature": …}  →  zlib  →  zeros up to a multiple of 512  →  age

So `age -d` with a reader's identity gives a plain zlib stream followed by zeros: the record outlives
this program. Adding a reader seals the same signed record again; its signature never changes. What was sealed
again has one more member, "index": where the original stands in the log.
"""

import hashlib
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.crypto.age import open_counted, seal
from app.crypto.age_keys import X25519Identity, X25519Recipient
from app.crypto.primitives import Random
from app.crypto.record_check import check_announced, check_record
from app.crypto.record_model import Record, SignedRecord, bad_record, recipients_hash, sign_record, sign_whole
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey

__all__ = [
    "Record",
    "SealedRecord",
    "SignedRecord",
    "check_announced",
    "check_record",
    "open_record",
    "recipients_hash",
    "reseal",
    "seal_record",
    "sign_record",
]

BLOCK = 512  # sizes on the server tell no more than this
MAX_ENVELOPE = 32 * 1024 * 1024  # a whole programme with its lists; more is a decompression bomb


@dataclass(frozen=True)
class SealedRecord:
    """The object the server keeps: an age file, its SHA-256 (hex) and its size in bytes."""

    data: bytes
    sha256: str
    size: int


def seal_record(
    record: Record, key: SigningKey, recipients: Iterable[str], *, random: Random = os.urandom
) -> tuple[SignedRecord, SealedRecord]:
    """Signs and seals a new record to age1… recipients, which its `recipients_hash` must name.

    Raises Problem: crypto.wrong_recipients, crypto.no_recipients, crypto.bad_key, crypto.bad_record,
    crypto.record_too_large.
    """
    readers = list(recipients)
    if recipients_hash(readers) != record.recipients_hash:
        raise Problem("crypto.wrong_recipients")
    signed, envelope = sign_whole(record, key)
    return signed, _sealed(envelope, readers, random)


def reseal(
    signed: SignedRecord,
    recipients: Iterable[str],
    *,
    index: int | None = None,
    random: Random = os.urandom,
) -> SealedRecord:
    """Seals a signed record to other readers; record and signature stay what they were.

    `index`: the original's place in the log, so that it keeps its order among its new readers' records.
    """
    return _sealed(replace(signed, index=index).envelope_bytes, recipients, random)


def _sealed(envelope: bytes, recipients: Iterable[str], random: Random) -> SealedRecord:
    readers = [X25519Recipient.parse(text) for text in sorted(set(recipients))]
    if len(envelope) > MAX_ENVELOPE:
        raise Problem("crypto.record_too_large")
    data = seal(_pad(zlib.compress(envelope, 6)), readers, random=random)
    return SealedRecord(data, hashlib.sha256(data).hexdigest(), len(data))


def open_record(data: bytes, identities: Sequence[X25519Identity]) -> SignedRecord:
    """The signed record in a sealed object; nobody has checked its signature yet (`check_record` does).

    Raises Problem: crypto.not_for_me, crypto.damaged, crypto.bad_record, crypto.record_too_large.
    """
    packed, stanzas = open_counted(data, identities)
    return SignedRecord.from_envelope(_unpack(packed), stanzas)


def _pad(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)


def _unpack(packed: bytes) -> bytes:
    """The one zlib stream, followed by nothing but the zeros that fill its last block."""
    inflate = zlib.decompressobj()
    try:
        envelope = inflate.decompress(packed, MAX_ENVELOPE + 1)
    except zlib.error as error:
        raise bad_record("compression") from error
    if len(envelope) > MAX_ENVELOPE:
        raise Problem("crypto.record_too_large")
    if not inflate.eof:
        raise bad_record("compression")
    padding = inflate.unused_data
    if len(packed) % BLOCK or len(padding) >= BLOCK or any(padding):
        raise bad_record("padding")
    return envelope
