"""Whether a record that opened may be believed. Every reason to doubt is a Problem code for quarantine."""

from collections.abc import Container
from typing import Protocol

from app.crypto.record_model import Record, SignedRecord, recipients_hash
from app.protocol.errors import Problem
from app.protocol.roster import Device, Role, Roster, RosterError

_SUPERVISORS_ONLY = frozenset({"review", "assignment", "programme"})


class Announced(Protocol):
    """What the manifest said about the object: who pushed it, as which of theirs, to whom."""

    @property
    def device(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def epoch(self) -> int: ...
    @property
    def audience(self) -> tuple[str, ...]: ...


def check_record(
    signed: SignedRecord, roster: Roster, *, forms: Container[tuple[str, str]] | None = None
) -> Device:
    """The author's device. Raises Problem("crypto.…") with the reason.

    `forms`, where given, holds every published (form, version): a submission on another is refused.
    """
    record = signed.record
    if record.org != roster.org:
        raise Problem("crypto.wrong_org")
    if record.epoch > roster.epoch:
        raise Problem("crypto.future_epoch", epoch=record.epoch)
    author = roster.devices.get(record.author_device)
    if author is None:
        raise Problem("crypto.unknown_author", device=record.author_device)
    signed.verify(author.sign_key)
    role = author.role_at(record.epoch)
    if role is None:
        raise Problem("crypto.author_not_active", device=author.id, epoch=record.epoch)
    if not _may_write(record, author, role):
        raise Problem("crypto.role_not_allowed", kind=record.kind, device=author.id)
    if forms is not None and record.kind == "submission" and (record.form, record.form_version) not in forms:
        raise Problem("crypto.unknown_form_version", form=record.form, version=record.form_version)
    return author


def check_announced(signed: SignedRecord, manifest: Announced, roster: Roster) -> None:
    """Whether the opened record is the one its manifest announced, locked for whom its author named.

    An original (pushed by its author under its own number) must name exactly its recipients, and its
    file must hold exactly that many stanzas: no reader can be slipped in. Anything else is a record
    that was sealed again for other readers, which only a supervisor may do, to exactly those it names.
    """
    if is_original(signed, manifest):
        _check_original(signed, manifest, roster)
    else:
        _check_resealed(signed, manifest, roster)


def is_original(signed: SignedRecord, manifest: Announced) -> bool:
    """Whether the author announced it, under the record's own number."""
    return manifest.device == signed.record.author_device and manifest.seq == signed.record.seq


def _check_resealed(signed: SignedRecord, manifest: Announced, roster: Roster) -> None:
    if manifest.epoch > roster.epoch:
        raise Problem("crypto.future_epoch", epoch=manifest.epoch)
    device = roster.devices.get(manifest.device)
    if device is None or device.role_at(manifest.epoch) != "supervisor":
        raise Problem("crypto.manifest_mismatch")
    readers = [roster.devices.get(name) for name in manifest.audience]
    # Dating it back to an epoch before its readers had joined hides, say, who was a supervisor.
    if any(reader is None or reader.role_at(manifest.epoch) is None for reader in readers):
        raise Problem("crypto.wrong_recipients")
    if signed.stanzas is not None and signed.stanzas != len(readers):
        raise Problem("crypto.wrong_recipients")


def _check_original(signed: SignedRecord, manifest: Announced, roster: Roster) -> None:
    if manifest.epoch != signed.record.epoch or signed.index is not None:
        raise Problem("crypto.manifest_mismatch")
    try:
        recipients = roster.recipients_at(manifest.audience, manifest.epoch)
    except RosterError as error:
        raise Problem("crypto.wrong_recipients") from error
    if recipients_hash(recipients) != signed.record.recipients_hash:
        raise Problem("crypto.wrong_recipients")
    if signed.stanzas is not None and signed.stanzas != len(recipients):
        raise Problem("crypto.wrong_recipients")


def _may_write(record: Record, author: Device, role: Role) -> bool:
    if role == "supervisor":
        return True
    if record.kind == "profile":
        return record.body.get("member") == author.member
    return record.kind not in _SUPERVISORS_ONLY
