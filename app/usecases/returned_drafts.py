"""Drafts find their way home: from a tablet that cannot be opened, over a supervisor, to the person's new device.

 new device ──record "drafts" {of: old device, to: itself}──▶ supervisor: opens, checks, seals to the new device
 new device ◀─────────a revision of it by the supervisor────── and the drafts are drafts again

A supervisor's device does this by itself, and only where the roster says that both devices are the same person's
and the drafts themselves say, inside their seal, that the old device wrote them.
"""

from dataclasses import dataclass
from io import BytesIO

from app.crypto.age_errors import AgeError
from app.crypto.attachment import Attachment, open_attachment, seal_attachment
from app.protocol.errors import Problem
from app.store.drafts_file import Drafts, open_drafts, pack, seal_drafts, take_draft
from app.store.store import StoredRecord
from app.sync.syncer import Syncer
from app.usecases.drafts_box import Box, opened_box, packed_box
from app.usecases.seal import keep_record, readers
from app.usecases.worker import Worker

_TAKEN = "drafts.taken"  # values: revisions whose drafts are drafts here, or were
_REFUSED = "drafts.refused"  # values: revision → why it was not given back


@dataclass(frozen=True)
class Homecoming:
    """What one synchronisation did: boxes given back (supervisor), drafts that came home (worker)."""

    returned: int = 0
    came_home: int = 0


def drafts_home(worker: Worker, syncer: Syncer) -> Homecoming:
    """Gives back and takes back what has arrived; call after a good synchronisation. Raises no Problem of one box:
    it is tried again next time."""
    if worker.role == "supervisor":
        return Homecoming(returned=sum(_give_back(worker, syncer, one) for one in _to_give_back(worker)))
    return Homecoming(came_home=sum(_take_back(worker, syncer, one) for one in _to_take_back(worker)))


def _to_give_back(worker: Worker) -> list[StoredRecord]:
    refused = worker.store.values.get(_REFUSED, {})
    return [
        versions[0]
        for versions in _by_record(worker)
        if len(versions) == 1 and versions[0].revision not in refused and _not_mine(worker, versions[0])
    ]


def _to_take_back(worker: Worker) -> list[StoredRecord]:
    taken = set(worker.store.values.get(_TAKEN, []))
    roster = worker.roster()
    supervisors = {
        name
        for name, device in roster.devices.items()
        if "supervisor" in {device.role, device.role_at(roster.epoch)}
    }
    return [
        one
        for one in worker.store.records.all("drafts")
        if one.record["body"]["to"] == worker.device
        and one.record["author_device"] in supervisors
        and one.revision not in taken
    ]


def _by_record(worker: Worker) -> list[list[StoredRecord]]:
    found: dict[str, list[StoredRecord]] = {}
    for one in worker.store.records.all("drafts"):
        found.setdefault(one.record_id, []).append(one)
    return list(found.values())


def _not_mine(worker: Worker, one: StoredRecord) -> bool:
    return bool(one.record["author_device"] != worker.device)


def _give_back(worker: Worker, syncer: Syncer, one: StoredRecord) -> bool:
    """Seals the drafts to the device they are for. False where it could not be done, now or ever."""
    old, new = str(one.record["body"]["of"]), str(one.record["body"]["to"])
    roster = worker.roster()
    devices = roster.devices
    if old not in devices or new not in devices or not devices[new].active:
        return False
    if devices[old].member != devices[new].member or one.record["author_device"] != new:
        return _refuse(worker, one, "another person")
    try:
        box = _box_of(worker, syncer, one)
        drafts = open_drafts(box.drafts, [worker.device_keys.identity])
    except Problem as problem:
        return _refuse(worker, one, problem.code) if problem.code == "safety.bad_box" else False
    except (AgeError, ValueError):
        return False  # perhaps sealed before this supervisor joined: another one can
    if drafts.of != old:
        return _refuse(worker, one, "another device")
    sealed = seal_drafts(pack(drafts), roster.recipients([new]))
    target = BytesIO()
    name = f"{worker.services.new_id()}-drafts.zip"
    kept = seal_attachment(BytesIO(packed_box(sealed, box.photos)), target, name)
    worker.store.media.put(kept.sha256, target.getvalue())
    keep_record(
        worker,
        "drafts",
        {"of": old, "to": new},
        devices=sorted({*readers(worker, roster), new}),
        record=one.record_id,
        parents=(one.revision,),
        attachments=(kept.to_dict(),),
    )
    return True


def _take_back(worker: Worker, syncer: Syncer, one: StoredRecord) -> int:
    """Makes them drafts here, photos included; how many that were."""
    try:
        box = _box_of(worker, syncer, one)
        drafts: Drafts = open_drafts(box.drafts, [worker.device_keys.identity])
    except (Problem, AgeError, ValueError):
        return 0
    for sha256, photo in box.photos.items():
        worker.store.media.put(sha256, photo)
    with worker.store.transaction():
        home = sum(take_draft(worker.store, draft) for draft in drafts.drafts)
        worker.store.values.set(_TAKEN, [*worker.store.values.get(_TAKEN, []), one.revision])
    return home


def _refuse(worker: Worker, one: StoredRecord, why: str) -> bool:
    """Remembers what will never be given back, so that it is not opened at every synchronisation."""
    worker.store.values.set(_REFUSED, {**worker.store.values.get(_REFUSED, {}), one.revision: why})
    return False


def _box_of(worker: Worker, syncer: Syncer, one: StoredRecord) -> Box:
    """Raises Problem where the file cannot be had or is not a box."""
    files = one.record["attachments"]
    if len(files) != 1:
        raise Problem("safety.bad_box")
    kept = Attachment.from_dict(files[0])
    opened = BytesIO()
    open_attachment(BytesIO(syncer.fetch(kept.sha256, kept.size)), opened, kept)
    return opened_box(opened.getvalue())
