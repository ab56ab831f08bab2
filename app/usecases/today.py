"""The first screen: what was sent back, what is unfinished, who wants a visit, what is still only here."""

from app.usecases.drafts import drafts_of
from app.usecases.households import due_visit, planned_rows
from app.usecases.ledger import ledger
from app.usecases.programme import form_title
from app.usecases.review_states import is_asked, open_comments, states
from app.usecases.views import DraftRow, DueVisit, RecordState, SentBackRow, Today
from app.usecases.worker import Worker

# Visits further away than this are no work for today.
UPCOMING_DAYS = 14
_WANTED = ("overdue", "due", "upcoming")
_UNSENT = (RecordState.FINISHED, RecordState.SENDING, RecordState.STOPPED)


def today(worker: Worker, language: str = "") -> Today:
    """Everything that wants attention, most urgent first in each list."""
    drafts = drafts_of(worker, language)
    rows = planned_rows(worker)
    return Today(
        worker_name=worker.name,
        today=worker.today(),
        sent_back=tuple(_sent_back(worker, drafts, language)),
        drafts=tuple(drafts),
        visits=tuple(_visits(worker)),
        waiting=tuple(row for row in ledger(worker, language) if row.state in _UNSENT),
        synthetic=any(row.synthetic for row in rows),
    )


def _visits(worker: Worker) -> list[DueVisit]:
    found = [
        due_visit(worker, row, row.next_visit)
        for row in planned_rows(worker)
        if row.next_visit and row.next_visit.state in _WANTED
    ]
    near = [one for one in found if one.days <= UPCOMING_DAYS]
    return sorted(near, key=lambda one: (_WANTED.index(one.state), one.due_on, one.code))


def _sent_back(worker: Worker, drafts: list[DraftRow], language: str) -> list[SentBackRow]:
    """Own records that a supervisor sent back and whose correction has not been finished."""
    begun = {row.correction_of: row.draft for row in drafts if row.correction_of}
    rows = []
    for record, state in states(worker).items():
        newest = worker.store.records.get(state.revision)
        if state.state != "hasIssues" or newest is None or not is_asked(worker, state):
            continue
        body = newest.record["body"]
        rows.append(
            SentBackRow(
                record=record,
                revision=state.revision,
                form_title=form_title(worker, newest.record["form"], language),
                household=body.get("household", ""),
                household_label=body.get("household_label", ""),
                at=state.reviewed_at or worker.now(),
                comments=open_comments(worker, record, language),
                draft=begun.get(record),
            )
        )
    return sorted(rows, key=lambda row: row.at)
