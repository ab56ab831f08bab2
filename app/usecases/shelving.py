"""Keep the shelf beside the store true: what is unsent lies there too, sealed, for the day the lock cannot be opened.

`shelve` runs inside the transaction that queues an entry; `tidy_shelf` after unlocking and after a synchronisation;
`save_drafts` when a draft is left, when the profile is locked, and every few seconds while somebody writes.
"""

import hashlib
from collections.abc import Iterable
from threading import Lock
from typing import Any

from app.store.drafts_file import packed_drafts, seal_drafts
from app.store.profiles import profile_folder
from app.store.shelf import File, Owner, Shelf
from app.store.store import tidying
from app.usecases.worker import Worker

_writing = Lock()  # two windows of one profile must not write the same drafts file at once


def shelf_of(worker: Worker) -> Shelf:
    return Shelf(profile_folder(worker.services.data_dir, worker.profile))


def shelve(worker: Worker, names: Iterable[str]) -> None:
    """Lays queued entries on the shelf. Call at the end of their transaction: undoing it takes them down again.

    Raises store.disk_full, store.read_only: then nothing is finished and the draft stays.
    """
    shelf = shelf_of(worker)
    shelf.claim(Owner(worker.device, worker.organisation.org))
    found = [worker.store.outbox.get(name) for name in names]
    entries = [entry for entry in found if entry is not None and entry.state != "received"]
    worker.store.after_rollback(lambda: shelf.take_down(entries))
    if worker.sync_guard.locked():  # a running synchronisation numbers entries; all of them belong here
        shelf.reconcile(worker.store)
        return
    for entry in entries:
        shelf.put(entry)


def tidy_shelf(worker: Worker) -> None:
    """Makes the shelf what the outbox says. A full device must not keep anybody from opening or sending."""
    with tidying():
        shelf = shelf_of(worker)
        shelf.claim(Owner(worker.device, worker.organisation.org))
        shelf.reconcile(worker.store)


def save_drafts(worker: Worker) -> bool:
    """Writes the drafts anew, sealed to the active supervisors and the recovery key, where they changed.

    True where something was written. A full device is passed over: the store itself tells it at the next answer.
    """
    before = worker.memo.get(_SAVED)
    with _writing, tidying():
        packed = packed_drafts(worker.store)
        digest = hashlib.sha256(packed).hexdigest()
        if before != digest:
            shelf = shelf_of(worker)
            shelf.claim(Owner(worker.device, worker.organisation.org))
            shelf.put_drafts(seal_drafts(packed, helpers(worker)) if packed else None, draft_files(worker))
            worker.memo[_SAVED] = digest
    return before != worker.memo.get(_SAVED)


def helpers(worker: Worker) -> list[str]:
    """The recipients who may open what cannot be opened here any more: supervisors and the recovery key."""
    roster = worker.roster()
    return [roster.recovery, *roster.recipients([device.id for device in roster.supervisors()])]


def draft_files(worker: Worker) -> list[File]:
    """The sealed photos that drafts name and that lie on this device."""
    named: dict[str, dict[str, Any]] = {}
    for head in worker.store.drafts.list():
        for one in head.meta.get("attachments", {}).values():
            named[str(one["sha256"])] = one
    return [File(name, int(one["size"])) for name, one in named.items() if worker.store.media.has(name)]


_SAVED = "form:shelf.drafts"  # of the part of the memo that new records do not empty
