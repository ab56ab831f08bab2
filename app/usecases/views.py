"""What use cases hand to a screen: plain frozen data, already decrypted, already decided.

Dates are aware datetimes (UTC) or plain dates; every text that a person wrote is as written; texts of the
product itself are codes that the screen translates.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class RecordState(StrEnum):
    """The ledger states of one record, in the order in which they come (PRODUCT: Sent)."""

    DRAFT = "draft"
    FINISHED = "finished"  # sealed, only on this tablet
    SENDING = "sending"
    RECEIVED = "received"  # the server's receipt was verified
    REVIEWED = "reviewed"  # a supervisor approved it
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    IN_CONFLICT = "in_conflict"  # received, and beside it another version: a supervisor merges them
    STOPPED = "stopped"  # could not be sent; `problem` says why


@dataclass(frozen=True)
class ProblemText:
    """A problem of the catalogue, ready to be translated and shown: English message ids with their fields."""

    code: str
    title: str
    happened: str
    lost: str
    todo: str
    detail: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ProfileCard:
    """One person who may unlock this tablet. `role` is `fieldworker` or `supervisor`, "pending" while enrolling."""

    id: str
    label: str
    role: str
    pending: bool = False  # keys are made and no supervisor has signed them yet: see app.usecases.enrolment


@dataclass(frozen=True)
class DueVisit:
    """A planned visit that wants attention. `state`: overdue, due or upcoming; `days` from today (negative: late)."""

    household: str
    household_label: str
    code: str
    area: str
    tenancy: str
    flat: str
    visit_kind: str
    due_on: date
    state: str
    days: int


@dataclass(frozen=True)
class DraftRow:
    """An unfinished form. `problems` counts what finishing still asks for, None before it was tried."""

    draft: str
    form: str
    form_title: str
    household: str
    household_label: str
    saved_at: datetime
    answered: int
    total: int
    correction_of: str | None
    problems: int | None


@dataclass(frozen=True)
class Comment:
    """A supervisor's words on one question (`ref`), or on the whole record (`ref` empty)."""

    ref: str
    question: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class SentBackRow:
    """A record that a supervisor sent back and that has not been corrected yet."""

    record: str
    revision: str
    form_title: str
    household: str
    household_label: str
    at: datetime
    comments: tuple[Comment, ...]
    draft: str | None  # a correction already begun


@dataclass(frozen=True)
class LedgerFile:
    """One attachment of a record. `state` is waiting, sending, received or stopped."""

    name: str
    size: int
    state: str
    waits_for_wifi: bool
    problem: ProblemText | None


@dataclass(frozen=True)
class LedgerRow:
    """One own record on its way. `parts_sent` of `parts` are with the server (the record and its attachments)."""

    record: str
    revision: str
    form_title: str
    household_label: str
    finished_at: datetime
    state: RecordState
    parts: int
    parts_sent: int
    size: int
    log_index: int | None
    received_at: datetime | None
    problem: ProblemText | None
    files: tuple[LedgerFile, ...] = ()


@dataclass(frozen=True)
class SyncStatus:
    """The state of sending and receiving, for the sidebar and the Sent screen. `waiting` counts records, `photos`
    their files; `for_wifi` of those wait for Wi-Fi."""

    server: str
    waiting: int
    last_success: datetime | None
    last_problem: ProblemText | None
    running: bool
    quarantined: int
    photos: int = 0
    for_wifi: int = 0


@dataclass(frozen=True)
class SyncProgress:
    """`phase`: sharing, start, roster, push, pull, verify, finish. `done` of `total` records in this phase."""

    phase: str
    done: int
    total: int
    bytes_done: int
    bytes_total: int
    seconds_left: float | None = None  # of this phase, None while nobody can tell


@dataclass(frozen=True)
class SyncOutcome:
    """What one synchronisation did. `problem` is None exactly when it reached its end.

    `removed`: this device was removed, everything was handed over, and it is locked for good. `handed_over`:
    names of old profiles here of which everything was received. `came_home`: drafts of such a profile.
    `postponed`: files that wait for Wi-Fi.
    """

    sent: int
    received: int
    quarantined: int
    problem: ProblemText | None
    removed: bool = False
    handed_over: tuple[str, ...] = ()
    came_home: int = 0
    postponed: int = 0


