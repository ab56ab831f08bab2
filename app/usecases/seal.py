"""Turn what a person finalised into a signed, sealed record waiting in the outbox.

The one place where a record is made: number it, sign it, seal it to those who may read it, write the manifest
that the server will see, and keep all of that in one transaction.
"""

from collections.abc import Callable, Iterable
from typing import Any

from app.crypto.record import Record, recipients_hash, seal_record
from app.protocol.manifest import Manifest
from app.protocol.roster import Roster
from app.store.store import OutboxEntry, StoredRecord
from app.usecases.worker import Worker


def readers(worker: Worker, roster: Roster, households: Iterable[str] = ()) -> list[str]:
    """Ids of the devices that may read: active supervisors, those assigned to the household, and this one."""
    active = {name for name, device in roster.devices.items() if device.active}
    chosen = {device.id for device in roster.supervisors()} | {worker.device}
    for household in households:
        chosen |= set(assigned_devices(worker, household))
    return sorted(chosen & (active | {worker.device}))


def assigned_devices(worker: Worker, household: str) -> list[str]:
    """The devices of the household's latest assignment, in log order; empty where there is none."""
    return worker.derived("assignments", lambda: _assignments(worker)).get(household, [])


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
            record=inner.to_dict(), signature=signed.signature, sha256=sealed.sha256, index=None, origin="own"
        )
        worker.store.records.add(stored)
        audience = tuple(devices)
        _queue(
            worker, roster, audience, inner.revision, inner.record, sealed.sha256, sealed.size, sealed.data
        )
        for one in attachments:
            _queue(worker, roster, audience, one["sha256"], inner.record, one["sha256"], one["size"], None)
        if also is not None:
            also()
    worker.changed()
    return stored


def _queue(
    worker: Worker,
    roster: Roster,
    audience: tuple[str, ...],
    name: str,
    record: str,
    sha256: str,
    size: int,
    sealed: bytes | None,
) -> None:
    """Puts one sealed object into the outbox with its manifest; an attachment's bytes stay in `store.media`."""
    last = worker.store.outbox.last_manifest()
    seq = worker.store.outbox.next_seq()
    manifest = Manifest.signed(
        key=worker.device_keys.signing,
        workspace=worker.organisation.org,
        device=worker.device,
        seq=seq,
        prev=Manifest.from_wire(last).digest() if last else "",
        sha256=sha256,
        size=size,
        epoch=roster.epoch,
        audience=audience,
    )
    worker.store.outbox.put(
        OutboxEntry(
            revision=name,
            record_id=record,
            seq=seq,
            manifest=manifest.to_wire(),
            sealed=sealed,
            state="waiting",
            receipt=None,
            problem=None,
            role="record" if sealed is not None else "attachment",
        )
    )


def _assignments(worker: Worker) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for stored in sorted(worker.store.records.all("assignment"), key=in_log_order):
        body = stored.record["body"]
        found[body["household"]] = list(body["devices"])
    return found


def in_log_order(stored: StoredRecord) -> tuple[float, str, str]:
    """Sort key: the server's order, then own records that have not been received yet by their time."""
    index = float("inf") if stored.index is None else float(stored.index)
    return index, stored.record["created"], stored.record["revision"]
