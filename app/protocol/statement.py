"""One signed statement of the roster: its shape, its bytes, its place in the chain.

What a statement may say and who may say it is decided in `roster.py`.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from app.protocol.canonical import b64, canonical_json, unb64
from app.protocol.errors import Problem
from app.protocol.keys import Purpose, SigningKey, VerifyKey

VERSION = 1
ROOT = "root"  # the signer name of the organisation's offline root key
BODY_FIELDS: Mapping[str, frozenset[str]] = {
    "genesis": frozenset({"root", "recovery"}),
    "add_device": frozenset({"device", "member", "role", "sign_key", "recipient"}),
    "revoke_device": frozenset({"device"}),
    "change_role": frozenset({"device", "role"}),
    "new_epoch": frozenset(),
    "rotate_recovery": frozenset({"recovery"}),
}
_FIELDS = frozenset({"v", "org", "n", "prev", "kind", "at", "body", "signer", "signature"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HASH = re.compile(r"(?:[0-9a-f]{64})?")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")


class RosterError(Problem):
    """A statement or a whole chain that must not be believed; `.code` says why."""


def is_name(text: Any) -> bool:
    """Whether a text may name an organisation, device or member: an id, never a person's name."""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def malformed(reason: str) -> RosterError:
    return RosterError("roster.malformed", reason=reason)


@dataclass(frozen=True)
class Statement:
    """`n` counts from 0, `prev` is the hash of statement n-1 ("" for genesis), `at` is RFC 3339 in UTC.

    `signer` is "root" or a device id. The signature is 64 bytes over the canonical JSON of the rest.
    """

    org: str
    n: int
    prev: str
    kind: str
    at: str
    body: Mapping[str, str]
    signer: str
    signature: bytes

    def __post_init__(self) -> None:
        if not is_name(self.org) or not is_name(self.signer):
            raise malformed("a name")
        if type(self.n) is not int or not 0 <= self.n < 2**53:
            raise malformed("n")
        if not isinstance(self.prev, str) or not _HASH.fullmatch(self.prev):
            raise malformed("prev")
        if (self.prev == "") != (self.n == 0):
            raise malformed("prev")
        if not isinstance(self.at, str) or not _TIME.fullmatch(self.at):
            raise malformed("at")
        if not isinstance(self.kind, str) or self.kind not in BODY_FIELDS:
            raise malformed("kind")
        if not isinstance(self.body, Mapping) or frozenset(self.body) != BODY_FIELDS[self.kind]:
            raise malformed("body")
        if not all(isinstance(value, str) for value in self.body.values()):
            raise malformed("body")
        if not isinstance(self.signature, bytes) or len(self.signature) not in (0, 64):
            raise malformed("signature")
        object.__setattr__(self, "body", MappingProxyType(dict(self.body)))

    @classmethod
    def signed(
        cls,
        *,
        org: str,
        n: int,
        prev: str,
        kind: str,
        at: str,
        body: Mapping[str, str],
        signer: str,
        key: SigningKey,
    ) -> "Statement":
        draft = cls(org, n, prev, kind, at, body, signer, b"")
        signature = key.sign(Purpose.ROSTER, draft.unsigned())
        return replace(draft, signature=signature)

    @classmethod
    def genesis(cls, *, org: str, root: SigningKey, recovery: str, at: str) -> "Statement":
        """The first statement: names the root key, which signs it, and the recovery recipient."""
        body = {"root": str(root.public), "recovery": recovery}
        return cls.signed(org=org, n=0, prev="", kind="genesis", at=at, body=body, signer=ROOT, key=root)

    def _plain(self) -> dict[str, Any]:
        return {
            "v": VERSION,
            "org": self.org,
            "n": self.n,
            "prev": self.prev,
            "kind": self.kind,
            "at": self.at,
            "body": dict(self.body),
            "signer": self.signer,
        }

    def unsigned(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(self._plain())

    def hash(self) -> str:
        """SHA-256 (hex) of the whole statement, signature included: the next statement's `prev`."""
        return hashlib.sha256(canonical_json(self.to_wire())).hexdigest()

    def verify(self, key: VerifyKey) -> None:
        """Raises RosterError("roster.bad_signature") unless this key signed exactly this statement."""
        try:
            key.verify(Purpose.ROSTER, self.unsigned(), self.signature)
        except Problem as error:
            raise RosterError("roster.bad_signature", n=self.n) from error

    def to_wire(self) -> dict[str, Any]:
        """A JSON-able dict; the signature is base64url."""
        return {**self._plain(), "signature": b64(self.signature)}

    @classmethod
    def from_wire(cls, wire: Any) -> "Statement":
        """Strict: unknown or missing members, another version or wrong types raise RosterError."""
        if not isinstance(wire, dict) or frozenset(wire) != _FIELDS:
            raise malformed("members")
        if type(wire["v"]) is not int or wire["v"] != VERSION:
            raise malformed("version")
        try:
            signature = unb64(wire["signature"])
        except (ValueError, AttributeError) as error:
            raise malformed("signature") from error
        if len(signature) != 64:
            raise malformed("signature")
        fields = {name: wire[name] for name in ("org", "n", "prev", "kind", "at", "body", "signer")}
        return cls(**fields, signature=signature)
