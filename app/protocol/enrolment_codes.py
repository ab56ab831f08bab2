"""The three text codes of enrolment: invitation, request, answer. A QR code holds the same text.

    DOORSTEP-INVITE-1…   to the tablet: version ‖ secret (32) ‖ root mark (16) ‖ expires (4) ‖ length ‖ server
    DOORSTEP-REQUEST-1…  to the supervisor: version ‖ kind ‖ offer
    DOORSTEP-ANSWER-1…   to the tablet: version ‖ kind ‖ answer

Bech32 with its checksum: any one wrong character, and nearly every other slip, is noticed. Case, white
space and hyphens are forgiven, because people type, dictate and paste. `kind` says how what follows is
sealed: with the invitation's secret, or (first supervisor, no invitation) not at all and with age.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal

from app.protocol import bech32
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey

VERSION = 1
INVITE, REQUEST, ANSWER = "doorstep-invite-", "doorstep-request-", "doorstep-answer-"
SECRET_SIZE, MARK_SIZE = 32, 16
LONGEST_CODE = 4000  # characters: what a QR code can hold
LONGEST_ADDRESS = 255
Kind = Literal["invited", "first"]
_KINDS: tuple[Kind, ...] = ("invited", "first")
_FORGIVEN = re.compile(r"[\s\-\u00ad\u2010-\u2015\u200b-\u200f\u2060\ufeff]+")
_ADDRESS = re.compile(r"https?://[!-~]+")


def root_mark(root: VerifyKey) -> bytes:
    """The first 16 bytes of SHA-256 of the public root key: by them a tablet knows its organisation."""
    return hashlib.sha256(root.raw).digest()[:MARK_SIZE]


@dataclass(frozen=True)
class InvitationCode:
    """What a supervisor shows. `secret` opens the hand-shake: whoever reads the code may answer once.

    `expires` is Unix seconds; the server keeps the same limit.
    """

    secret: bytes = field(repr=False)
    root_mark: bytes
    server: str
    expires: int

    def text(self) -> str:
        address = self.server.encode("ascii")
        if len(address) > LONGEST_ADDRESS:
            raise Problem("enrol.bad_code")
        expires = self.expires.to_bytes(4, "big")
        return _write(INVITE, self.secret + self.root_mark + expires + bytes([len(address)]) + address)

    @classmethod
    def parse(cls, text: str) -> "InvitationCode":
        """Raises Problem: enrol.bad_code, enrol.other_code, enrol.wrong_version."""
        data = _read(INVITE, text)
        fixed = SECRET_SIZE + MARK_SIZE + 4
        if len(data) < fixed + 1 or len(data) != fixed + 1 + data[fixed]:
            raise Problem("enrol.bad_code")
        try:
            address = data[fixed + 1 :].decode("ascii")
        except UnicodeDecodeError as error:
            raise Problem("enrol.bad_code") from error
        if not _ADDRESS.fullmatch(address):
            raise Problem("enrol.bad_code")
        mark_at = SECRET_SIZE + MARK_SIZE
        return cls(
            secret=data[:SECRET_SIZE],
            root_mark=data[SECRET_SIZE:mark_at],
            server=address,
            expires=int.from_bytes(data[mark_at:fixed], "big"),
        )


def request_code(kind: Kind, offer: bytes) -> str:
    """The text of a tablet's offer."""
    return _write(REQUEST, bytes([_KINDS.index(kind)]) + offer)


def read_request(text: str) -> tuple[Kind, bytes]:
    """(kind, offer); raises as `InvitationCode.parse`."""
    return _kind(_read(REQUEST, text))


def answer_code(kind: Kind, answer: bytes) -> str:
    """The text of a supervisor's answer."""
    return _write(ANSWER, bytes([_KINDS.index(kind)]) + answer)


def read_answer(text: str) -> tuple[Kind, bytes]:
    """(kind, answer); raises as `InvitationCode.parse`."""
    return _kind(_read(ANSWER, text))


def code_kind(text: str) -> str:
    """ "invite", "request", "answer" or "" by how a text begins; says nothing about its being whole."""
    plain = _plain(text)
    for prefix in (INVITE, REQUEST, ANSWER):
        if plain.startswith(_plain(prefix) + "1"):
            return prefix.split("-")[1]
    return ""


def grouped(code: str, size: int = 5) -> str:
    """The code in groups, for eyes and telephones; reading forgives the spaces."""
    head, separator, body = code.rpartition("1")
    return head + separator + " " + " ".join(body[at : at + size] for at in range(0, len(body), size))


def _write(prefix: str, data: bytes) -> str:
    return bech32.encode(prefix, bytes([VERSION]) + data).upper()


def _read(prefix: str, text: str) -> bytes:
    plain, bare = _plain(text), _plain(prefix)
    if len(plain) > LONGEST_CODE or not plain.startswith(bare + "1"):
        raise Problem("enrol.other_code" if code_kind(text) else "enrol.bad_code")
    try:
        _, data = bech32.decode(prefix + plain.removeprefix(bare))
    except bech32.Bech32Error as error:
        raise Problem("enrol.bad_code") from error
    if not data:
        raise Problem("enrol.bad_code")
    if data[0] != VERSION:
        raise Problem("enrol.wrong_version")
    return data[1:]


def _plain(text: str) -> str:
    bare = _FORGIVEN.sub("", text)
    # Some letters outside ASCII turn into ASCII ones when their case changes.
    return bare.lower() if bare.isascii() else bare


def _kind(data: bytes) -> tuple[Kind, bytes]:
    if not data or data[0] >= len(_KINDS):
        raise Problem("enrol.bad_code")
    return _KINDS[data[0]], data[1:]
