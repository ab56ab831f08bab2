"""The few primitives everything here is made of, all present in cryptography 43.0.1 and later."""

import hashlib
import hmac
from collections.abc import Callable

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

Random = Callable[[int], bytes]
"""`n -> n` unpredictable bytes; os.urandom everywhere but in tests."""


def hkdf(key: bytes, *, salt: bytes, info: bytes, length: int = 32) -> bytes:
    """HKDF-SHA-256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(key)


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)


def scrypt(secret: bytes | bytearray, salt: bytes, log_n: int) -> bytes:
    """32 bytes of scrypt with r=8, p=1; takes 2^log_n KiB of memory, or raises MemoryError."""
    return Scrypt(salt=salt, length=32, n=1 << log_n, r=8, p=1).derive(secret)


def wipe(*buffers: bytearray) -> None:
    """Overwrites buffers that held secrets.

    Best effort only: Python and OpenSSL make copies that nobody can reach, so this shortens the time
    a secret stays in memory and promises nothing more.
    """
    for buffer in buffers:
        buffer[:] = bytes(len(buffer))
