"""GET and POST /v1/roster, GET /v1/consistency and /v1/inclusion, as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.protocol.canonical import canonical_json
from app.protocol.enrolment import members
from app.protocol.errors import Problem
from app.protocol.statement import Statement


@dataclass(frozen=True)
class RosterMessage:
    """Statements n, n+1, … in order: what a client posts, and what the server answers with.

    The server's word is worth nothing here: a client replays them against its pinned root (`Roster.follow`).
    """

    statements: tuple[Statement, ...]

    def encode(self) -> bytes:
        return canonical_json({"statements": [statement.to_wire() for statement in self.statements]})

    @classmethod
    def decode(cls, data: bytes) -> "RosterMessage":
        """Raises Problem("server.malformed") or RosterError."""
        listed = members(data, {"statements"})["statements"]
        if not isinstance(listed, list):
            raise Problem("server.malformed", part="statements")
        return cls(tuple(Statement.from_wire(one) for one in listed))


@dataclass(frozen=True)
class ProofMessage:
    """An RFC 6962 proof between tree sizes `first` and `second`, or of leaf `first` in a tree of `second`."""

    first: int
    second: int
    proof: tuple[bytes, ...]

    def encode(self) -> bytes:
        return canonical_json(
            {"first": self.first, "second": self.second, "proof": [one.hex() for one in self.proof]}
        )

    @classmethod
    def decode(cls, data: bytes) -> "ProofMessage":
        found = members(data, {"first", "second", "proof"})
        if type(found["first"]) is not int or type(found["second"]) is not int:
            raise Problem("server.malformed", part="sizes")
        return cls(found["first"], found["second"], tuple(_hashes(found["proof"])))


def _hashes(value: Any) -> Iterable[bytes]:
    if not isinstance(value, list) or not all(isinstance(one, str) and len(one) == 64 for one in value):
        raise Problem("server.malformed", part="proof")
    try:
        return [bytes.fromhex(one) for one in value]
    except ValueError as error:
        raise Problem("server.malformed", part="proof") from error
