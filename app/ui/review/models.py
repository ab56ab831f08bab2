"""What the review screens remember while they are open. What a supervisor writes is in the store at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from app.ui.desk import Desk
from app.ui.i18n import N_
from app.ui.signals import Signal
from app.usecases.views import AnswerLine, ReviewRow, SubmissionPage

PORTION = 60
OPEN = ("inConflict", "received", "edited")
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": (N_("To review"), OPEN),
    "conflict": (N_("Two versions (filter)"), ("inConflict",)),
    "back": (N_("Sent back (filter)"), ("hasIssues",)),
    "done": (N_("Approved (filter)"), ("approved",)),
    "rejected": (N_("Rejected (filter)"), ("rejected",)),
    "all": (N_("All records"), (*OPEN, "hasIssues", "approved", "rejected")),
}
SHOWN: dict[str, tuple[str, Callable[[AnswerLine], bool]]] = {
    "all": (N_("Everything"), lambda line: True),
    "changed": (N_("Changed since last visit"), lambda line: line.changed),
    "revised": (N_("Changed since revision {n}"), lambda line: line.revised_from is not None),
    "answered": (N_("Answered only"), lambda line: bool(line.answer)),
    "said": (N_("With comments"), lambda line: bool(line.comments)),
}


@dataclass(eq=False)
class QueueModel:
    """The words of the search, the filter, the line under the keys, and how many lines are drawn."""

    desk: Desk
    query: str = ""
    filter: str = "open"
    shown: int = PORTION
    at: int | None = None
    searching: bool = False  # the search field has the keys
    changed: Signal = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self.worker = self.desk.worker

    def mounted(self) -> Signal:
        """A screen begins to listen; those that listened before are gone."""
        self.changed, self.searching, self.at = Signal(), False, None
        return self.changed

    def search(self, words: str) -> None:
        self.query = words
        self._anew()

    def choose(self, name: str) -> None:
        self.filter = name
        self._anew()

    def _anew(self) -> None:
        self.shown, self.at = PORTION, None
        self.changed.emit()

    def more(self) -> None:
        self.shown += PORTION
        self.changed.emit()

    def step(self, by: int) -> None:
        """The mark goes down or up one line."""
        last = min(self.shown, len(self.rows())) - 1
        if last < 0:
            return
        first = 0 if by > 0 else last
        self.at = first if self.at is None else max(0, min(last, self.at + by))
        self.changed.emit()

    def marked(self) -> ReviewRow | None:
        rows = self.rows()
        return rows[self.at] if self.at is not None and self.at < len(rows) else None

    def found(self) -> list[ReviewRow]:
        """Every record that fits the words, in every state."""
        desk = self.desk
        found: list[ReviewRow] = desk.cases.queue(desk.worker, None, self.query, desk.settings.language)
        return found

    def rows(self) -> list[ReviewRow]:
        """The records that fit the words and the filter."""
        return [one for one in self.found() if one.state in FILTERS[self.filter][1]]


_queues: WeakKeyDictionary[Desk, QueueModel] = WeakKeyDictionary()


def queue_of(desk: Desk) -> QueueModel:
    """This window's queue: coming back from a record finds the filter and the words as they were.

    Whoever unlocks next begins anew.
    """
    model = _queues.get(desk)
    if model is None or model.worker is not desk.worker:
        model = _queues[desk] = QueueModel(desk)
    return model


@dataclass(eq=False)
class RecordModel:
    """One submission on the screen: its language, which lines are shown, and where a comment is being written.

    Signals: `page_changed` it has to be drawn again; `words` what goes along with a decision changed;
    `at(ref)` the comments of one question changed.
    """

    desk: Desk
    record: str
    language: str = ""
    shown: str = "all"
    writing: str | None = None  # the question whose field is open, and what stands in it
    written: str = ""
    note: str = ""
    asking: str = ""  # the dialog that is open: "reject" or "send_back"
    reason: str = ""
    deciding: bool = False
    page_changed: Signal = field(default_factory=Signal)
    words: Signal = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self.worker = self.desk.worker
        self._page: SubmissionPage | None = None
        self._at: dict[str, Signal] = {}
        self._load_drafts()
        self.note = self._drafts.get("", "")

    def _load_drafts(self) -> None:
        self._drafts: dict[str, str] = self.desk.cases.draft_comments(self.desk.worker, self.record)

    def at(self, ref: str) -> Signal:
        return self._at.setdefault(ref, Signal())

    def read(self) -> SubmissionPage:
        """The submission; opened once for each language. Raises the problems of `usecases.submission`."""
        if self._page is None:
            desk = self.desk
            language = self.language or desk.settings.language
            self._page = desk.cases.submission(desk.worker, self.record, language)
        return self._page

    def stale(self) -> None:
        """Something may have arrived: read everything again."""
        self._page = None
        self._load_drafts()
        self._redraw()

    def show(self, name: str) -> None:
        self.keep_written()
        self.shown = name
        self._redraw()

    def _redraw(self) -> None:
        """Everything anew: whoever listened for one question may be gone, and asks again."""
        self._at = {}
        self.page_changed.emit()

    def speak(self, language: str) -> None:
        self.language = language
        self.stale()

    # Comments
    def draft(self, ref: str) -> str:
        """What was written about a question and not sent yet."""
        return self._drafts.get(ref, "")

    def going_along(self) -> int:
        """How many comments on questions a decision takes along, with the one being written."""
        refs = {ref for ref in self._drafts if ref}
        if self.writing is not None and self.written.strip():
            refs.add(self.writing)
        return len(refs)

    def may_send_back(self) -> bool:
        return bool(self.going_along() or self.note.strip())

    def write(self, ref: str) -> None:
        """Opens the field at a question; what stands in another one is kept."""
        if ref != self.writing:
            self.keep_written()
            self.writing, self.written = ref, self.draft(ref)
            self.at(ref).emit()

    def type(self, words: str) -> None:
        """A key was pressed in the open field: only the bar may have to say another number."""
        before = bool(self.written.strip())
        self.written = words
        if before != bool(words.strip()):
            self.words.emit()

    def close(self) -> None:
        """Closes the field without keeping what stands in it."""
        ref, self.writing, self.written = self.writing, None, ""
        if ref is not None:
            self.at(ref).emit()
            self.words.emit()

    def keep(self, ref: str, words: str) -> None:
        """Keeps a comment; empty words take it away."""
        if words.strip() != self.draft(ref):
            self.desk.cases.comment(self.desk.worker, self.record, ref, words)
            self._load_drafts()
        if ref == self.writing:
            self.writing, self.written = None, ""
        if ref:
            self.at(ref).emit()
        self.words.emit()

    def keep_written(self) -> None:
        """Whatever stands in an open field goes to the store: on leaving, on locking, before a decision."""
        if self.writing is not None:
            ref = self.writing
            self.keep(ref, self.written or self.draft(ref))
        if self.note.strip() != self.draft(""):
            self.keep("", self.note)

    def type_note(self, words: str) -> None:
        before = bool(self.note.strip())
        self.note = words
        if before != bool(words.strip()):
            self.words.emit()

    # Deciding
    def ask(self, what: str) -> None:
        self.asking, self.reason = what, ""
        self.words.emit()


def neighbours(model: RecordModel) -> tuple[str | None, str | None]:
    """The records before and after this one, among those that the queue shows."""
    listed = listing(model)
    place = listed.index(model.record) if model.record in listed else -1
    before = listed[place - 1] if place > 0 else None
    after = listed[place + 1] if 0 <= place < len(listed) - 1 else None
    return before, after


def listing(model: RecordModel) -> list[str]:
    """The queue as it is filtered, with this record in its place even where it does not fit any more."""
    queue = queue_of(model.desk)
    wanted = {one.record for one in queue.rows()} | {model.record}
    return [one.record for one in queue.found() if one.record in wanted]


def ident(ref: str) -> str:
    """A question's ref as part of an identifier: letters, digits and underscores."""
    return "".join(letter if letter.isalnum() else "_" for letter in ref).strip("_") or "whole"
