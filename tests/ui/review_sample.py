"""A queue that remembers: the review use cases over synthetic records, with the same refusals as the real ones."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from flet.controls.base_control import BaseControl

from app.protocol.errors import Problem
from app.ui.app import open_window
from app.ui.desk import Desk
from app.usecases.views import AnswerLine, Comment, ReviewRow, RevisionRow, Signal, SubmissionPage
from tests.ui import sample
from tests.ui.fakes import FakeWorker, World, make_cases, plain
from tests.ui.headless import Headless

RENT, WHY = "/data/c_rent/rent_ron", "/data/d_people[2]/why"
LANGUAGES = ("Română (ro)", "English (en)")
RENT_LABELS = ("Cât este restanța la chirie?", "How much rent is unpaid?")


def review_row(number: int, state: str = "received", **changes: Any) -> ReviewRow:
    made = ReviewRow(
        record=f"r{number}",
        revision=f"v{number}",
        form="post_relocation_visit",
        form_title="Vizită la domiciliu",
        household=f"h{number}",
        household_label=sample.label(number),
        by="Ana Exemplu" if number % 2 else "Mihai Probă",
        finished_at=sample.NOW - timedelta(days=20 - number % 20),
        received_index=number,
        state=state,
        revisions=2 if state == "edited" else 1,
        comments=1 if state in ("edited", "hasIssues") else 0,
        synthetic=True,
    )
    return replace(made, **changes)


def said(ref: str, words: str) -> Comment:
    return Comment(ref, "", words, "Rodica Test", sample.NOW - timedelta(days=1))


def answer(ref: str, label: str, words: str, **more: Any) -> AnswerLine:
    known: dict[str, Any] = {"previous": None, "changed": False, "revised_from": None, "comments": ()}
    return AnswerLine(ref=ref, kind="question", label=label, answer=words, level=1, **(known | more))


def heading(ref: str, label: str, kind: str = "section", level: int = 0) -> AnswerLine:
    return AnswerLine(ref, kind, label, "", None, False, None, (), level)


def answer_lines(language: str, many: int = 0, corrected: bool = False) -> tuple[AnswerLine, ...]:
    """Two sections: rent (changed since last visit), people (one repeat with one unanswered question)."""
    label = RENT_LABELS[LANGUAGES.index(language)]
    revised = {"revised_from": "610", "comments": (said(RENT, "Verificați chitanța."),)} if corrected else {}
    return (
        heading("/data/c_rent", "C. Chirie"),
        answer(RENT, label, "310", previous="240", changed=True, **revised),
        answer("/data/c_rent/heat", "Merge încălzirea?", "Da", previous="Da"),
        heading("/data/d_people", "D. Oameni"),
        heading("/data/d_people[2]", "Elena Exemplu", "repeat", 1),
        answer(WHY, "De ce nu merge la școală?", ""),
        *(answer(f"/data/d_people/q{n}", f"Întrebarea {n}", f"Răspunsul {n}") for n in range(many)),
    )


@dataclass
class ReviewWorld:
    """What the fakes remember. `moved`: records whose newest revision is not the one that was read any more."""

    rows: list[ReviewRow] = field(default_factory=list)
    drafts: dict[str, dict[str, str]] = field(default_factory=dict)
    decisions: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    formless: set[str] = field(default_factory=set)
    many: int = 0
    opened: int = 0
    shell: World = field(default_factory=World)

    def queue(
        self, worker: Any, wanted: Collection[str] | None = None, query: str = "", language: str = ""
    ) -> list[ReviewRow]:
        rows = [one for one in self.rows if wanted is None or one.state in wanted]
        words = plain(query).split()
        return [
            one for one in rows if all(word in plain(f"{one.household_label} {one.by}") for word in words)
        ]

    def submission(self, worker: Any, record: str, language: str = "") -> SubmissionPage:
        self.opened += 1
        row = next((one for one in self.rows if one.record == record), None)
        if row is None:
            raise Problem("usecase.no_such_record")
        if record in self.formless:
            raise Problem("usecase.no_such_form")
        chosen = next((name for name in LANGUAGES if language and language in name), LANGUAGES[0])
        corrected = row.state == "edited"
        revisions = [RevisionRow(f"v{record}", row.by, row.finished_at, 0, True)]
        if corrected:
            revisions.insert(0, RevisionRow(row.revision, row.by, sample.NOW, 1, False))
        lines = answer_lines(chosen, self.many, corrected)
        signals = (
            Signal("signed", "good", {}),
            Signal("in_log", "good", {"index": "12"}),
            Signal("duration", "warn", {"minutes": "4"}),
            Signal("changed", "good", {"count": "1"}),
        )
        return SubmissionPage(
            row, LANGUAGES, chosen, lines, tuple(revisions), signals, date(2026, 9, 12), 4, 1, 1
        )

    def comment(self, worker: Any, record: str, ref: str, text: str) -> None:
        ours = {**self.drafts.get(record, {}), ref: text.strip()}
        self.drafts[record] = {name: words for name, words in ours.items() if words}

    def draft_comments(self, worker: Any, record: str) -> dict[str, str]:
        return dict(self.drafts.get(record, {}))

    def decide(self, record: str, state: str, words: str, revision: str) -> None:
        place = next(n for n, one in enumerate(self.rows) if one.record == record)
        if record in self.moved or revision != self.rows[place].revision:
            raise Problem("usecase.already_reviewed")
        self.decisions.append((record, state, self.drafts.pop(record, {}), words))
        self.rows[place] = replace(self.rows[place], state=state)

    def cases(self) -> Any:
        return make_cases(
            self.shell,
            queue=self.queue,
            submission=self.submission,
            comment=self.comment,
            draft_comments=self.draft_comments,
            send_back=lambda w, record, note="", rev="": self.decide(record, "hasIssues", note, rev),
            approve=lambda w, record, rev="": self.decide(record, "approved", "", rev),
            reject=lambda w, record, reason, rev="": self.decide(record, "rejected", reason, rev),
        )


def usual() -> ReviewWorld:
    """Two new ones, a corrected one, one sent back, one approved."""
    return ReviewWorld(
        [
            review_row(1),
            review_row(2),
            review_row(3, "edited"),
            review_row(4, "hasIssues"),
            review_row(5, "approved"),
        ]
    )


class ReviewWindow(Headless):
    """The supervisor's window, unlocked, on the queue."""

    def __init__(
        self, world: ReviewWorld, size: tuple[float, float] = (1400, 900), language: str = "en"
    ) -> None:
        self.world = world
        world.shell.settings = replace(world.shell.settings, language=language)
        self.desk = Desk(world.cases())
        super().__init__(lambda page: open_window(page, self.desk), size)

    async def __aenter__(self) -> "ReviewWindow":
        await super().__aenter__()
        await self.desk.unlock("p-rodica", "numai pentru probă")
        await self.settle()
        return self

    def walk(self, node: Any = None, seen: set[int] | None = None) -> Iterator[BaseControl]:
        """As the base does, but an empty place within a control is not the whole page again."""
        return iter(()) if node is None and seen is not None else super().walk(node, seen)

    async def open(self, record: str) -> None:
        await self.press(f"review.row.{record}")
        assert "submission.page" in self.ids(), self.words()

    def rows(self) -> list[str]:
        return [name.removeprefix("review.row.") for name in self.ids() if name.startswith("review.row.")]

    def disabled(self, identifier: str) -> bool:
        return bool(self.tagged(identifier).disabled)


__all__ = ["RENT", "WHY", "FakeWorker", "ReviewWindow", "ReviewWorld", "review_row", "usual"]