@dataclass(frozen=True)
class Today:
    """Everything on the first screen, most urgent first in each list."""

    worker_name: str
    today: date
    sent_back: tuple[SentBackRow, ...]
    drafts: tuple[DraftRow, ...]
    visits: tuple[DueVisit, ...]
    waiting: tuple[LedgerRow, ...]
    synthetic: bool


@dataclass(frozen=True)
class RiskFlag:
    """A prompt for a human with its reasons, largest first. `level`: steady, watch, high, urgent."""

    level: str
    points: int
    reasons: tuple[str, ...]
    as_of: date | None


@dataclass(frozen=True)
class HouseholdRow:
    """A line of the household list."""

    id: str
    label: str
    code: str
    area: str
    address: str
    people: int
    last_visit_on: date | None
    next_due: DueVisit | None
    risk: RiskFlag | None
    synthetic: bool


@dataclass(frozen=True)
class Person:
    """Somebody of the household: only what the entity list holds."""

    id: str
    name: str
    sex: str
    birth_year: int | None
    relation: str
    status: str


@dataclass(frozen=True)
class TimelineItem:
    """One record about the household, newest first."""

    record: str
    revision: str
    form: str
    form_title: str
    at: datetime
    by: str
    state: str  # received, hasIssues, edited, inConflict, approved, rejected, or a RecordState of an own unsent one
    own: bool


@dataclass(frozen=True)
class StartableForm:
    """A form that may be started from here, with the reason where it may not be."""

    form: str
    title: str
    enabled: bool
    why_not: str


@dataclass(frozen=True)
class HouseholdPage:
    """Everything the household page shows."""

    row: HouseholdRow
    people: tuple[Person, ...]
    timeline: tuple[TimelineItem, ...]
    planned: tuple[DueVisit, ...]
    steps: tuple[str, ...]
    forms: tuple[StartableForm, ...]
    drafts: tuple[DraftRow, ...]


@dataclass(frozen=True)
class LastAnswer:
    """What the previous visit answered to the same question; `text` is a label, in the form's language."""

    text: str
    value: str
    on: date


@dataclass(frozen=True)
class SectionState:
    """One section of the outline. Counts are over relevant questions; `state`: current, done, open or untouched."""

    ref: str
    title: str
    answered: int
    total: int
    missing: int
    wrong: int


@dataclass(frozen=True)
class FillProblem:
    """One thing that stands between a draft and finishing. `condition`: required, constraint or type."""

    ref: str
    section: str
    section_title: str
    question: str
    condition: str
    message: str


@dataclass(frozen=True)
class ReviewRow:
    """A line of the supervisor's queue."""

    record: str
    revision: str
    form: str
    form_title: str
    household: str
    household_label: str
    by: str
    finished_at: datetime
    received_index: int | None
    state: str  # received, hasIssues, edited, inConflict, approved, rejected
    revisions: int
    comments: int
    synthetic: bool


@dataclass(frozen=True)
class AnswerLine:
    """One question of a submission, with labels in the chosen language. `kind`: section, repeat, question, note."""

    ref: str
    kind: str
    label: str
    answer: str  # choice labels, formatted dates; empty where unanswered
    previous: str | None  # last visit's answer, None where there is none
    changed: bool  # against the compared revision or visit
    revised_from: str | None  # this record's earlier revision had another answer
    comments: tuple[Comment, ...]
    level: int
    file: str = ""  # the name of an attached file, where the answer is one
    medium: str = ""  # what it is: image, audio, video or file


@dataclass(frozen=True)
class RevisionRow:
    """One revision of a submission, newest first."""

    revision: str
    by: str
    at: datetime
    changes: int
    first: bool
    merged: bool = False  # it has two parents
    standing: bool = True  # nothing replaces it; two of them are in conflict


@dataclass(frozen=True)
class Signal:
    """A data-quality remark beside a submission. `tone`: good, warn, bad."""

    code: str
    tone: str
    detail: dict[str, str]


@dataclass(frozen=True)
class SubmissionPage:
    """A submission opened for review."""

    row: ReviewRow
    languages: tuple[str, ...]
    language: str
    lines: tuple[AnswerLine, ...]
    revisions: tuple[RevisionRow, ...]
    signals: tuple[Signal, ...]
    previous_on: date | None
    minutes: int | None
    position: int  # 1-based place in the queue
    queue_length: int
    beside: int = 0  # the number of the earlier revision it is compared with; 0 for none
