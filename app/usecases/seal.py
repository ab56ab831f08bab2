"""Turn what a person finalised into a signed, sealed record waiting in the outbox.

The one place where a record is made: number it, sign it, seal it to those who may read it, write the manifest
that the server will see, and keep all of that in one transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.crypto.record import Record, SealedRecord, recipients_hash, seal_record
from app.protocol.manifest import Manifest
from app.protocol.roster import Roster
from app.store.store import OutboxEntry, StoredRecord
from app.usecases.shelving import shelve
from app.usecases.worker import Worker


@dataclass(frozen=True)
class Assignment:
    """Who visits a household: the devices that the record of this revision names."""

    revision: str
    devices: tuple[str, ...]


def readers(worker: Worker, roster: Roster, households: Iterable[str] = ()) -> list[str]:
    """Ids of the devices that may read: active supervisors, those assigned to the household, and this one.

    A person's fieldwork devices are one here: an assignment that names one of them counts for the others.
    """
    chosen = {device.id for device in roster.supervisors()} | of_members(roster, [worker.device])
    for household in households:
        chosen |= of_members(roster, assigned_devices(worker, household))
    return sorted(chosen | {worker.device})


def of_members(roster: Roster, devices: Iterable[str]) -> set[str]:
    """Of these devices the active ones, with all active fieldwork devices of the same people."""
    named = [roster.devices[name] for name in devices if name in roster.devices]
    members = {device.member for device in named if device.role == "fieldworker"}
    ours = (one for one in roster.devices.values() if one.role == "fieldworker" and one.member in members)
    return {device.id for device in (*named, *ours) if device.active}


def assigned_devices(worker: Worker, household: str) -> list[str]:
    """The devices of the household's latest assignment, in log order; empty where there is none."""
    known = assignments(worker).get(household)
    return [] if known is None else list(known.devices)


def assignments(worker: Worker) -> dict[str, Assignment]:
    """Household → its latest assignment, in log order."""
    return worker.derived("assignments", lambda: _assignments(worker), kinds=("assignment",))


def keep_record(
    worker: Worker,
    kind: str,
    body: dict[str, Any],
    *,
    devices: list[str],
    form: str = "",
    form_version: str = "",
    record: str | None = None,
    parents: tuple[str, ...] = (),
    attachments: tuple[dict[str, Any], ...] = (),
    also: Callable[[], None] | None = None,
) -> StoredRecord:
    """Signs, seals and queues one record; `also` runs inside the same transaction (a draft's end, say).

    Raises Problem("store.…") with nothing changed; the caller still has the draft.
    """
    roster = worker.roster()
    recipients = [roster.recovery, *roster.recipients(devices)]
    with worker.store.transaction():
        seq = worker.store.outbox.next_seq()
        inner = Record(
            v=1,
            org=worker.organisation.org,
            kind=kind,
            form=form,
            form_version=form_version,
            record=record or worker.services.new_id(),
            revision=worker.services.new_id(),
            parents=parents,
            author_device=worker.device,
            seq=seq,
            epoch=roster.epoch,
            created=worker.now().isoformat(timespec="milliseconds"),
            body=body,
            attachments=attachments,
            recipients_hash=recipients_hash(recipients),
        )
        signed, sealed = seal_record(inner, worker.device_keys.signing, recipients)
        stored = StoredRecord(
            record=inner.to_dict(),
            signature=signed.signature,
            sha256=sealed.sha256,
            index=None,
            origin="own",
            readers=tuple(devices),
        )
        worker.store.records.add(stored)
        _queue(worker, inner, sealed, devices)
        for one in attachments:
            _queue_file(worker, inner, one, devices)
        if also is not None:
            also()
        shelve(worker, [inner.revision, *(one["sha256"] for one in attachments)])
    worker.changed()
    return stored


def _queue(worker: Worker, record: Record, sealed: SealedRecord, devices: list[str]) -> None:
    """Puts a sealed record into the outbox, with its number and manifest."""
    last = worker.store.outbox.last_manifest()
    manifest = Manifest.signed(
        key=worker.device_keys.signing,
        workspace=record.org,
        device=record.author_device,
        seq=record.seq,
        prev=Manifest.from_wire(last).digest() if last else "",
        sha256=sealed.sha256,
        size=sealed.size,
        epoch=record.epoch,
        audience=tuple(devices),
    )
    worker.store.outbox.put(
        OutboxEntry(
            revision=record.revision,
            record_id=record.record,
            seq=record.seq,
            manifest=manifest.to_wire(),
            sealed=sealed.data,
            state="waiting",
            receipt=None,
            problem=None,
        )
    )


def _queue_file(worker: Worker, record: Record, file: dict[str, Any], devices: list[str]) -> None:
    """Queues one of its files; the bytes stay in `store.media`, and its number comes when it has been sent.

    A file that is not on this device came with the revision that this one replaces or merges: the server has it.
    """
    here = worker.store.media.has(file["sha256"])
    worker.store.outbox.put(
        OutboxEntry(
            revision=file["sha256"],
            record_id=record.record,
            seq=None,
            manifest=None,
            sealed=None,
            state="waiting",
            receipt=None,
            problem=None,
            role="attachment" if here else "announced",
            sha256=file["sha256"],
            size=file["size"],
            audience=tuple(devices),
            epoch=record.epoch,
        )
    )


def _assignments(worker: Worker) -> dict[str, Assignment]:
    found: dict[str, Assignment] = {}
    for stored in sorted(worker.store.records.all("assignment"), key=in_log_order):
        body = stored.record["body"]
        found[body["household"]] = Assignment(stored.revision, tuple(body["devices"]))
    return found


def in_log_order(stored: StoredRecord) -> tuple[float, str, str]:
    """Sort key: the server's order, then own records that have not been received yet by their time."""
    index = float("inf") if stored.index is None else float(stored.index)
    return index, stored.record["created"], stored.record["revision"]
