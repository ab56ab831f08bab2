"""An organisation in a test: its roster, its devices with their stores, and what people do with them."""

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from app.crypto.age_keys import X25519Identity
from app.crypto.attachment import Attachment, seal_attachment
from app.crypto.device import DeviceKeys, new_device
from app.crypto.record import Record, recipients_hash, seal_record
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.protocol.roster import ROOT, Roster, Statement
from app.store.store import MemoryStore, OutboxEntry, Store, StoredRecord
from app.sync.syncer import Syncer, SyncReport
from app.sync.transport import Transport

ORG = "org-exemplu"
AT = "2026-03-01T10:00:00Z"


class Clock:
    """Time that moves only when told."""

    def __init__(self, now: datetime = datetime(2026, 3, 1, 10, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Random:
    """Bytes that differ from call to call and are the same in every run."""

    def __init__(self, seed: int = 0) -> None:
        self._count = itertools.count(seed << 32)

    def __call__(self, size: int) -> bytes:
        block = hashlib.sha512(str(next(self._count)).encode()).digest()
        return (block * (size // 64 + 1))[:size]


@dataclass
class Organisation:
    """Root and recovery keys, and the roster statements signed so far."""

    clock: Clock = field(default_factory=Clock)
    org: str = ORG
    root: SigningKey = field(default_factory=SigningKey.generate)
    recovery: X25519Identity = field(default_factory=X25519Identity.generate)
    log_key: SigningKey = field(default_factory=SigningKey.generate)
    statements: list[Statement] = field(default_factory=list)

    def __post_init__(self) -> None:
        genesis = Statement.genesis(
            org=self.org, root=self.root, recovery=str(self.recovery.recipient), at=AT
        )
        self.statements = [genesis]

    @property
    def roster(self) -> Roster:
        return Roster.replay(self.statements, self.root.public)

    def state(self, kind: str, body: dict[str, str]) -> Statement:
        """Signs the next statement with the root key and keeps it."""
        statement = self.roster.statement(kind, body, at=AT, signer=ROOT, key=self.root)
        self.statements.append(statement)
        return statement

    def enrol(
        self, member: str, role: Any, transport: Transport | None = None, store: Store | None = None
    ) -> "Person":
        """A device with its own store, known to the roster (the server must still be told)."""
        keys = new_device(member, role)
        self.state("add_device", keys.statement_body())
        person = Person(self, keys, store or MemoryStore(), transport)
        person.remember_enrolment()
        return person


@dataclass
class Person:
    """Somebody with a device."""

    organisation: Organisation
    keys: DeviceKeys
    store: Store
    transport: Transport | None
    clock: Callable[[], datetime] = field(default_factory=Clock)
    numbers: Any = field(default_factory=itertools.count)
    waits: list[float] = field(default_factory=list)

    def remember_enrolment(self) -> None:
        organisation = self.organisation
        with self.store.transaction():
            self.store.values.set("device", self.keys.to_json())
            self.store.values.set(
                "organisation",
                {
                    "org": organisation.org,
                    "root": str(organisation.root.public),
                    "server": "",
                    "log_key": str(organisation.log_key.public),
                },
            )
            self.store.values.set("roster", [one.to_wire() for one in organisation.statements])

    @property
    def roster(self) -> Roster:
        statements = [Statement.from_wire(one) for one in self.store.values.get("roster")]
        return Roster.replay(statements, self.organisation.root.public)

    def finish(
        self,
        body: dict[str, Any] | None = None,
        *,
        kind: str = "submission",
        readers: list[str] | None = None,
        parents: tuple[str, ...] = (),
        record: str | None = None,
        photos: tuple[bytes, ...] = (),
        **changes: Any,
    ) -> StoredRecord:
        """Signs, seals and queues one record, as the use case does; gives what was stored."""
        roster = self.roster
        devices = sorted({*(readers or [d.id for d in roster.supervisors()]), self.keys.device_id})
        recipients = [roster.recovery, *roster.recipients(devices)]
        n = next(self.numbers)
        name = f"{self.keys.device_id}-{n}"
        attachments = [self.keep_photo(photo, f"foto-{i}.jpg") for i, photo in enumerate(photos)]
        with self.store.transaction():
            seq = self.store.outbox.next_seq()
            inner = Record(
                v=1,
                org=self.organisation.org,
                kind=kind,
                form="household_baseline",
                form_version="1",
                record=record or f"record-{name}",
                revision=f"revision-{name}",
                parents=parents,
                author_device=self.keys.device_id,
                seq=seq,
                epoch=roster.epoch,
                created=AT,
                body=body or {"household_label": f"Familia Exemplu {n}", "synthetic": True},
                attachments=tuple(one.to_dict() for one in attachments),
                recipients_hash=recipients_hash(recipients),
            )
            inner = replace(inner, **changes)
            signed, sealed = seal_record(inner, self.keys.signing, recipients)
            stored = StoredRecord(inner.to_dict(), signed.signature, sealed.sha256, None, "own")
            manifest = self.manifest(seq, sealed.sha256, sealed.size, roster.epoch, devices)
            self.store.records.add(stored)
            self.store.outbox.put(
                OutboxEntry(
                    inner.revision, inner.record, seq, manifest.to_wire(), sealed.data, "waiting", None, None
                )
            )
            for one in attachments:
                self.queue_file(inner.record, one.sha256, one.size, roster.epoch, devices)
        return stored

    def queue_file(
        self, record: str, sha256: str, size: int, epoch: int, devices: list[str], role: Any = "attachment"
    ) -> None:
        """Queues a sealed file, which gets its number when its bytes have arrived."""
        self.store.outbox.put(
            OutboxEntry(
                revision=sha256,
                record_id=record,
                seq=None,
                manifest=None,
                sealed=None,
                state="waiting",
                receipt=None,
                problem=None,
                role=role,
                sha256=sha256,
                size=size,
                audience=tuple(devices),
                epoch=epoch,
            )
        )

    def keep_photo(self, data: bytes, name: str) -> Attachment:
        """Seals a photo into the store's media."""
        sealed = BytesIO()
        attachment = seal_attachment(BytesIO(data), sealed, name)
        self.store.media.put(attachment.sha256, sealed.getvalue())
        return attachment

    def manifest(self, seq: int, sha256: str, size: int, epoch: int, devices: list[str]) -> Manifest:
        last = self.store.outbox.last_manifest()
        return Manifest.signed(
            key=self.keys.signing,
            workspace=self.organisation.org,
            device=self.keys.device_id,
            seq=seq,
            prev=Manifest.from_wire(last).digest() if last else "",
            sha256=sha256,
            size=size,
            epoch=epoch,
            audience=devices,
        )

    def syncer(self, transport: Transport | None = None, **options: Any) -> Syncer:
        carrier = transport or self.transport
        assert carrier is not None
        return Syncer(
            self.store,
            self.keys,
            carrier,
            self.clock,
            sleep=options.pop("sleep", self.waits.append),
            **options,
        )

    def sync(self, transport: Transport | None = None, **options: Any) -> SyncReport:
        return self.syncer(transport, **options).run()

    def sync_well(self) -> SyncReport:
        """A synchronisation that must not meet any problem."""
        report = self.sync()
        assert not report.problems, report.problems
        return report

    def publish(self, statement: Statement) -> None:
        """Brings a signed roster statement to the server, as a supervisor's app does."""
        self.syncer().publish(statement)

    def revisions(self) -> set[str]:
        return {stored.revision for stored in self.store.records.all()}
