"""The safety copy: a file with everything that is only on this tablet, sealed, for a memory card or a colleague.

Finished work in it needs nobody's passphrase to be handed over by another tablet. Drafts are sealed to the
supervisors, the recovery key and, where the person names one, a colleague.
"""

from dataclasses import dataclass

from app.protocol.errors import Problem
from app.store.safety import Copied, read_safety_copy, safety_copy
from app.usecases.review_states import names
from app.usecases.shelving import helpers, tidy_shelf
from app.usecases.worker import Worker

ENDING = "doorstep"


@dataclass(frozen=True)
class Unsafe:
    """What is only on this tablet: unsent records and files, drafts, and entries carried for somebody else."""

    records: int
    files: int
    drafts: int
    carried: int


@dataclass(frozen=True)
class Colleague:
    """Somebody who may be given the drafts as well."""

    device: str
    name: str


@dataclass(frozen=True)
class CopyFile:
    """A safety copy ready to be saved. Its name says when it was made, not whose it is."""

    name: str
    data: bytes
    entries: int
    drafts: int


@dataclass(frozen=True)
class Taken:
    """What came out of somebody's copy. `locked`: there are drafts in it that this person cannot open."""

    entries: int
    drafts: int
    locked: bool


def only_here(worker: Worker) -> Unsafe:
    waiting = worker.store.outbox.waiting()
    records = sum(1 for entry in waiting if entry.role == "record")
    files = sum(1 for entry in waiting if entry.role == "attachment")
    carried = len(worker.store.carried.all()) + sum(1 for entry in waiting if entry.role == "carried")
    return Unsafe(records, files, worker.store.drafts.count(), carried)


def colleagues(worker: Worker) -> list[Colleague]:
    """Active devices of other fieldworkers whose names are known here, by name."""
    known = names(worker)
    found = [
        Colleague(device.id, known[device.id])
        for device in worker.roster().devices.values()
        if device.active
        and device.role == "fieldworker"
        and device.member != worker.member
        and device.id in known
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def make_copy(worker: Worker, colleague: str = "") -> CopyFile:
    """The copy of this moment. Raises store.not_found where a photo's bytes are gone."""
    recipients = helpers(worker)
    if colleague:
        recipients += worker.roster().recipients([colleague])
    data, copied = safety_copy(worker.store, recipients)
    at = worker.services.clock().astimezone(worker.services.timezone())
    return CopyFile(f"doorstep-{at:%Y-%m-%d-%H%M}.{ENDING}", data, copied.entries, copied.drafts)


def take_copy(worker: Worker, data: bytes) -> Taken:
    """Takes over somebody's copy: the next synchronisation hands it over. Taking it again takes nothing twice.

    Raises Problem("store.bad_copy") with nothing taken.
    """
    locked = False
    try:
        copied = read_safety_copy(worker.store, data, [worker.device_keys.identity])
    except Problem as problem:
        if problem.detail.get("reason") != "NotForMe":
            raise
        copied, locked = read_safety_copy(worker.store, data), True
    tidy_shelf(worker)
    worker.changed()
    return _taken(copied, locked)


def _taken(copied: Copied, locked: bool) -> Taken:
    return Taken(copied.entries, copied.drafts, locked)
