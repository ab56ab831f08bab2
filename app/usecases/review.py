"""What a supervisor does with a submission: read it, comment on a question, send it back, approve or reject it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from app.programme.review_state import ReviewState
from app.programme.search import folded
from app.protocol.errors import Problem
from app.store.store import StoredRecord
from app.usecases.opened import stored_records
from app.usecases.programme import form_title
from app.usecases.review_states import names, review_state, states
from app.usecases.seal import in_log_order, keep_record, of_members, readers
from app.usecases.views import ReviewRow
from app.usecases.worker import Worker

DRAFTS = "review_drafts"


def queue(
    worker: Worker, wanted: Collection[str] | None = None, query: str = "", language: str = ""
) -> list[ReviewRow]:
    """Every submission in one of the `wanted` states (None: all), conflicts first, then what came first.

    `query` finds households, people and forms without regard to case and diacritics.
    """
    _supervisors_only(worker)
    words = folded(query).split()
    rows = [row for row in _rows(worker, language) if wanted is None or row.state in wanted]
    return [row for row in rows if all(word in _searched(row) for word in words)]


def draft_comments(worker: Worker, record: str) -> dict[str, str]:
    """Question ref → a comment that was written and not sent yet."""
    return dict(worker.store.values.get(DRAFTS, {}).get(record, {}))


def comment(worker: Worker, record: str, ref: str, text: str) -> None:
    """Keeps a comment on one question until the review is sent; an empty text takes it away."""
    _supervisors_only(worker)
    drafts = dict(worker.store.values.get(DRAFTS, {}))
    ours = {**drafts.get(record, {}), ref: text.strip()}
    drafts[record] = {name: words for name, words in ours.items() if words}
    worker.store.values.set(DRAFTS, {name: ours for name, ours in drafts.items() if ours})


def remove_comment(worker: Worker, record: str, ref: str) -> None:
    comment(worker, record, ref, "")


def send_back(worker: Worker, record: str, note: str = "", revision: str = "") -> None:
    """Asks for a correction: the kept comments go with it.

    Raises Problem("usecase.nothing_to_send_back") without a comment or note, and
    ("usecase.already_reviewed") when `revision`, the one that was read, is not the newest any more.
    """
    if not draft_comments(worker, record) and not note.strip():
        raise Problem("usecase.nothing_to_send_back")
    _decide(worker, record, "hasIssues", note, revision)


def approve(worker: Worker, record: str, revision: str = "") -> None:
    """Takes the newest revision as it is; comments that were written go along."""
    _decide(worker, record, "approved", "", revision)


def reject(worker: Worker, record: str, reason: str, revision: str = "") -> None:
    """Says that this submission must not count, in none of its versions. The reason is needed: somebody will ask."""
    if not reason.strip():
        raise Problem("usecase.nothing_to_send_back")
    _decide(worker, record, "rejected", reason, revision)


def _decide(worker: Worker, record: str, state: str, note: str, seen: str) -> None:
    """One review; of a record in conflict, where only rejecting is possible, one of each version."""
    _supervisors_only(worker)
    ours = review_state(worker, record)
    if not ours.revision:
        raise Problem("usecase.no_such_record")
    if seen and seen != ours.revision:
        raise Problem("usecase.already_reviewed")
    if ours.in_conflict and state != "rejected":
        raise Problem("conflict.merge_first")
    with worker.store.transaction():
        for revision in ours.heads:
            _review(worker, record, revision, state, note)


def _review(worker: Worker, record: str, revision: str, state: str, note: str) -> None:
    stored = worker.store.records.get(revision)
    if stored is None:
        raise Problem("usecase.no_such_record")
    body = {
        "submission": record,
        "revision": revision,
        "state": state,
        "comments": [{"ref": ref, "text": text} for ref, text in draft_comments(worker, record).items()],
        "note": note.strip(),
    }
    keep_record(
        worker, "review", body, devices=_readers_of(worker, stored), also=lambda: _drop(worker, record)
    )


def _readers_of(worker: Worker, stored: StoredRecord) -> list[str]:
    """Those who read the submission read its review; its author first of all, and of a merge who was there."""
    household = stored.record["body"].get("household", "")
    roster = worker.roster()
    asked = review_state(worker, stored.record["record"]).responsible
    authors = of_members(roster, [stored.record["author_device"], asked])
    return sorted(authors | set(readers(worker, roster, [household] if household else [])))


def _drop(worker: Worker, record: str) -> None:
    drafts = dict(worker.store.values.get(DRAFTS, {}))
    drafts.pop(record, None)
    worker.store.values.set(DRAFTS, drafts)


def _rows(worker: Worker, language: str) -> list[ReviewRow]:
    return worker.derived(f"queue:{language}", lambda: _all_rows(worker, language))


def _all_rows(worker: Worker, language: str) -> list[ReviewRow]:
    heads = {one.revision: one for one in stored_records(worker, "submission")}
    found = [(heads[state.revision], state) for state in states(worker).values() if state.revision in heads]
    found.sort(key=lambda pair: (not pair[1].in_conflict, in_log_order(pair[0])))
    return [_row(worker, stored, state, language) for stored, state in found]


def _row(worker: Worker, stored: StoredRecord, state: ReviewState, language: str) -> ReviewRow:
    inner: dict[str, Any] = stored.record
    body = inner["body"]
    return ReviewRow(
        record=inner["record"],
        revision=inner["revision"],
        form=inner["form"],
        form_title=form_title(worker, inner["form"], language),
        household=body.get("household", ""),
        household_label=body.get("household_label", ""),
        by=_by(worker, inner, state),
        finished_at=datetime.fromisoformat(body.get("finished") or inner["created"]),
        received_index=stored.index,
        state=state.state,
        revisions=state.revisions,
        comments=len(state.comments),
        synthetic=bool(body.get("synthetic")),
    )


def _by(worker: Worker, inner: dict[str, Any], state: ReviewState) -> str:
    """Who wrote it; of a record in conflict everybody who wrote one of its versions."""
    heads = (worker.store.records.get(one) for one in state.heads) if state.in_conflict else ()
    authors = [one.record["author_device"] for one in heads if one is not None] or [inner["author_device"]]
    known = names(worker)
    return ", ".join(dict.fromkeys(known[name] for name in authors if name in known))


def _searched(row: ReviewRow) -> str:
    return folded(f"{row.household_label} {row.form_title} {row.by}")


def _supervisors_only(worker: Worker) -> None:
    if worker.role != "supervisor":
        raise Problem("usecase.supervisors_only")
