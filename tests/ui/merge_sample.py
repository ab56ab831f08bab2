"""A record in conflict that remembers what was chosen, with the refusals of the real use cases; and its files."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event
from typing import Any

from app.protocol.errors import Problem
from app.ui.review.cases import ReviewCases
from app.usecases.conflict_views import HeadRow, Merged, MergeLine, MergePage, MergePreview, PreviewLine
from app.usecases.views import SubmissionPage
from tests.ui import sample
from tests.ui.review_sample import RENT, ReviewWorld, answer, review_row

NOTE, PHOTO, SOUND = "/data/j_worker/w_note", "/data/c_rent/photo", "/data/c_rent/sound"
CARD = "/data/b_people/person[x1]"
PNG = b"\x89PNG\r\n\x1a\nsynthetic"
FILE = "0f8fad5b-d9cb-469f-a165-70867728950e-scrisoare.png"
OURS = HeadRow("v1a", "Ana Exemplu", sample.NOW - timedelta(hours=3), "edited", False)
THEIRS = HeadRow("v1b", "Rodica Test", sample.NOW - timedelta(hours=1), "approved", True)


def line(ref: str, label: str, ours: str | None, theirs: str | None, **more: Any) -> MergeLine:
    known: dict[str, Any] = {
        "kind": "answer", "section": "C. Chirie", "before": None, "side": "", "writable": False, "number": False,
    }  # fmt: skip
    return MergeLine(ref=ref, label=label, ours=ours, theirs=theirs, **(known | more))


def page() -> MergePage:
    """Three differences (an amount, a text, a person taken away on one side) and two agreed changes."""
    return MergePage(
        record="r1",
        form_title="Vizită la domiciliu",
        household_label=sample.label(1),
        synthetic=True,
        ours=OURS,
        theirs=THEIRS,
        more=0,
        conflicts=(
            line(RENT, "Cât este restanța?", "310", "330", before="610", writable=True, number=True),
            line(NOTE, "Note", "de la Ana", "de la Rodica", writable=True),
            line(CARD, "Elena Exemplu", None, "Vârsta: 8", kind="card"),
        ),
        taken=(
            line("/data/c_rent/heat", "Merge încălzirea?", "Da", "", before="", side="ours"),
            line("/data/c_rent/photo", "Fotografia", None, FILE, side="theirs"),
        ),
        note="",
        may_merge=True,
        draft=None,
        languages=("Română (ro)", "English (en)"),
        language="Română (ro)",
    )


@dataclass
class MergeWorld(ReviewWorld):
    """One record in conflict, two ordinary ones. `incomplete`: the merge lacks something; `away`: no server."""

    merge: MergePage = field(default_factory=page)
    choices: dict[str, str] = field(default_factory=dict)
    merges: list[tuple[dict[str, str], str, tuple[str, str]]] = field(default_factory=list)
    incomplete: bool = False
    away: bool = False
    arrived: bool = False  # another version came while somebody was choosing
    gone: bool = False  # somebody else has merged them
    fetched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = [review_row(1, "inConflict", by="Ana Exemplu, Rodica Test"), review_row(2), review_row(3)]

    def submission(self, worker: Any, record: str, language: str = "") -> SubmissionPage:
        found = super().submission(worker, record, language)
        files = (
            answer(PHOTO, "Fotografia scrisorii", FILE, file=FILE, medium="image"),
            answer(SOUND, "Înregistrare", "sunet.mp3", file="sunet.mp3", medium="audio"),
        )
        return replace(found, lines=(*found.lines[:3], *files, *found.lines[3:]))

    def merge_page(self, worker: Any, record: str, language: str = "") -> MergePage:
        if self.gone:
            raise Problem("conflict.none")
        lines = tuple(replace(one, side=self.choices.get(one.ref, "")) for one in self.merge.conflicts)
        return replace(self.merge, conflicts=lines)

    def keep_choice(self, worker: Any, record: str, ref: str, choice: str) -> None:
        if self.gone:
            raise Problem("conflict.none")
        self.choices = {name: kept for name, kept in {**self.choices, ref: choice}.items() if kept}

    def merge_note(self, worker: Any, record: str, note: str) -> None:
        self.merge = replace(self.merge, note=note)

    def merge_preview(self, worker: Any, record: str, language: str = "") -> MergePreview:
        rent = {"ours": "310", "theirs": "330"}.get(self.choices.get(RENT, ""), "310")
        lines = (
            PreviewLine("section", "C. Chirie", "", False),
            PreviewLine("question", "Restanța", rent, True),
        )
        return MergePreview(lines, (("Termenul", ""),) if self.incomplete else ())

    def decide_merge(self, worker: Any, record: str, heads: tuple[str, str], language: str = "") -> Merged:
        if self.arrived:
            raise Problem("conflict.moved")
        self.merges.append((dict(self.choices), self.merge.note, heads))
        if self.incomplete:
            return Merged(record, "", "d-merge", 1)
        self.rows[0] = replace(self.rows[0], state="edited", by="Rodica Test")
        return Merged(record, "v1m", "", 0)

    def attachment(self, worker: Any, record: str, name: str, *, cancel: Event | None = None) -> bytes:
        if self.away:
            raise Problem("sync.server_away")
        self.fetched.append(name)
        return PNG

    def cases(self) -> Any:
        names = ReviewCases.__dataclass_fields__
        return replace(
            super().cases(), reviewing=ReviewCases(**{name: getattr(self, name) for name in names})
        )
