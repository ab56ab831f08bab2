"""The state of each submission, from its revisions and the reviews about them.

received → (hasIssues → edited)* → approved or rejected. A review speaks about one revision: once that one
is corrected, the submission is `edited` until somebody reviews the correction. Two revisions side by side are
`inConflict` whatever was said about either of them, until they are merged; only rejecting every one ends it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.programme.records import Opened, Submission, moment, opened, submissions

STATES = ("received", "hasIssues", "edited", "approved", "rejected")
IN_CONFLICT = "inConflict"  # no review says this: it follows from the revisions


@dataclass(frozen=True)
class ReviewComment:
    """Words on one question (`ref`), or on the whole (`ref` empty). `open`: its revision still stands."""

    ref: str
    text: str
    by: str
    at: datetime
    revision: str
    open: bool


@dataclass(frozen=True)
class ReviewState:
    """Where one submission stands. Two `heads`: corrections of two people lie side by side.

    `head_states`: each head's own state; `responsible`: the device to which questions go back.
    """

    record: str
    revision: str
    state: str
    comments: tuple[ReviewComment, ...]
    heads: tuple[str, ...]
    revisions: int
    reviewed_at: datetime | None
    reviewed_by: str
    head_states: Mapping[str, str] = field(default_factory=dict)
    responsible: str = ""

    @property
    def in_conflict(self) -> bool:
        return self.state == IN_CONFLICT

    def by_ref(self, *, only_open: bool = False) -> dict[str, tuple[ReviewComment, ...]]:
        """Question ref → comments on it, oldest first."""
        found: dict[str, tuple[ReviewComment, ...]] = {}
        for one in self.comments:
            if one.open or not only_open:
                found[one.ref] = (*found.get(one.ref, ()), one)
        return found


def review_states(records: Iterable[Any]) -> dict[str, ReviewState]:
    """Record id → the state of that submission, for every submission among these records."""
    found = opened(records)
    reviews = _reviews(found)
    ours = submissions(found)
    return {record: _state(submission, reviews.get(record, [])) for record, submission in ours.items()}


def review_state(records: Iterable[Any], record: str) -> ReviewState | None:
    """The state of one submission, None where it is not among these records."""
    return review_states(records).get(record)


def _reviews(found: Iterable[Opened]) -> dict[str, list[Opened]]:
    reviews: dict[str, list[Opened]] = {}
    for one in found:
        if one.kind == "review":
            reviews.setdefault(str(one.body.get("submission", "")), []).append(one)
    return reviews


def _state(submission: Submission, reviews: list[Opened]) -> ReviewState:
    last = reviews[-1] if reviews else None
    words = {one.revision: _word(one, submission, reviews) for one in submission.heads}
    return ReviewState(
        record=submission.record,
        revision=submission.newest.revision,
        state=_together(list(words.values())),
        comments=tuple(comment for review in reviews for comment in _comments(review, words)),
        heads=tuple(words),
        revisions=len(submission.revisions),
        reviewed_at=last.created if last else None,
        reviewed_by=last.author if last else "",
        head_states=words,
        responsible=submission.responsible,
    )


def _together(words: list[str]) -> str:
    """The state of the submission from those of its heads."""
    if len(words) == 1 or all(word == "rejected" for word in words):
        return words[-1]
    return IN_CONFLICT


def _word(head: Opened, submission: Submission, reviews: list[Opened]) -> str:
    about = [one for one in reviews if one.body.get("revision") == head.revision]
    if about:
        state = str(about[-1].body.get("state", "received"))
        return state if state in STATES else "received"
    return "edited" if len(submission.revisions) > 1 else "received"


def _comments(review: Opened, heads: Collection[str]) -> list[ReviewComment]:
    stands = review.body.get("revision") in heads
    written: list[Mapping[str, Any]] = [*review.body.get("comments", ())]
    if review.body.get("note"):
        written.append({"ref": "", "text": review.body["note"]})
    return [
        ReviewComment(
            ref=str(one.get("ref", "")),
            text=str(one.get("text", "")),
            by=review.author,
            at=moment(one.get("at")) if one.get("at") else review.created,
            revision=str(review.body.get("revision", "")),
            open=stands,
        )
        for one in written
        if one.get("text")
    ]
