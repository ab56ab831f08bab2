"""The payload of an age file: STREAM over ChaCha20-Poly1305 in chunks of 64 KiB (age v1, "Payload").

A chunk's nonce is its 11-byte counter and one byte that marks the last chunk, so chunks cannot be
swapped, repeated, dropped or cut off unnoticed. The payload key is derived from a fresh file key and
a fresh 16-byte nonce for every file, so counters never meet under one key.
"""

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.crypto.age_errors import CorruptHeader, CorruptPayload
from app.crypto.primitives import Random, hkdf

CHUNK = 64 * 1024
TAG = 16
NONCE = 16


def chunk_nonce(counter: int, last: bool) -> bytes:
    """12 bytes; raises OverflowError beyond 2^88 chunks, which no file reaches."""
    return counter.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def seal_chunks(file_key: bytes, source: BinaryIO, random: Random) -> Iterator[bytes]:
    """The file nonce, then every sealed chunk. Holds two chunks in memory at most."""
    nonce = random(NONCE)
    yield nonce
    cipher = _cipher(file_key, nonce)
    counter, chunk = 0, read_exactly(source, CHUNK)
    while True:
        following = read_exactly(source, CHUNK) if len(chunk) == CHUNK else b""
        yield cipher.encrypt(chunk_nonce(counter, last=not following), chunk, None)
        if not following:
            return
        counter, chunk = counter + 1, following


def open_chunks(file_key: bytes, source: BinaryIO) -> Iterator[bytes]:
    """Plaintext chunks, each released only once it has authenticated.

    Raises CorruptPayload, possibly after earlier chunks were released: whoever streams must not act on
    them before the iterator has ended without an error.
    """
    nonce = read_exactly(source, NONCE)
    if len(nonce) != NONCE:
        raise CorruptHeader("it ends before the payload")  # the test vectors count the nonce to the header
    cipher = _cipher(file_key, nonce)
    counter = 0
    while True:
        sealed = read_exactly(source, CHUNK + TAG)
        if not sealed:
            raise CorruptPayload("it ends too early")
        plaintext, last = _open_chunk(cipher, counter, sealed)
        if last and not plaintext and counter > 0:
            raise CorruptPayload("an empty last part")
        yield plaintext
        if last:
            break
        counter += 1
    if source.read(1):
        raise CorruptPayload("something follows its end")


def _open_chunk(cipher: ChaCha20Poly1305, counter: int, sealed: bytes) -> tuple[bytes, bool]:
    """(plaintext, whether it was the last chunk). A short chunk can only be the last."""
    choices = (False, True) if len(sealed) == CHUNK + TAG else (True,)
    for last in choices:
        try:
            return cipher.decrypt(chunk_nonce(counter, last), sealed, None), last
        except InvalidTag:
            continue
    raise CorruptPayload("a part does not authenticate")


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hkdf(file_key, salt=nonce, info=b"payload"))


def read_exactly(source: BinaryIO, size: int) -> bytes:
    """`size` bytes, or fewer only at the end: raw files and pipes may answer in pieces."""
    data = source.read(size)
    while 0 < len(data) < size:
        more = source.read(size - len(data))
        if not more:
            break
        data += more
    return data
