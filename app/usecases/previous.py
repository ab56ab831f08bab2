"""The previous visit beside the present one: its answers as text, cards of a repeat matched by person or step."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import forms
from app.programme.last_visit import LastVisit, last_answers
from app.protocol.errors import Problem
from app.usecases import outline, programme
from app.usecases.opened import opened_records
from app.usecases.reading import choose_language
from app.usecases.views import LastAnswer
from app.usecases.worker import Worker


@dataclass(frozen=True)
class Previous:
    """One earlier submission. `answers`: its refs → (text as a person reads it, value)."""

    on: date | None = None
    visit: LastVisit | None = None
    answers: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def answer(self, ref: str, at: Callable[[str], str]) -> LastAnswer | None:
        """The earlier answer to the question at `ref` of the present form; `at` gives the present answers."""
        if self.visit is None or self.on is None:
            return None
        there = self.visit.ref_for(ref, at)
        found = self.answers.get(there) if there else None
        return LastAnswer(text=found[0], value=found[1], on=self.on) if found else None


def previous(
    worker: Worker, form_id: str, household: str, language: str = "", excluding: Collection[str] = ()
) -> Previous:
    """The last submission of this form about this household; an empty one for a first visit.

    A form version that never reached this device leaves the margin empty: the visit itself goes on.
    """
    if not household:
        return Previous()
    found = last_answers(opened_records(worker), form_id, household, excluding=excluding)
    if found is None:
        return Previous()
    try:
        form = programme.form(worker, found.form, found.form_version)
        instance = form.open(found.xml.encode(), programme.context(worker), edit=False)
    except (Problem, forms.FormError):
        return Previous()
    choose_language(instance, form, language)
    answers = {
        node.ref: (outline.answer_text(node), node.text)
        for node in outline.questions(instance.root)
        if node.text
    }
    return Previous(found.on, found, answers)


def text_at(instance: forms.Instance) -> Callable[[str], str]:
    """ref → the present answer's text, "" where there is no such node."""

    def at(ref: str) -> str:
        try:
            return instance.at(ref).text
        except forms.AnswerRefused:
            return ""

    return at
