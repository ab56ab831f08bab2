"""The enrolment hand-shake and the server's own card, as JSON.

The server hands two opaque blobs over, the tablet's offer and the supervisor's answer, for whoever knows the
one-time token; it stores only the token's hash. What the blobs hold, and the six words that two people
compare, is between the two devices: the server is not trusted with either.
"""

import hashlib
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from app.protocol.canonical import JsonError, b64, canonical_json, parse_json, unb64
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.manifest import is_hash
from app.protocol.statement import is_name
from app.protocol.versions import BLOB_LIMIT

TOKEN = re.compile(r"[A-Za-z0-9_-]{22,128}")  # at least 128 bits of base64url
LONGEST = 7 * 24 * 3600  # seconds an invitation may stay open
State = Literal["open", "offered", "answered"]


def token_hash(token: str) -> str:
    """SHA-256 (hex) of a token's text: all the server keeps. Raises Problem("server.invite_unknown")."""
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        raise Problem("server.invite_unknown")
    return hashlib.sha256(token.encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Invitation:
    """POST /v1/enrolments, by a supervisor."""

    token_hash: str
    expires_in: int = 24 * 3600

    def encode(self) -> bytes:
        return canonical_json(asdict(self))

    @classmethod
    def decode(cls, data: bytes) -> "Invitation":
        found = members(data, {"token_hash", "expires_in"})
        expires = found["expires_in"]
        if not is_hash(found["token_hash"]) or type(expires) is not int or not 0 < expires <= LONGEST:
            raise Problem("server.malformed", part="invitation")
        return cls(found["token_hash"], expires)


@dataclass(frozen=True)
class Blob:
    """An offer or an answer: at most BLOB_LIMIT bytes that mean nothing to the server."""

    data: bytes

    def encode(self) -> bytes:
        return canonical_json({"blob": b64(self.data)})

    @classmethod
    def decode(cls, body: bytes) -> "Blob":
        data = _octets(members(body, {"blob"})["blob"])
        if not 0 < len(data) <= BLOB_LIMIT:
            raise Problem("server.malformed", part="blob")
        return cls(data)


@dataclass(frozen=True)
class Enrolment:
    """Where one hand-shake stands. `expires` is Unix seconds; offer and answer are b"" until given."""

    workspace: str
    token_hash: str
    state: State
    expires: int
    offer: bytes = b""
    answer: bytes = b""

    def to_wire(self) -> dict[str, Any]:
        return {**asdict(self), "offer": b64(self.offer), "answer": b64(self.answer)}

    @classmethod
    def from_wire(cls, wire: Any) -> "Enrolment":
        if not isinstance(wire, dict) or set(wire) != set(cls.__dataclass_fields__):
            raise Problem("server.malformed", part="enrolment")
        if not is_hash(wire["token_hash"]) or wire["state"] not in ("open", "offered", "answered"):
            raise Problem("server.malformed", part="enrolment")
        if type(wire["expires"]) is not int or not is_name(wire["workspace"]):
            raise Problem("server.malformed", part="enrolment")
        state = cast(State, wire["state"])
        offer, answer = _octets(wire["offer"]), _octets(wire["answer"])
        return cls(wire["workspace"], wire["token_hash"], state, wire["expires"], offer, answer)


@dataclass(frozen=True)
class ServerInfo:
    """GET /v1/info. A client pins `log_key` when it enrols; a later change of it is an alarm, not news."""

    protocol: int
    log_key: VerifyKey
    inline_limit: int
    batch_bytes: int
    chunk_limit: int
    object_limit: int

    def encode(self) -> bytes:
        return canonical_json({**vars(self), "log_key": str(self.log_key)})

    @classmethod
    def decode(cls, data: bytes) -> "ServerInfo":
        found = members(data, set(cls.__dataclass_fields__))
        if any(type(value) is not int for name, value in found.items() if name != "log_key"):
            raise Problem("server.malformed", part="info")
        return cls(**{**found, "log_key": VerifyKey.parse(found["log_key"])})


def members(data: bytes, names: set[str]) -> dict[str, Any]:
    """A JSON object with exactly these members; raises Problem("server.malformed")."""
    try:
        found = parse_json(data)
    except JsonError as error:
        raise Problem("server.malformed", part="not JSON") from error
    if not isinstance(found, dict) or set(found) != names:
        raise Problem("server.malformed", part="members")
    return found


def _octets(value: Any) -> bytes:
    try:
        return unb64(value)
    except (ValueError, AttributeError) as error:
        raise Problem("server.malformed", part="base64url") from error
