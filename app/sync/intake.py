"""Deciding about one pulled entry: a record to keep, an attachment to remember, or a reason to set it aside.

Nothing here writes. Order of the checks: who announced it and in which place of their chain, whether the
bytes are the announced ones, whether they open, whether the record inside may be believed.
"""

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from app.crypto.device import DeviceKeys
from app.crypto.record import SignedRecord, check_announced, check_record, open_record
from app.crypto.record_check import is_original
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.protocol.roster import Roster
from app.store.store import Store, StoredRecord
from app.sync.objects import matches
from app.sync.state import CHAIN

ATTACHMENT = "attachment:"  # values: what is known of an attachment, by the SHA-256 of its sealed file


@dataclass(frozen=True)
class Verdict:
    """What to do with an entry. At most one of `record` (keep it), `known` (this revision is here already),
    `attachment` (a sealed file's SHA-256) and `refused`. `attachments` are the files that the record names.
    `place`: where the record belongs in the order of the log, which is the original's place."""

    index: int
    manifest: Manifest
    record: StoredRecord | None = None
    known: str = ""
    attachment: str = ""
    attachments: tuple[dict[str, Any], ...] = ()
    refused: Problem | None = None
    content: bytes | None = None
    place: int | None = None


@dataclass
class Chains:
    """Where each author's chain of manifests stands, with the changes of one page held back until its end."""

    store: Store
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    gaps: list[dict[str, Any]] = field(default_factory=list)

    def check(self, manifest: Manifest, index: int) -> None:
        """Raises Problem("sync.repeated" | "sync.chain_broken"); notes a gap to be audited."""
        last = self.changed.get(manifest.device) or self.store.values.get(CHAIN + manifest.device)
        if last is not None and manifest.seq <= last["seq"]:
            raise Problem("sync.repeated")
        expected = 0 if last is None else last["seq"] + 1
        if last is not None and manifest.seq == expected and manifest.prev != last["digest"]:
            raise Problem("sync.chain_broken")
        if manifest.seq > expected:
            gap = {"device": manifest.device, "from": expected, "to": manifest.seq, "prev": manifest.prev}
            self.gaps.append({**gap, "start": None if last is None else last["digest"]})
        self.changed[manifest.device] = {"seq": manifest.seq, "digest": manifest.digest(), "index": index}

    def save(self) -> None:
        """Writes the changes; inside the transaction of the page."""
        for device, last in self.changed.items():
            self.store.values.set(CHAIN + device, last)
        self.changed = {}


@dataclass
class Intake:
    """Judges entries for one device under one roster. `forms`: published (form, version), None if unknown."""

    store: Store
    device: DeviceKeys
    roster: Roster
    forms: Container[tuple[str, str]] | None
    own: set[str] | None = None  # objects of the outbox, read when first asked for
    named: set[str] = field(default_factory=set)  # attachments of records on the page under way

    def announced(self, manifest: Manifest, index: int, chains: Chains) -> None:
        """Whether the manifest itself may be believed. Raises Problem."""
        author = self.roster.devices.get(manifest.device)
        if author is None:
            raise Problem("crypto.unknown_author", device=manifest.device)
        manifest.verify(author.sign_key)
        if author.id != self.device.device_id:  # one's own numbers are compared before anything is sent
            chains.check(manifest, index)

    def is_attachment(self, manifest: Manifest) -> bool:
        """Whether a record named this sealed file before, or it is one of ours that somebody else announced."""
        sha256 = manifest.sha256
        return (
            sha256 in self.named
            or self.store.values.get(ATTACHMENT + sha256) is not None
            or self.store.outbox.get(sha256) is not None
        )

    def is_here(self, manifest: Manifest) -> bool:
        """Whether this is one of this device's own entries."""
        if manifest.device != self.device.device_id:
            return False
        if self.own is None:
            self.own = {entry.sha256 for entry in self.store.outbox.all()}
        return manifest.sha256 in self.own

    def opened(self, index: int, manifest: Manifest, content: bytes | None) -> Verdict:
        """The verdict on the object of a believed manifest. Raises Problem with the reason to set it aside."""
        if content is None:
            raise Problem("sync.object_missing")
        if not matches(content, manifest.sha256, manifest.size):
            raise Problem("sync.altered", reason="hash")
        signed = open_record(content, [self.device.identity])
        check_record(signed, self.roster, forms=self.forms)
        check_announced(signed, manifest, self.roster)
        return self._verdict(index, manifest, signed)

    def _verdict(self, index: int, manifest: Manifest, signed: SignedRecord) -> Verdict:
        record = signed.record.to_dict()
        place = index if is_original(signed, manifest) else place_of(signed, index)
        self.named.update(str(one["sha256"]) for one in record["attachments"])
        known = self.store.records.get(signed.record.revision)
        if known is not None:
            if known.signature != signed.signature:
                raise Problem("sync.revision_taken", revision=signed.record.revision)
            return Verdict(
                index, manifest, known=known.revision, attachments=tuple(record["attachments"]), place=place
            )
        stored = StoredRecord(
            record, signed.signature, manifest.sha256, place, "pulled", readers=manifest.audience
        )
        return Verdict(index, manifest, record=stored, attachments=tuple(record["attachments"]), place=place)


def place_of(signed: SignedRecord, index: int) -> int:
    """Where a record that was sealed again belongs: at its original's place, which it says itself.

    A supervisor who had no receipt yet, or one whose log was lost since, leaves it at its own place.
    """
    return signed.index if signed.index is not None and signed.index < index else index


def published_forms(store: Store) -> set[tuple[str, str]] | None:
    """Every (form, version) that a programme record brought; None before the first one.

    A register that was brought in is a programme record without forms: it may arrive before those.
    """
    brought = (forms_of(stored) for stored in store.records.all("programme"))
    return set[tuple[str, str]]().union(*brought) or None


def forms_of(programme: StoredRecord) -> set[tuple[str, str]]:
    """The (form, version) pairs that one programme record brings."""
    return {(str(one["id"]), str(one["version"])) for one in programme.record["body"].get("forms", [])}
