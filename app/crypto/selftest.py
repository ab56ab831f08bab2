"""The test at start-up: can this platform keep data safe, and is its clock believable?

Each primitive is run once against a published answer, so a library that is missing something, or
computes it wrongly, is refused before any record is made with it.
"""

import os
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import cryptography
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from app.crypto.primitives import Random
from app.protocol.errors import Problem

OLDEST_CRYPTOGRAPHY = (43, 0, 1)
EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)  # no tablet runs this program before it was written
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
BACKWARDS = timedelta(days=1)  # a clock may be corrected by this much without a question


@dataclass(frozen=True)
class Report:
    """What was found. `missing` names the primitives that are absent or answer wrongly."""

    versions: Mapping[str, str]
    missing: tuple[str, ...]
    clock_ok: bool
    now: datetime

    @property
    def ok(self) -> bool:
        return not self.missing and self.clock_ok

    def require(self) -> None:
        """Raises Problem: crypto.platform_too_weak or crypto.clock_wrong."""
        if self.missing:
            raise Problem("crypto.platform_too_weak", missing=", ".join(self.missing))
        if not self.clock_ok:
            raise Problem("crypto.clock_wrong", now=self.now.strftime("%Y-%m-%d %H:%M"))


def self_test(
    now: datetime,
    *,
    last_seen: datetime | None = None,
    random: Random = os.urandom,
    checks: "Checks | None" = None,
) -> Report:
    """Runs every check; `last_seen` is the latest time this device has recorded, `now` is aware."""
    todo = CHECKS if checks is None else checks
    missing = [name for name, check in todo.items() if not _passes(check)]
    if random(32) == random(32):
        missing.append("random numbers")
    if _version(cryptography.__version__) < OLDEST_CRYPTOGRAPHY:
        missing.append(f"cryptography {cryptography.__version__}")
    return Report(_versions(), tuple(missing), clock_is_sane(now, last_seen), now)


def clock_is_sane(now: datetime, last_seen: datetime | None = None) -> bool:
    """Whether a time can be true: not before this program, not absurd, not much before the last one seen."""
    if not EARLIEST <= now <= LATEST:
        return False
    return last_seen is None or now >= last_seen - BACKWARDS


def _versions() -> Mapping[str, str]:
    return MappingProxyType(
        {
            "python": platform.python_version(),
            "platform": sys.platform,
            "cryptography": cryptography.__version__,
            "openssl": backend.openssl_version_text(),
        }
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (UnsupportedAlgorithm, InvalidSignature, InvalidTag, ValueError, MemoryError):
        return False


# -- known answers ------------------------------------------------------------------------------------


def _x25519() -> bool:
    """RFC 7748 §5.2, first vector."""
    scalar = bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    shared = X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(point))
    return shared.hex() == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"


def _ed25519() -> bool:
    """RFC 8032 §7.1, test 1."""
    key = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    signature = key.sign(b"")
    key.public_key().verify(signature, b"")
    return signature.hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )


def _hkdf() -> bool:
    """RFC 5869 appendix A.1."""
    info, salt = bytes(range(0xF0, 0xFA)), bytes(range(13))
    key = HKDF(algorithm=SHA256(), length=42, salt=salt, info=info).derive(b"\x0b" * 22)
    return key.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def _scrypt() -> bool:
    """RFC 7914 §12, first vector."""
    key = Scrypt(salt=b"", length=64, n=16, r=1, p=1).derive(b"")
    return key.hex() == (
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
        "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
    )


def _chacha20poly1305() -> bool:
    """RFC 8439 §2.8.2: the tag depends on every byte of the ciphertext."""
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        b"sunscreen would be it."
    )
    cipher, nonce = ChaCha20Poly1305(bytes(range(0x80, 0xA0))), bytes.fromhex("070000004041424344454647")
    associated = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    sealed = cipher.encrypt(nonce, text, associated)
    return (
        sealed[-16:].hex() == "1ae10b594f09e26a7e902ecbd0600691"
        and cipher.decrypt(nonce, sealed, associated) == text
    )


def _aes_gcm() -> bool:
    """The GCM specification's test case 14: AES-256, everything zero."""
    sealed = AESGCM(bytes(32)).encrypt(bytes(12), bytes(16), None)
    return sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


Checks = Mapping[str, Callable[[], bool]]
CHECKS: Checks = MappingProxyType(
    {
        "X25519": _x25519,
        "Ed25519": _ed25519,
        "HKDF": _hkdf,
        "scrypt": _scrypt,
        "ChaCha20-Poly1305": _chacha20poly1305,
        "AES-256-GCM": _aes_gcm,
    }
)
