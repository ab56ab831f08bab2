"""The drafts on this device, the one touched last first."""

from datetime import UTC, datetime

from app.store.store import DraftHead
from app.usecases.programme import form_title
from app.usecases.views import DraftRow
from app.usecases.worker import Worker


def drafts_of(worker: Worker, language: str = "") -> list[DraftRow]:
    rows = [_row(worker, head, language) for head in worker.store.drafts.list()]
    return sorted(rows, key=lambda row: row.saved_at, reverse=True)


def _row(worker: Worker, head: DraftHead, language: str) -> DraftRow:
    meta = head.meta
    return DraftRow(
        draft=head.id,
        form=meta["form"],
        form_title=form_title(worker, meta["form"], language),
        household=meta.get("household", ""),
        household_label=meta.get("household_label", ""),
        saved_at=datetime.fromisoformat(meta["saved_at"]) if meta.get("saved_at") else datetime.now(UTC),
        answered=int(meta.get("answered", 0)),
        total=int(meta.get("total", 0)),
        correction_of=meta.get("record"),
        problems=meta.get("problems"),
    )
