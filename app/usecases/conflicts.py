"""Records with several versions side by side, and entities about which two records said different things.

Nothing here changes anything; `app.usecases.merging` does. The versions stay as they are until somebody merges.
"""

from datetime import datetime
from typing import Any

from app.programme.entities import Conflict
from app.programme.review_state import ReviewState
from app.usecases.conflict_views import ConflictRow, EntityConflictRow, HeadRow
from app.usecases.programme import entities, form_title
from app.usecases.review_states import names, states
from app.usecases.worker import Worker


def conflicts(worker: Worker, language: str = "") -> list[ConflictRow]:
    """Every record on this device that has several versions, the oldest conflict first."""
    found = [state for state in states(worker).values() if state.in_conflict]
    rows = [conflict_row(worker, state, language) for state in found]
    return sorted(rows, key=lambda row: row.heads[-1].at)


def entity_conflicts(worker: Worker, record: str = "") -> list[EntityConflictRow]:
    """What two records said differently about one entity; of one record where it is named."""
    found = [one for one in entities(worker).conflicts if not record or one.record == record]
    return [_entity_row(worker, one) for one in found]


def conflict_row(worker: Worker, state: ReviewState, language: str = "") -> ConflictRow:
    """One record in conflict with all its versions, first come first."""
    inner = head_records(worker, state)
    body = inner[-1]["body"]
    return ConflictRow(
        record=state.record,
        form_title=form_title(worker, inner[-1]["form"], language),
        household=body.get("household", ""),
        household_label=body.get("household_label", ""),
        heads=tuple(head_row(worker, state, one) for one in inner),
        may_merge=may_merge(worker, inner),
        synthetic=bool(body.get("synthetic")),
    )


def head_row(worker: Worker, state: ReviewState, inner: dict[str, Any]) -> HeadRow:
    """Who wrote this version, and when."""
    return HeadRow(
        revision=inner["revision"],
        by=names(worker).get(inner["author_device"], ""),
        at=datetime.fromisoformat(inner["created"]),
        state=state.head_states.get(inner["revision"], "received"),
        own=inner["author_device"] == worker.device,
    )


def head_records(worker: Worker, state: ReviewState) -> list[dict[str, Any]]:
    """The inner records of the versions side by side."""
    kept = (worker.store.records.get(revision) for revision in state.heads)
    return [one.record for one in kept if one is not None]


def may_merge(worker: Worker, heads: list[dict[str, Any]]) -> bool:
    """A supervisor may, and whoever wrote one of the versions."""
    return worker.role == "supervisor" or any(one["author_device"] == worker.device for one in heads)


def _entity_row(worker: Worker, one: Conflict) -> EntityConflictRow:
    entity = entities(worker).get(one.list_name, one.entity)
    return EntityConflictRow(
        list_name=one.list_name,
        entity=one.entity,
        label=entity.label if entity else "",
        reason=one.reason,
        record=one.record,
        differing=tuple((name, stands, other) for name, (stands, other) in sorted(one.differing.items())),
    )
