"""The answer: what a tablet must know to belong, signed by the supervisor's device (or by the root key).

    length (2) ‖ msgpack members ‖ zeros up to a multiple of 128 ‖ signature (64)

The signature is over "answer" ‖ 0x00 ‖ bound ‖ the members. The padding hides how long the name is. The answer is
believed only together with the roster: it must start from the root key that the invitation marked, name
the signer as an active supervisor, and hold exactly the tablet's own keys.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from app.protocol.errors import Problem
from app.protocol.keys import BadSignature, Purpose, SigningKey, VerifyKey
from app.protocol.roster import ROLES
from app.protocol.statement import is_name
from app.protocol.wire import pack, unpack

VERSION = 1
BLOCK = 128
LONGEST_NAME = 200
_FIELDS = ("v", "org", "root", "log_key", "server", "member", "name", "role", "signer", "offer", "count")


@dataclass(frozen=True)
class Answer:
    """`signer` is the supervisor's device id or "root"; `offer` the hash of the offer it answers.

    `count` is the length of the roster that holds the new device: the server must not show a shorter one.
    """

    org: str
    root: VerifyKey
    log_key: VerifyKey
    server: str
    member: str
    name: str
    role: str
    signer: str
    offer: bytes
    count: int

    def _members(self) -> bytes:
        return pack({"v": VERSION, **asdict(self), "root": self.root.raw, "log_key": self.log_key.raw})

    def signed(self, key: SigningKey, bound: bytes) -> bytes:
        """The bytes that are sealed to the tablet."""
        members = self._members()
        signature = key.sign(Purpose.ENROLMENT, _message(bound, members))
        framed = len(members).to_bytes(2, "big") + members
        return framed + bytes(-len(framed) % BLOCK) + signature


@dataclass(frozen=True)
class SignedAnswer:
    """An answer that is well formed; whose it is, `check` says, once the signer's key is known."""

    answer: Answer
    members: bytes
    signature: bytes
    bound: bytes

    def check(self, key: VerifyKey) -> None:
        """Raises Problem("enrol.bad_answer") unless this key signed it for this invitation."""
        try:
            key.verify(Purpose.ENROLMENT, _message(self.bound, self.members), self.signature)
        except BadSignature as error:
            raise refused("signature") from error


def read_answer(data: bytes, bound: bytes) -> SignedAnswer:
    """Raises Problem: enrol.bad_answer, enrol.wrong_version."""
    framed, signature = data[:-64], data[-64:]
    if len(framed) < BLOCK or len(framed) % BLOCK or len(signature) != 64:
        raise refused("length")
    end = 2 + int.from_bytes(framed[:2], "big")
    if end > len(framed) or len(framed) - end >= BLOCK or any(framed[end:]):
        raise refused("length")
    members = framed[2:end]
    try:
        found = unpack(members, _FIELDS)
    except Problem as error:
        raise refused("members") from error
    if found.pop("v") != VERSION:
        raise Problem("enrol.wrong_version")
    return SignedAnswer(_answer(found), members, signature, bound)


def answer_bound(token_hash: str) -> bytes:
    """What an invitation's offer and answer are bound to."""
    return bytes.fromhex(token_hash)


def first_bound(signed_offer: bytes) -> bytes:
    """Without an invitation, the answer is bound to the whole offer."""
    return hashlib.sha256(b"first\x00" + signed_offer).digest()


def refused(reason: str) -> Problem:
    return Problem("enrol.bad_answer", reason=reason)


def _answer(found: dict[str, Any]) -> Answer:
    texts = ("org", "server", "member", "name", "role", "signer")
    if not all(isinstance(found[name], str) and len(found[name]) <= 255 for name in texts):
        raise refused("texts")
    if not all(
        isinstance(found[name], bytes) and len(found[name]) == 32 for name in ("root", "log_key", "offer")
    ):
        raise refused("keys")
    if not all(is_name(found[name]) for name in ("org", "member", "signer")) or found["role"] not in ROLES:
        raise refused("names")
    if type(found["count"]) is not int or not 0 < found["count"] < 2**31 or len(found["name"]) > LONGEST_NAME:
        raise refused("count")
    try:
        keys = {name: VerifyKey(found[name]) for name in ("root", "log_key")}
    except Problem as error:
        raise refused("keys") from error
    return Answer(**{**found, **keys})


def _message(bound: bytes, members: bytes) -> bytes:
    return b"answer\x00" + bound + members
