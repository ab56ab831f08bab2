"""The ledger: where each own record is on its way, true at every instant."""

from datetime import datetime
from typing import Any

from app.programme.review_state import IN_CONFLICT
from app.protocol.errors import Problem
from app.store.store import OutboxEntry, StoredRecord
from app.usecases.connection import waits_for_wifi
from app.usecases.problems import problem_text
from app.usecases.programme import form_title
from app.usecases.review_states import is_asked, review_state
from app.usecases.views import LedgerFile, LedgerRow, ProblemText, RecordState, SyncStatus
from app.usecases.worker import Worker

_SHOWN = ("submission",)
_REVIEWED = {
    "approved": RecordState.REVIEWED,
    "hasIssues": RecordState.SENT_BACK,
    "rejected": RecordState.REJECTED,
    IN_CONFLICT: RecordState.IN_CONFLICT,
}


def ledger(worker: Worker, language: str = "") -> list[LedgerRow]:
    """Own submissions, newest first. A correction is a row of its own; the revision it replaces is left out."""
    rows = []
    replaced: set[str] = set()
    entries = worker.store.outbox.all()
    media = {entry.revision: entry for entry in entries if entry.role == "attachment"}
    for entry in reversed(entries):
        stored = worker.store.records.get(entry.revision) if entry.role == "record" else None
        if stored is None or stored.record["kind"] not in _SHOWN or entry.revision in replaced:
            continue
        replaced |= set(stored.record["parents"])
        rows.append(_row(worker, entry, stored, media, language))
    return rows


def sync_status(worker: Worker) -> SyncStatus:
    """How sending and receiving stand, for the sidebar."""
    state: dict[str, Any] = worker.store.values.get("sync", {})
    outbox = worker.store.outbox
    records = outbox.waiting_records()
    photos = outbox.waiting_count() - records
    return SyncStatus(
        server=worker.organisation.server,
        waiting=records,
        last_success=_moment(state.get("last_success")),
        last_problem=_problem(state.get("last_problem")),
        running=worker.sync_guard.locked(),
        quarantined=worker.store.quarantine.count(),
        photos=photos,
        for_wifi=sum(map(waits_for_wifi(worker), outbox.waiting())) if photos else 0,
    )


def _row(
    worker: Worker, entry: OutboxEntry, stored: StoredRecord, media: dict[str, OutboxEntry], language: str
) -> LedgerRow:
    record, body = stored.record, stored.record["body"]
    named = {str(one["sha256"]): str(one["name"]) for one in record["attachments"]}
    files = [media[sha256] for sha256 in named if sha256 in media]
    parts = [entry, *files]
    sent = sum(part.state == "received" for part in parts)
    return LedgerRow(
        record=record["record"],
        revision=record["revision"],
        form_title=form_title(worker, record["form"], language),
        household_label=body.get("household_label", ""),
        finished_at=datetime.fromisoformat(record["created"]),
        state=_state(worker, parts, record["record"], record["revision"]),
        parts=len(parts),
        parts_sent=sent,
        size=sum(part.size for part in parts),
        log_index=(entry.receipt or {}).get("index"),
        received_at=_moment((entry.receipt or {}).get("at")),
        problem=next((_problem(part.problem) for part in parts if part.problem), None),
        files=tuple(_file(worker, file, named[file.sha256]) for file in files),
    )


def _file(worker: Worker, entry: OutboxEntry, name: str) -> LedgerFile:
    waits = waits_for_wifi(worker)(entry)
    return LedgerFile(name, entry.size, entry.state, waits, _problem(entry.problem))


def _state(worker: Worker, parts: list[OutboxEntry], record: str, revision: str) -> RecordState:
    """Of the record with its files: it is with the server when all of it is."""
    states = {part.state for part in parts}
    if "stopped" in states:
        return RecordState.STOPPED
    if states == {"waiting"}:
        return RecordState.FINISHED
    if states != {"received"}:
        return RecordState.SENDING
    reviewed = review_state(worker, record)
    said = _REVIEWED.get(reviewed.state, RecordState.RECEIVED)
    if revision not in reviewed.heads and said is RecordState.SENT_BACK:
        # Somebody else's revision stands in its place: they are asked, after a merge perhaps we are.
        return said if is_asked(worker, reviewed) else RecordState.RECEIVED
    return said


def _problem(found: dict[str, Any] | None) -> ProblemText | None:
    """A kept problem ({"code", …detail}) as text; a code that this version does not know is shown as unexpected."""
    if not found:
        return None
    detail = {name: value for name, value in found.items() if name != "code"}
    try:
        return problem_text(Problem(str(found["code"]), **detail))
    except KeyError:
        return problem_text(Problem("usecase.unexpected", kind=str(found.get("code", ""))))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
