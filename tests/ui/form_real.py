"""The real forms on the real engine, with a filling that keeps its journal in memory.

Same outline as the product (app.usecases.outline); only signing, sealing and the store are left out.
"""

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import forms
from app.usecases import outline
from app.usecases.views import Comment, FillProblem, LastAnswer, SectionState

LIBRARY = Path(__file__).resolve().parents[2] / "forms" / "library" / "pata_cluj"
NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
HOUSEHOLD, TENANCY = "hh-exemplu-12", "ten-exemplu-12"

ENTITIES: dict[str, list[dict[str, str]]] = {
    "tenancies": [
        {
            "name": TENANCY,
            "label": "Str. Exemplu 12, ap. 3",
            "status": "active",
            "household": HOUSEHOLD,
            "flat_code": "F-012",
            "rent": "240",
            "contract_end": "2027-11-01",
            "last_visit_on": "2026-09-12",
            "last_rent_months": "1",
            "last_rent_ron": "240",
            "last_util_ron": "118",
            "last_income": "2400",
        }
    ],
    "persons": [
        {
            "name": f"p{n}",
            "label": f"{first} Exemplu",
            "full_name": f"{first} Exemplu",
            "household": HOUSEHOLD,
            "status": "present",
            "birth_year": str(born),
            "sex": sex,
            "relation": relation,
            "school_now": school,
            "family_doctor": "yes",
            "insured": "yes",
            "id_status": "valid",
            "work": "contract",
        }
        for n, (first, born, sex, relation, school) in enumerate(
            [
                ("Maria", 1992, "f", "head", ""),
                ("Dan", 1990, "m", "partner", ""),
                ("Ionuț", 2011, "m", "child", "school"),
                ("Elena", 2017, "f", "child", "school"),
            ]
        )
    ],
    "steps": [
        {
            "name": "s1",
            "label": "Cerere de compensare a facturii la gaz",
            "tenancy": TENANCY,
            "household": HOUSEHOLD,
            "status": "open",
            "theme": "rent",
            "responsible": "family",
            "due_on": "2026-11-30",
        }
    ],
    "households": [],
}


@cache
def form(name: str) -> forms.Form:
    """A shipped form, compiled from its workbook."""
    compiled = forms.compile_xlsform(LIBRARY / f"{name}.xlsx")
    media = dict(compiled.media)
    for file in (LIBRARY / "lists").glob("*.csv"):
        media[file.name] = file.read_bytes()
    return forms.load_xform(compiled.xform_xml, media=media)


def filling(name: str, language: str = "Română (ro)", **more: Any) -> "MemoryFilling":
    """A new filling of a shipped form; the visit form is started for the household of the examples."""
    seed = random.Random(7)
    context = forms.Context(
        now=lambda: NOW,
        timezone=UTC,
        rng=seed,
        new_id=lambda: str(uuid.UUID(int=seed.getrandbits(128), version=4)),
        entities=ENTITIES,
    )
    instance = form(name).new(context)
    instance.language = language
    made = MemoryFilling(form(name), instance, **more)
    if name == "post_relocation_visit":
        instance.at("/data/a_start/tenancy").answer(TENANCY)
        instance.at("/data/a_start/visit_kind").answer("m3")
    return made


class MemoryFilling:
    """A filling as the screen sees it; `journal` is every (ref, text) in the order of keeping."""

    locked: frozenset[str] = frozenset()

    def __init__(
        self,
        form: forms.Form,
        instance: forms.Instance,
        comments: Mapping[str, tuple[Comment, ...]] | None = None,
    ) -> None:
        self.form, self.instance = form, instance
        self.comments = dict(comments or {})
        self.correction = bool(comments)
        self.title, self.household_label = form.title, "Familia Exemplu 12"
        self.saved_at = NOW
        self.journal: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        self.finished: Any = None

    @property
    def languages(self) -> Sequence[str]:
        return self.form.languages

    @property
    def language(self) -> str:
        return self.instance.language

    def set_language(self, name: str) -> None:
        self.instance.language = name

    def sections(self) -> list[SectionState]:
        return outline.section_states(self.instance)

    def section_nodes(self, ref: str) -> list[forms.Node]:
        return outline.section_nodes(self.instance, ref)

    def last_answer(self, ref: str) -> LastAnswer | None:
        if ref == "/data/c_rent/rent_seen":
            return LastAnswer("Chitanțe și facturi văzute", "receipts", date(2026, 9, 12))
        return None

    def answer(self, ref: str, value: Any) -> None:
        node = self.instance.at(ref)
        node.answer(value)
        self.journal.append((ref, node.text))
        self.saved_at = datetime.now(UTC)

    def attach(self, ref: str, name: str, data: bytes) -> None:
        self.files[name] = data
        self.answer(ref, name)

    def attachment(self, name: str) -> bytes | None:
        return self.files.get(name)

    def add_repeat(self, ref: str) -> forms.Node:
        return self.instance.add_repeat(ref)

    def remove_repeat(self, ref: str) -> None:
        self.instance.remove_repeat(ref)

    def subscribe(self, callback: Callable[[Sequence[Any]], None]) -> Callable[[], None]:
        return self.instance.subscribe(callback)

    def problems(self) -> list[FillProblem]:
        return outline.problems(self.instance)

    def finish(self, with_problems: bool = False) -> Any:
        problems = self.problems()
        if problems:
            return SimpleNamespace(problems=tuple(problems))
        self.finished = self.instance.finalise()
        return SimpleNamespace(record="record", revision="revision")

    def close(self) -> None:
        """Nothing to keep."""
