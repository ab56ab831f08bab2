"""Recipients and identities of age files: X25519 key pairs and passphrases.

A recipient wraps a file key into a stanza. An identity unwraps it, answers None for a stanza that is
somebody else's, and raises CorruptHeader for one of its own kind that breaks the format.
"""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.crypto.age_errors import CorruptHeader
from app.crypto.age_header import Stanza, decode, encode
from app.crypto.primitives import Random, hkdf, scrypt
from app.protocol import bech32
from app.protocol.errors import Problem

FILE_KEY_SIZE = 16
MAX_LOG_N = 22  # opening somebody's file may cost 4 GiB at most, as in the reference tool
DEFAULT_LOG_N = 18
_X25519_INFO = b"age-encryption.org/v1/X25519"
_SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
_IDENTITY_PREFIX = "age-secret-key-"
_RECIPIENT_PREFIX = "age"
_DECIMAL = re.compile(r"[1-9][0-9]?")
# A wrapping key is derived for one stanza and used once, so the nonce may be fixed.
_ONCE = bytes(12)


class Recipient(Protocol):
    def wrap(self, file_key: bytes, random: Random) -> Stanza: ...


class Identity(Protocol):
    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None: ...


@dataclass(frozen=True)
class X25519Recipient:
    """A public key, `age1…`."""

    raw: bytes

    @classmethod
    def parse(cls, text: str) -> "X25519Recipient":
        """Raises Problem("crypto.bad_key")."""
        return _parse_recipient(text)

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT_PREFIX, self.raw)

    def wrap(self, file_key: bytes, random: Random = os.urandom) -> Stanza:
        ephemeral = X25519PrivateKey.from_private_bytes(random(32))
        share = ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        try:
            shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.raw))
        except ValueError as error:  # a point of low order: the "secret" would be zero
            raise Problem("crypto.bad_key") from error
        key = hkdf(shared, salt=share + self.raw, info=_X25519_INFO)
        body = ChaCha20Poly1305(key).encrypt(_ONCE, file_key, None)
        return Stanza("X25519", (encode(share).decode("ascii"),), body)


@dataclass(frozen=True)
class X25519Identity:
    """A secret key, `AGE-SECRET-KEY-1…`; the text comes only from str(), never from repr()."""

    raw: bytes = field(repr=False)

    @classmethod
    def generate(cls, random: Random = os.urandom) -> "X25519Identity":
        return cls(random(32))

    @classmethod
    def parse(cls, text: str) -> "X25519Identity":
        """Raises Problem("crypto.bad_key")."""
        if text != text.upper():
            raise Problem("crypto.bad_key")
        return cls(_decode_key(text, _IDENTITY_PREFIX))

    @cached_property
    def recipient(self) -> X25519Recipient:
        return X25519Recipient(self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def __str__(self) -> str:
        return bech32.encode(_IDENTITY_PREFIX, self.raw).upper()

    @cached_property
    def _private(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.raw)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        private, public = self._private, self.recipient.raw
        for stanza in stanzas:
            if stanza.type == "X25519":
                file_key = _unwrap_x25519(private, public, stanza)
                if file_key is not None:
                    return file_key
        return None


def _unwrap_x25519(private: X25519PrivateKey, public: bytes, stanza: Stanza) -> bytes | None:
    if len(stanza.arguments) != 1:
        raise CorruptHeader("an X25519 stanza's arguments")
    share = decode(stanza.arguments[0].encode("ascii"))
    if len(share) != 32:
        raise CorruptHeader("an X25519 share of another length")
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:
        raise CorruptHeader("an X25519 share of low order") from error
    return _open_file_key(lambda: hkdf(shared, salt=share + public, info=_X25519_INFO), stanza.body)


@dataclass(frozen=True)
class ScryptRecipient:
    """A passphrase to seal to; it must be a file's only recipient."""

    passphrase: str = field(repr=False)
    log_n: int = DEFAULT_LOG_N

    def wrap(self, file_key: bytes, random: Random = os.urandom) -> Stanza:
        salt = random(16)
        key = scrypt(self.passphrase.encode("utf-8"), _SCRYPT_LABEL + salt, self.log_n)
        body = ChaCha20Poly1305(key).encrypt(_ONCE, file_key, None)
        return Stanza("scrypt", (encode(salt).decode("ascii"), str(self.log_n)), body)


@dataclass(frozen=True)
class ScryptIdentity:
    """A passphrase to open with; files asking for more than 2^max_log_n are refused, not computed."""

    passphrase: str = field(repr=False)
    max_log_n: int = MAX_LOG_N

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        for stanza in stanzas:
            if stanza.type == "scrypt":
                return self._unwrap(stanza)
        return None

    def _unwrap(self, stanza: Stanza) -> bytes | None:
        if len(stanza.arguments) != 2:
            raise CorruptHeader("a scrypt stanza's arguments")
        salt = decode(stanza.arguments[0].encode("ascii"))
        if len(salt) != 16:
            raise CorruptHeader("a scrypt salt of another length")
        if not _DECIMAL.fullmatch(stanza.arguments[1]) or int(stanza.arguments[1]) > self.max_log_n:
            raise CorruptHeader("a scrypt work factor that is not accepted")
        secret, log_n = self.passphrase.encode("utf-8"), int(stanza.arguments[1])
        return _open_file_key(lambda: scrypt(secret, _SCRYPT_LABEL + salt, log_n), stanza.body)


def _open_file_key(wrapping_key: Callable[[], bytes], body: bytes) -> bytes | None:
    # The length comes first: a longer plaintext would let one stanza open under two keys
    # (the partitioning attacks the age format warns of).
    if len(body) != FILE_KEY_SIZE + 16:
        raise CorruptHeader("a wrapped file key of another length")
    try:
        return ChaCha20Poly1305(wrapping_key()).decrypt(_ONCE, body, None)
    except InvalidTag:
        return None


@lru_cache(maxsize=4096)  # public texts only: the same readers are sealed to again and again
def _parse_recipient(text: str) -> X25519Recipient:
    if text != text.lower():
        raise Problem("crypto.bad_key")
    return X25519Recipient(_decode_key(text, _RECIPIENT_PREFIX))


def _decode_key(text: str, prefix: str) -> bytes:
    try:
        found, raw = bech32.decode(text)
    except bech32.Bech32Error as error:
        raise Problem("crypto.bad_key") from error
    if found != prefix or len(raw) != 32:
        raise Problem("crypto.bad_key")
    return raw
