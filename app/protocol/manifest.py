"""The manifest: all that the server sees of a sealed object, and what the log is made of.

`prev` chains a device's manifests, so nobody can drop, reorder or invent one of them unnoticed.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from app.protocol.canonical import b64, unb64
from app.protocol.errors import Problem
from app.protocol.keys import Purpose, SigningKey, VerifyKey
from app.protocol.statement import is_name
from app.protocol.tree import leaf_hash
from app.protocol.versions import AUDIENCE_LIMIT, OBJECT_LIMIT

SIGNATURE_SIZE = 64
_HASH = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"(?:[A-Za-z0-9_-]{86})?")
_FIELDS = frozenset(
    {"workspace", "device", "seq", "prev", "sha256", "size", "epoch", "audience", "signature"}
)


@dataclass(frozen=True)
class Manifest:
    """`seq` counts a device's manifests from 0; `prev` is the digest of the one before ("" at 0).

    sha256 (hex) and size (bytes) are the sealed object's; `audience` is sorted device ids; `signature` is
    base64url of 64 bytes, or "" before signing. Raises Problem("server.malformed") for any other shape.
    """

    workspace: str
    device: str
    seq: int
    prev: str
    sha256: str
    size: int
    epoch: int
    audience: tuple[str, ...]
    signature: str = ""

    def __post_init__(self) -> None:
        if not is_name(self.workspace) or not is_name(self.device):
            raise _malformed("a name")
        if not _is_count(self.seq) or not _is_count(self.epoch):
            raise _malformed("seq or epoch")
        if not isinstance(self.prev, str) or bool(self.prev) != (self.seq > 0):
            raise _malformed("prev")
        if (self.prev and not is_hash(self.prev)) or not is_hash(self.sha256):
            raise _malformed("a hash")
        if not _is_count(self.size) or not 0 < self.size <= OBJECT_LIMIT:
            raise _malformed("size")
        if not isinstance(self.signature, str) or not _SIGNATURE.fullmatch(self.signature):
            raise _malformed("signature")
        self._check_audience()

    def _check_audience(self) -> None:
        if not isinstance(self.audience, tuple) or len(self.audience) > AUDIENCE_LIMIT:
            raise _malformed("audience")
        if not all(is_name(name) for name in self.audience):
            raise _malformed("audience")
        if any(one >= other for one, other in zip(self.audience, self.audience[1:], strict=False)):
            raise _malformed("audience order")

    @classmethod
    def signed(
        cls,
        *,
        key: SigningKey,
        workspace: str,
        device: str,
        seq: int,
        prev: str,
        sha256: str,
        size: int,
        epoch: int,
        audience: Iterable[str],
    ) -> "Manifest":
        draft = cls(workspace, device, seq, prev, sha256, size, epoch, tuple(sorted(set(audience))))
        return replace(draft, signature=b64(key.sign(Purpose.MANIFEST, draft.unsigned())))

    def _plain(self) -> dict[str, Any]:
        return {
            "workspace": self.workspace,
            "device": self.device,
            "seq": self.seq,
            "prev": self.prev,
            "sha256": self.sha256,
            "size": self.size,
            "epoch": self.epoch,
            "audience": list(self.audience),
        }

    def unsigned(self) -> bytes:
        """The bytes that are signed (under Purpose.MANIFEST): canonical JSON of all but the signature."""
        return self._canonical("")

    def leaf(self) -> bytes:
        """The bytes hashed into the log: canonical JSON of the whole manifest, signature included."""
        return self._leaf

    @cached_property
    def _leaf(self) -> bytes:
        return self._canonical(f'"signature":"{self.signature}",')

    def _canonical(self, signature: str) -> bytes:
        """RFC 8785 by hand: no value can hold a character that JSON escapes, and this runs for every entry."""
        audience = '","'.join(self.audience)
        return (
            f'{{"audience":[{chr(34) + audience + chr(34) if audience else ""}],"device":"{self.device}",'
            f'"epoch":{self.epoch},"prev":"{self.prev}","seq":{self.seq},"sha256":"{self.sha256}",'
            f'{signature}"size":{self.size},"workspace":"{self.workspace}"}}'
        ).encode("ascii")

    def leaf_hash(self) -> bytes:
        """The leaf's hash in the tree, 32 bytes."""
        return leaf_hash(self.leaf())

    def digest(self) -> str:
        """SHA-256 (hex) of the leaf: the `prev` of this device's next manifest."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self._leaf).hexdigest()

    def verify(self, key: VerifyKey) -> None:
        """Raises BadSignature unless this key signed exactly this manifest."""
        key.verify(Purpose.MANIFEST, self.unsigned(), self.raw_signature())

    def raw_signature(self) -> bytes:
        """64 bytes; raises Problem("server.malformed")."""
        return self._raw_signature

    @cached_property
    def _raw_signature(self) -> bytes:
        try:
            raw = unb64(self.signature)
        except (ValueError, AttributeError) as error:
            raise _malformed("signature") from error
        if len(raw) != SIGNATURE_SIZE:
            raise _malformed("signature")
        return raw

    def to_wire(self) -> dict[str, Any]:
        """A JSON-able dict."""
        return {**self._plain(), "signature": self.signature}

    @classmethod
    def from_wire(cls, wire: Any) -> "Manifest":
        """Strict; raises Problem("server.malformed")."""
        if (
            not isinstance(wire, dict)
            or frozenset(wire) != _FIELDS
            or not isinstance(wire["audience"], list | tuple)
        ):
            raise _malformed("members")
        manifest = cls(**{**wire, "audience": tuple(wire["audience"])})
        manifest.raw_signature()
        return manifest


def is_hash(text: Any) -> bool:
    """Whether a text is a SHA-256 in lower-case hex."""
    return isinstance(text, str) and _HASH.fullmatch(text) is not None


def _is_count(number: Any) -> bool:
    return type(number) is int and 0 <= number < 2**53


def _malformed(what: str) -> Problem:
    return Problem("server.malformed", part=f"manifest: {what}")
