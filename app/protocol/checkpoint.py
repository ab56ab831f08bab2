"""Signed tree heads: C2SP tlog-checkpoint text inside a C2SP signed note, with the server's log key.

log.doorstep/<workspace>      the log's origin
<size>
<root, standard base64>
at <RFC 3339, UTC>            extension lines: when it was signed (for people; nothing is decided by it)
roster <count> <head, hex>    and the roster the server holds, so that two devices can compare

— <origin> <base64 of key hash ‖ Ed25519 signature>
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from app.protocol.errors import Problem
from app.protocol.keys import SigningKey, VerifyKey
from app.protocol.tree import HASH_SIZE, MAX_SIZE

ED25519 = b"\x01"  # the signature type byte of C2SP signed notes
_ORIGIN = re.compile(r"[^\s+]{1,200}")
_AT = re.compile(r"at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)")
_ROSTER = re.compile(r"roster (0|[1-9]\d{0,15}) ([0-9a-f]{64}|-)")


def origin_of(workspace: str) -> str:
    """The name of a workspace's log; it stays when the server moves to another address."""
    return f"log.doorstep/{workspace}"


@dataclass(frozen=True)
class Checkpoint:
    """A tree head. `root` is 32 bytes, `at` RFC 3339 UTC; roster_count and roster_head as in `Roster`."""

    origin: str
    size: int
    root: bytes
    at: str
    roster_count: int = 0
    roster_head: str = ""

    def body(self) -> str:
        """The text that is signed, with its final newline."""
        root = base64.b64encode(self.root).decode("ascii")
        roster = f"roster {self.roster_count} {self.roster_head or '-'}"
        return f"{self.origin}\n{self.size}\n{root}\nat {self.at}\n{roster}\n"

    def sign(self, key: SigningKey) -> str:
        """The signed note."""
        body = self.body()
        signature = key_hash(self.origin, key.public) + key.sign_bare(body.encode("utf-8"))
        return f"{body}\n— {self.origin} {base64.b64encode(signature).decode('ascii')}\n"

    @classmethod
    def open(cls, note: str, key: VerifyKey, origin: str) -> "Checkpoint":
        """The checkpoint of a note that this key signed for this origin.

        Raises Problem("server.bad_checkpoint") otherwise. Signatures of others (witnesses) are passed over.
        """
        body, separator, signatures = note.rpartition("\n\n")
        if not separator or not signatures.endswith("\n"):
            raise _bad("no signature")
        body += "\n"
        checkpoint = cls.parse(body)
        if checkpoint.origin != origin:
            raise _bad("another log")
        prefix = f"— {origin} "
        for line in signatures.splitlines():
            if line.startswith(prefix) and _holds(line.removeprefix(prefix), origin, key, body):
                return checkpoint
        raise _bad("not signed by this log")

    @classmethod
    def parse(cls, body: str) -> "Checkpoint":
        """The values of a note's text, unverified."""
        lines = body.split("\n")
        if len(lines) < 6 or lines[-1] or not _ORIGIN.fullmatch(lines[0]):
            raise _bad("shape")
        if not re.fullmatch(r"0|[1-9]\d{0,15}", lines[1]) or int(lines[1]) > MAX_SIZE:
            raise _bad("size")
        at, roster = _AT.fullmatch(lines[3]), _ROSTER.fullmatch(lines[4])
        if not at or not roster:
            raise _bad("extension lines")
        head = "" if roster[2] == "-" else roster[2]
        return cls(lines[0], int(lines[1]), _root(lines[2]), at[1], int(roster[1]), head)


def key_hash(name: str, key: VerifyKey) -> bytes:
    """The four bytes by which a signed note names a key."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + ED25519 + key.raw).digest()[:4]


def _holds(text: str, origin: str, key: VerifyKey, body: str) -> bool:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 68 or raw[:4] != key_hash(origin, key):
        return False
    try:
        key.verify_bare(body.encode("utf-8"), raw[4:])
    except Problem:
        return False
    return True


def _root(text: str) -> bytes:
    try:
        root = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _bad("root") from error
    if len(root) != HASH_SIZE:
        raise _bad("root")
    return root


def _bad(reason: str) -> Problem:
    return Problem("server.bad_checkpoint", reason=reason)
