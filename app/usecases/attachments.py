"""One file of a record (a photo, a signature), opened and checked, fetched where it is not on this device."""

from io import BytesIO
from threading import Event
from typing import Any

from app.crypto.attachment import Attachment, open_attachment
from app.protocol.errors import Problem
from app.store.store import StoredRecord
from app.sync.courier import Cancelled
from app.sync.syncer import Syncer
from app.usecases.worker import Worker

LARGEST = 32 * 1024 * 1024  # bytes: what a screen may hold in memory; anything more is for saving to a file
AGE_OVERHEAD = 64 * 1024  # header and tags of an age file of that size, with room to spare


def attachment(worker: Worker, record: str, name: str, *, cancel: Event | None = None) -> bytes:
    """The file `name` of a record, in any of its revisions; stays on this device, sealed, once it was fetched.

    Blocks while it is fetched; resumes a fetch that was cut. Raises Problem("sharing.no_such_file") where no
    revision names it, ("sharing.file_too_large"), ("sharing.file_not_sent") while its author has not sent it,
    ("crypto.damaged_attachment"), what `Syncer.fetch` finds ("sync.server_away" …), and Cancelled.
    """
    stored, kept = _named(worker, record, name)
    file = Attachment.from_dict(kept)
    if file.size > LARGEST + AGE_OVERHEAD:
        raise Problem("sharing.file_too_large", name=name, size=file.size)
    opened = BytesIO()
    open_attachment(BytesIO(_sealed(worker, stored, file, cancel)), opened, file)
    return opened.getvalue()


def is_here(worker: Worker, record: str, name: str) -> bool:
    """Whether the file opens without a connection."""
    return worker.store.media.has(str(_named(worker, record, name)[1]["sha256"]))


def files_of(worker: Worker, record: str) -> tuple[str, ...]:
    """The names of all files of a record, those of its newest revision first."""
    names = (str(one["name"]) for stored in _newest_first(worker, record) for one in _files(stored))
    return tuple(dict.fromkeys(names))


def _named(worker: Worker, record: str, name: str) -> tuple[StoredRecord, dict[str, Any]]:
    for stored in _newest_first(worker, record):
        for one in _files(stored):
            if one["name"] == name:
                return stored, one
    raise Problem("sharing.no_such_file", name=name)


def _newest_first(worker: Worker, record: str) -> list[StoredRecord]:
    return worker.store.records.of(record)[::-1]


def _files(stored: StoredRecord) -> list[dict[str, Any]]:
    return list(stored.record["attachments"])


def _sealed(worker: Worker, stored: StoredRecord, file: Attachment, cancel: Event | None) -> bytes:
    if worker.store.media.has(file.sha256):
        return worker.store.media.read(file.sha256)
    services = worker.services
    syncer = Syncer(
        store=worker.store,
        device=worker.device_keys,
        transport=services.transport(worker.organisation.server),
        clock=services.clock,
        random=services.random,
        tries=TRIES,
    )
    try:
        return syncer.fetch(file.sha256, file.size, cancel)
    except Problem as problem:
        if problem.code == "sync.object_missing":
            raise Problem(
                "sharing.file_not_sent", name=file.name, device=stored.record["author_device"]
            ) from problem
        raise


TRIES = 2  # somebody is looking at the screen: say soon that the server is away

__all__ = ["Cancelled", "attachment", "files_of", "is_here"]
