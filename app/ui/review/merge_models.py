"""What the merge screen remembers while it is open. Every choice is in the store at once."""

from dataclasses import dataclass, field
from typing import Any

from app.programme.merge import OURS, THEIRS, WRITTEN, written
from app.protocol.errors import Problem
from app.ui.desk import Desk
from app.ui.signals import Signal
from app.usecases.conflict_views import MergeLine, MergePage


@dataclass(eq=False)
class MergeModel:
    """Two versions on the screen. `at`: the difference under the keys; `typing`: a field has the keys.

    Signals: `page_changed` everything again; `words` what the bar says; `signal(ref)` one difference.
    """

    desk: Desk
    record: str
    language: str = ""
    at: int | None = None
    typing: bool = False
    open_taken: bool = False
    preview: bool = False
    merging: bool = False
    note: str = ""
    page_changed: Signal = field(default_factory=Signal)
    words: Signal = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self.worker = self.desk.worker
        self._page: MergePage | None = None
        self._choices: dict[str, str] = {}
        self._writing: set[str] = set()
        self._signals: dict[str, Signal] = {}
        self._kept_note = ""

    @property
    def cases(self) -> Any:
        return self.desk.cases.reviewing

    def read(self) -> MergePage:
        """The differences; opened once for each language. Raises the problems of `usecases.merging`."""
        if self._page is None:
            language = self.language or self.desk.settings.language
            page: MergePage = self.cases.merge_page(self.worker, self.record, language)
            self._page = page
            self._choices = {one.ref: one.side for one in page.conflicts}
            self.note = self._kept_note = page.note
        return self._page

    def stale(self) -> None:
        """Another version may have arrived, or the language changed: read everything again."""
        self.keep_written()
        self._page, self._signals = None, {}
        self.page_changed.emit()

    def speak(self, language: str) -> None:
        self.language = language
        self.stale()

    def signal(self, ref: str) -> Signal:
        return self._signals.setdefault(ref, Signal())

    # Choosing
    def choice(self, ref: str) -> str:
        """ "ours", "theirs", "=…" own words, or "" for none yet."""
        return self._choices.get(ref, "")

    def own_words(self, ref: str) -> str | None:
        """What was written instead of either answer; None where no field is open."""
        choice = self.choice(ref)
        if choice.startswith(WRITTEN):
            return choice[len(WRITTEN) :]
        return "" if ref in self._writing else None

    def undecided(self) -> int:
        return sum(1 for one in self.read().conflicts if not self.choice(one.ref))

    def choose(self, ref: str, side: str) -> None:
        """Takes one side's answer; pressing it again takes the choice back."""
        self._writing.discard(ref)
        self._set(ref, "" if self.choice(ref) == side else side)
        self.signal(ref).emit()

    def write(self, line: MergeLine) -> None:
        """Opens the field for an answer of one's own; it begins empty."""
        self._writing.add(line.ref)
        if not self.choice(line.ref).startswith(WRITTEN):
            self._set(line.ref, "")
        self.signal(line.ref).emit()

    def type(self, ref: str, words: str) -> None:
        """A key was pressed in the field of one's own words."""
        before = self.undecided()
        self._choices[ref] = written(words.strip()) if words.strip() else ""
        if before != self.undecided():
            self.words.emit()

    def keep_written(self) -> None:
        """What stands in fields goes to the store: on leaving a field, the screen, or the profile.

        Words about versions that somebody has merged meanwhile have no place any more.
        """
        if self._page is None or self.desk.worker is not self.worker:
            return
        try:
            self._keep_fields()
        except Problem as problem:
            if problem.code != "conflict.none":
                raise

    def _keep_fields(self) -> None:
        assert self._page is not None
        kept = {one.ref: one.side for one in self._page.conflicts}
        for ref in self._writing:
            if self._choices.get(ref, "") != kept.get(ref):
                self.cases.keep_choice(self.worker, self.record, ref, self._choices.get(ref, ""))
        if self.note.strip() != self._kept_note:
            self.cases.merge_note(self.worker, self.record, self.note.strip())
            self._kept_note = self.note.strip()

    def _set(self, ref: str, choice: str) -> None:
        self._choices[ref] = choice
        self.cases.keep_choice(self.worker, self.record, ref, choice)
        self.words.emit()

    # Keys
    def step(self, by: int) -> None:
        """The mark goes to the next or the one before."""
        lines = self.read().conflicts
        if not lines:
            return
        before, first = self.at, 0 if by > 0 else len(lines) - 1
        self.at = first if before is None else max(0, min(len(lines) - 1, before + by))
        for place in {before, self.at} - {None}:
            self.signal(lines[place].ref).emit()  # type: ignore[index]

    def marked(self) -> MergeLine | None:
        lines = self.read().conflicts
        return lines[self.at] if self.at is not None and self.at < len(lines) else None

    def press(self, key: str) -> None:
        """1 or the left arrow takes the first version's answer, 2 or the right arrow the second's."""
        line = self.marked()
        side = {"1": OURS, "Arrow Left": OURS, "2": THEIRS, "Arrow Right": THEIRS}.get(key)
        if line is not None and side is not None and self.choice(line.ref) != side:
            self.choose(line.ref, side)

    # Folding
    def fold(self) -> None:
        self.open_taken = not self.open_taken
        self.words.emit()

    def show_preview(self, shown: bool) -> None:
        self.keep_written()
        self.preview = shown
        self.words.emit()
