"""Ed25519 keys whose every signature says what it is for.

The bytes signed are `context ‖ 0x00 ‖ message`. No context holds a zero byte, so a signature made
for one purpose never verifies for another, whatever the message.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.protocol.canonical import b64, unb64
from app.protocol.errors import Problem

PREFIX = "ed25519:"
_NAMESPACE = b"doorstep/"
_FIELD_PRIME = 2**255 - 19
# The y coordinates of the eight points of small order; under such a key, signatures bind nothing.
_SMALL_ORDER_Y = frozenset(
    {
        0,
        1,
        _FIELD_PRIME - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)


class Purpose(StrEnum):
    """The context string of each thing that is signed."""

    RECORD = "doorstep/record/v1"
    MANIFEST = "doorstep/manifest/v1"
    ROSTER = "doorstep/roster/v1"
    FORM = "doorstep/form/v1"
    CHECKPOINT = "doorstep/checkpoint/v1"
    REQUEST = "doorstep/request/v1"
    ENROLMENT = "doorstep/enrolment/v1"


class BadSignature(Problem):
    """The signature is not this key's signature of this message for this purpose."""

    def __init__(self, context: str) -> None:
        super().__init__("crypto.bad_signature", context=str(context))


def _framed(context: str, message: bytes) -> bytes:
    if not context or "\x00" in context:
        raise ValueError("a context is text without a zero byte")
    return context.encode("utf-8") + b"\x00" + message


@dataclass(frozen=True)
class VerifyKey:
    """A public signing key; its text is `ed25519:` and 43 characters of base64url."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 32:
            raise Problem("crypto.bad_key")
        if (int.from_bytes(self.raw, "little") & (2**255 - 1)) % _FIELD_PRIME in _SMALL_ORDER_Y:
            raise Problem("crypto.bad_key")

    @cached_property
    def _parsed(self) -> Ed25519PublicKey:
        """A server checks thousands of signatures by the same few keys."""
        return Ed25519PublicKey.from_public_bytes(self.raw)

    @classmethod
    def parse(cls, text: str) -> "VerifyKey":
        """The key of its text; raises Problem("crypto.bad_key")."""
        if not isinstance(text, str) or not text.startswith(PREFIX):
            raise Problem("crypto.bad_key")
        try:
            return cls(unb64(text.removeprefix(PREFIX)))
        except ValueError as error:
            raise Problem("crypto.bad_key") from error

    def __str__(self) -> str:
        return PREFIX + b64(self.raw)

    def verify(self, context: str, message: bytes, signature: bytes) -> None:
        """Returns when the signature holds; raises BadSignature otherwise."""
        self._check(_framed(context, message), signature, context)

    def verify_bare(self, message: bytes, signature: bytes) -> None:
        """The check that belongs to `SigningKey.sign_bare`."""
        if message.startswith(_NAMESPACE):
            raise BadSignature("bare")
        self._check(message, signature, "bare")

    def _check(self, signed: bytes, signature: bytes, context: str) -> None:
        try:
            self._parsed.verify(signature, signed)
        except InvalidSignature as error:
            raise BadSignature(context) from error


@dataclass(frozen=True)
class SigningKey:
    """A secret signing key. Its text never appears in `repr`, logs or tracebacks."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != 32:
            raise Problem("crypto.bad_key")

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = os.urandom) -> "SigningKey":
        return cls(random(32))

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        return cls(bytes(seed))

    @property
    def public(self) -> VerifyKey:
        return VerifyKey(self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, context: str, message: bytes) -> bytes:
        """64 bytes that verify only under this context."""
        return self._private.sign(_framed(context, message))

    def sign_bare(self, message: bytes) -> bytes:
        """For foreign formats that fix their own signed bytes (C2SP notes, RFC 9421 signature bases).

        Refuses messages that could be mistaken for one of our contexts.
        """
        if message.startswith(_NAMESPACE):
            raise ValueError("these bytes belong to a signing context")
        return self._private.sign(message)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)
