"""The inner record: what a person finalised, as it is signed (DESIGN §3).

Reading is strict: a record with an unknown, missing or misshapen member is refused before anything
looks inside its body.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.crypto.record_body import fault, is_moment
from app.protocol.canonical import JsonError, b64, canonical_json, parse_canonical, unb64
from app.protocol.errors import Problem
from app.protocol.keys import BadSignature, Purpose, SigningKey, VerifyKey

VERSION = 1
KINDS = ("submission", "review", "assignment", "referral_update", "merge", "profile", "programme", "drafts")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")
_HASH = re.compile(r"[0-9a-f]{64}")
_ATTACHMENT_FIELDS = {"name", "sha256", "size", "identity"}


def bad_record(reason: str) -> Problem:
    return Problem("crypto.bad_record", reason=reason)


@dataclass(frozen=True)
class Record:
    """One immutable revision of one record.

    `record` is the same for all revisions, `revision` names this one and `parents` those it corrects;
    `seq` counts the author device's records from 0; `created` is RFC 3339; `body` is the kind's JSON;
    `attachments` are `{name, sha256, size, identity}` of sealed files; `recipients_hash` fixes whom the
    author sealed it to.
    """

    v: int
    org: str
    kind: str
    form: str
    form_version: str
    record: str
    revision: str
    parents: tuple[str, ...]
    author_device: str
    seq: int
    epoch: int
    created: str
    body: dict[str, Any]
    attachments: tuple[dict[str, Any], ...]
    recipients_hash: str

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; also what the store keeps."""
        plain = {name: getattr(self, name) for name in _FIELDS}
        return {
            **plain,
            "parents": list(self.parents),
            "attachments": [dict(one) for one in self.attachments],
        }

    @classmethod
    def from_dict(cls, value: Any) -> "Record":
        """Raises Problem("crypto.bad_record")."""
        if not isinstance(value, Mapping) or set(value) != set(_FIELDS):
            raise bad_record("members")
        if not isinstance(value["parents"], list) or not isinstance(value["attachments"], list):
            raise bad_record("lists")
        fields = {**value, "parents": tuple(value["parents"]), "attachments": tuple(value["attachments"])}
        record = cls(**fields)
        record.check()
        return record

    def check(self) -> None:
        """Raises Problem("crypto.bad_record") for any member of the wrong type or shape."""
        if type(self.v) is not int or self.v != VERSION:
            raise bad_record("version")
        if self.kind not in KINDS:
            raise bad_record("kind")
        for name in ("org", "record", "revision", "author_device"):
            if not _matches(_ID, getattr(self, name)):
                raise bad_record(name)
        if not all(_matches(_ID, parent) for parent in self.parents) or self.revision in self.parents:
            raise bad_record("parents")
        if len(set(self.parents)) != len(self.parents):
            raise bad_record("parents")
        if not isinstance(self.form, str) or not isinstance(self.form_version, str):
            raise bad_record("form")
        if not _counts(self.seq, 0) or not _counts(self.epoch, 1):
            raise bad_record("numbers")
        if not _matches(_TIME, self.created) or not is_moment(self.created):
            raise bad_record("created")
        if not _matches(_HASH, self.recipients_hash):
            raise bad_record("recipients_hash")
        if not isinstance(self.body, dict):
            raise bad_record("body")
        if (member := fault(self.kind, self.body)) is not None:
            raise bad_record(f"body: {member}")
        for attachment in self.attachments:
            _check_attachment(attachment)

    def canonical(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(self.to_dict())

    @property
    def purpose(self) -> Purpose:
        """Publishing forms is signed under a context of its own."""
        return Purpose.FORM if self.kind == "programme" else Purpose.RECORD


_FIELDS = tuple(Record.__dataclass_fields__)


@dataclass(frozen=True)
class SignedRecord:
    """A record with its author's signature (base64url), and how many recipients its file named.

    `envelope_bytes` is the canonical JSON `{"record": …, "signature": …}`; `stanzas` is None when the
    record does not come from a sealed object. `index` is in what a supervisor sealed again and nowhere else:
    the original's place in the log, which its new readers never see. The manifest's signature stands for it.
    """

    record: Record
    signature: str
    stanzas: int | None = None
    index: int | None = None

    @property
    def envelope_bytes(self) -> bytes:
        place = {} if self.index is None else {"index": self.index}
        return canonical_json({**place, "record": self.record.to_dict(), "signature": self.signature})

    def verify(self, key: VerifyKey) -> None:
        """Raises BadSignature unless this key signed exactly this record."""
        try:
            signature = unb64(self.signature)
        except ValueError as error:
            raise BadSignature(self.record.purpose) from error
        key.verify(self.record.purpose, self.record.canonical(), signature)

    @classmethod
    def from_envelope(cls, data: bytes, stanzas: int | None = None) -> "SignedRecord":
        """Raises Problem("crypto.bad_record") for anything but canonical bytes of a well-formed record."""
        try:
            value = parse_canonical(data)
        except JsonError as error:
            raise bad_record("not canonical") from error
        if not isinstance(value, dict) or set(value) - {"index"} != {"record", "signature"}:
            raise bad_record("envelope")
        if "index" in value and not _counts(value["index"], 0):
            raise bad_record("index")
        signed = cls.from_parts(value["record"], value["signature"], stanzas)
        return replace(signed, index=value.get("index"))

    @classmethod
    def from_parts(cls, record: Any, signature: Any, stanzas: int | None = None) -> "SignedRecord":
        """From the store's two values, for sealing an old record again."""
        if not isinstance(signature, str):
            raise bad_record("signature")
        return cls(Record.from_dict(record), signature, stanzas)


def sign_record(record: Record, key: SigningKey) -> SignedRecord:
    """Raises Problem("crypto.bad_record") rather than sign what nobody would accept."""
    return sign_whole(record, key)[0]


def sign_whole(record: Record, key: SigningKey) -> tuple[SignedRecord, bytes]:
    """As `sign_record`, with the envelope: the record is written out only once."""
    record.check()
    written = record.canonical()
    signature = b64(key.sign(record.purpose, written))
    return SignedRecord(record, signature), _envelope(written, signature)


def _envelope(record: bytes, signature: str) -> bytes:
    """The canonical bytes of `{"record": …, "signature": …}` around a record's own."""
    return b'{"record":' + record + b',"signature":' + canonical_json(signature) + b"}"


def recipients_hash(recipients: Iterable[str]) -> str:
    """SHA-256 (hex) of the sorted age recipients, each counted once."""
    return hashlib.sha256(canonical_json(sorted(set(recipients)))).hexdigest()


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _counts(value: Any, least: int) -> bool:
    return type(value) is int and least <= value < 2**53


def _check_attachment(value: Any) -> None:
    if not isinstance(value, dict) or set(value) != _ATTACHMENT_FIELDS:
        raise bad_record("attachment")
    if not isinstance(value["name"], str) or not isinstance(value["identity"], str):
        raise bad_record("attachment")
    if not _matches(_HASH, value["sha256"]) or not _counts(value["size"], 0):
        raise bad_record("attachment")
