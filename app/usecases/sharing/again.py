"""One record sealed again: the same signed words in a new age file, for readers it did not have."""

from app.crypto.record import SignedRecord, reseal
from app.store.store import OutboxEntry, RecordHead, StoredRecord
from app.sync.attachments import log_index
from app.usecases.sharing.rights import Rights
from app.usecases.worker import Worker

OWED = "sharing.owed:"  # values: devices that are still to be given a file, by its SHA-256


def again(
    worker: Worker, rights: Rights, head: RecordHead, readers: list[str], *, anew: bool = False
) -> tuple[bool, bool]:
    """Queues the record for those readers who lack it, or (`anew`) for all but its author; whether anything was
    sealed, and whether that was all.

    Inside a transaction. It is not all while the original has no place in the log, or while its author has not
    sent one of its files: then the caller comes back to it.
    """
    stored = worker.store.records.get(head.revision)
    if stored is None:
        return False, True
    known = {str(stored.record["author_device"])} if anew else _known_readers(stored)
    lacking = [name for name in readers if name not in known]
    if lacking and stored.index is None:
        return False, False
    if lacking:
        _seal(worker, rights, stored, lacking)
    return bool(lacking), _announce(worker, rights, stored, lacking)


def _seal(worker: Worker, rights: Rights, stored: StoredRecord, readers: list[str]) -> None:
    signed = SignedRecord.from_parts(stored.record, stored.signature)
    recipients = [rights.roster.active_device(name).recipient for name in readers]
    sealed = reseal(signed, recipients, index=stored.index, random=worker.services.random)
    _queue(worker, stored, rights, readers, sealed.sha256, sealed.size, sealed.data)
    worker.store.records.widen(stored.revision, readers)


def _announce(worker: Worker, rights: Rights, stored: StoredRecord, readers: list[str]) -> bool:
    """Gives readers the record's files too; whether all of these are on the server, or on their way there.

    For those that are not, whom they are owed is remembered.
    """
    complete = True
    for one in stored.record["attachments"]:
        sha256 = str(one["sha256"])
        owed = sorted({*readers, *worker.store.values.get(OWED + sha256, [])})
        if not _is_there(worker, stored, sha256):
            worker.store.values.set(OWED + sha256, owed)
            complete = False
            continue
        worker.store.values.delete(OWED + sha256)
        still = [
            name for name in owed if name in rights.roster.devices and rights.roster.devices[name].active
        ]
        if still:
            _queue(worker, stored, rights, still, sha256, int(one["size"]), None)
    return complete


def _known_readers(stored: StoredRecord) -> set[str]:
    """Whom it has been sealed to; of a record kept before that was noted, its author alone is sure."""
    return {*(stored.readers or ()), str(stored.record["author_device"])}


def _is_there(worker: Worker, stored: StoredRecord, sha256: str) -> bool:
    """Whether the server can have the file: an own one is on its way, others are announced in the log."""
    return stored.origin == "own" or log_index(worker.store, sha256) is not None


def _queue(
    worker: Worker,
    stored: StoredRecord,
    rights: Rights,
    readers: list[str],
    sha256: str,
    size: int,
    sealed: bytes | None,
) -> None:
    """A record with its bytes; a file by its name alone, since nobody seals files again."""
    worker.store.outbox.put(
        OutboxEntry(
            revision=sha256,
            record_id=stored.record_id,
            seq=None,
            manifest=None,
            sealed=sealed,
            state="waiting",
            receipt=None,
            problem=None,
            role="announced" if sealed is None else "resealed",
            sha256=sha256,
            size=size,
            audience=tuple(readers),
            epoch=rights.roster.epoch,
        )
    )
