"""What the merge screen shows: plain frozen data, like app.usecases.views."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class HeadRow:
    """One of the versions lying side by side. `state`: what was said about this one alone."""

    revision: str
    by: str
    at: datetime
    state: str
    own: bool


@dataclass(frozen=True)
class ConflictRow:
    """A record with several versions. `may_merge`: this person may; a supervisor, or who wrote one of them."""

    record: str
    form_title: str
    household: str
    household_label: str
    heads: tuple[HeadRow, ...]
    may_merge: bool
    synthetic: bool


@dataclass(frozen=True)
class EntityConflictRow:
    """Two records said different things about one person, home or household; the first text stands.

    `reason`: stale, exists, missing or heads (app.programme.entity.Conflict). `differing`: property → (the value
    that stands, the one that does not).
    """

    list_name: str
    entity: str
    label: str
    reason: str
    record: str
    differing: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class MergeLine:
    """One difference with labels. `kind`: answer, card or repeat. `ours`, `theirs`: as a person reads them,
    "" not answered, None not there. `before`: the version both started from, None where that is not known.
    `side`: ours, theirs or both where it is settled; of a conflict what was chosen so far ("" nothing yet,
    "=…" own words). `writable`: own words may be written; `number`: they are digits.
    """

    ref: str
    kind: str
    section: str
    label: str
    ours: str | None
    theirs: str | None
    before: str | None
    side: str
    writable: bool
    number: bool


@dataclass(frozen=True)
class MergePage:
    """Two versions of one record, question by question. `more`: further versions, to be merged after these.

    `draft`: a merge that was begun and lacks something.
    """

    record: str
    form_title: str
    household_label: str
    synthetic: bool
    ours: HeadRow
    theirs: HeadRow
    more: int
    conflicts: tuple[MergeLine, ...]
    taken: tuple[MergeLine, ...]
    note: str
    may_merge: bool
    draft: str | None
    languages: tuple[str, ...]
    language: str

    @property
    def undecided(self) -> int:
        return sum(1 for one in self.conflicts if not one.side)


@dataclass(frozen=True)
class PreviewLine:
    """One line of the merged record. `kind`: section or question; `merged`: it was one of the differences."""

    kind: str
    label: str
    answer: str
    merged: bool


@dataclass(frozen=True)
class MergePreview:
    """The merged record as it would be, and what would be missing or wrong in it (question, message)."""

    lines: tuple[PreviewLine, ...]
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Merged:
    """The merge that was made: a revision, or a draft that says what is missing."""

    record: str
    revision: str
    draft: str
    problems: int
