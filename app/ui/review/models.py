"""What the review screens remember while they are open; nothing here outlives its screen but the store's own."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.ui.desk import Desk
from app.ui.i18n import N_
from app.ui.signals import Signal
from app.usecases.views import AnswerLine, ReviewRow, SubmissionPage

PORTION = 60
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": (N_("To review"), ("received", "edited")),
    "back": (N_("Sent back"), ("hasIssues",)),
    "done": (N_("Decided"), ("approved", "rejected")),
    "all": (N_("All records"), ("received", "edited", "hasIssues", "approved", "rejected")),
}
SHOWN: dict[str, tuple[str, Callable[[AnswerLine], bool]]] = {
    "all": (N_("Everything"), lambda line: True),
    "answered": (N_("Answered"), lambda line: bool(line.answer)),
    "changed": (N_("Changed since last visit"), lambda line: line.changed),
    "revised": (N_("Corrected"), lambda line: line.revised_from is not None),
    "said": (N_("With comments"), lambda line: bool(line.comments)),
}


@dataclass
class QueueModel:
    """The words of the search, the filter, and how many lines are drawn."""

    desk: Desk
    query: str = ""
    filter: str = "open"
    shown: int = PORTION
    changed: Signal = field(default_factory=Signal)

    def search(self, words: str) -> None:
        self.query, self.shown = words, PORTION
        self.changed.emit()

    def choose(self, name: str) -> None:
        self.filter, self.shown = name, PORTION
        self.changed.emit()

    def more(self) -> None:
        self.shown += PORTION
        self.changed.emit()

    def found(self) -> list[ReviewRow]:
        """Every record that fits the words, in every state."""
        desk = self.desk
        found: list[ReviewRow] = desk.cases.queue(desk.worker, None, self.query, desk.settings.language)
        return found


@dataclass
class RecordModel:
    """One submission on the screen: its language, which lines are shown, and where a comment is being written.

    `words` says that comments changed, `page_changed` that everything has to be read again.
    """

    desk: Desk
    record: str
    language: str = ""
    shown: str = "all"
    writing: str | None = None
    asking: str = ""  # the dialog that is open: "reject" or "send_back"
    reason: str = ""
    page_changed: Signal = field(default_factory=Signal)
    words: Signal = field(default_factory=Signal)

    def read(self) -> SubmissionPage:
        desk = self.desk
        language = self.language or desk.settings.language
        found: SubmissionPage = desk.cases.submission(desk.worker, self.record, language)
        return found

    def drafts(self) -> dict[str, str]:
        """Comments that were written and not sent yet, by question."""
        found: dict[str, str] = self.desk.cases.draft_comments(self.desk.worker, self.record)
        return found

    def show(self, name: str) -> None:
        self.shown = name
        self.page_changed.emit()

    def speak(self, language: str) -> None:
        self.language = language
        self.page_changed.emit()

    def go_to(self, record: str) -> None:
        """Another record of the queue on the same screen."""
        self.record, self.shown, self.writing, self.asking = record, "all", None, ""
        self.page_changed.emit()

    def write(self, ref: str | None) -> None:
        """Opens the field at a question, or closes it."""
        before, self.writing = self.writing, ref
        if before != ref:
            self.words.emit()

    def keep(self, ref: str, words: str) -> None:
        """Keeps a comment; empty words take it away."""
        self.desk.cases.comment(self.desk.worker, self.record, ref, words)
        self.write(None)
        self.words.emit()

    def ask(self, what: str) -> None:
        self.asking, self.reason = what, ""
        self.page_changed.emit()


def neighbours(model: RecordModel) -> tuple[str | None, str | None]:
    """The records before and after this one among those that still want a decision."""
    desk = model.desk
    rows: list[ReviewRow] = desk.cases.queue(desk.worker, None, "", desk.settings.language)
    wanted = [row.record for row in rows if row.state in FILTERS["open"][1] or row.record == model.record]
    place = wanted.index(model.record) if model.record in wanted else -1
    if place < 0:
        return None, wanted[0] if wanted else None
    before = wanted[place - 1] if place > 0 else None
    after = wanted[place + 1] if place + 1 < len(wanted) else None
    return before, after


def ident(ref: str) -> str:
    """A question's ref as part of an identifier: letters, digits and underscores."""
    return "".join(letter if letter.isalnum() else "_" for letter in ref).strip("_") or "whole"
