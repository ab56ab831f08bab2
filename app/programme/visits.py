"""The visits among the records: one a submission of a form that the programme calls a visit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app.programme.answers import Answers, AnswersError, day, first_answers, read_answers
from app.programme.config import ProgrammeConfig
from app.programme.published import repeats_in
from app.programme.records import Submission, opened, submissions
from app.programme.review_state import review_states


@dataclass(frozen=True)
class Visit:
    """One visit, by its newest revision. `outcome`: met, absent, refused, postponed, gone."""

    on: date
    kind: str
    outcome: str
    mode: str = "home"
    next_on: date | None = None
    household: str = ""
    tenancy: str = ""
    record: str = ""
    revision: str = ""
    state: str = "received"
    xml: str = field(default="", compare=False, repr=False)
    repeats: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    @property
    def met(self) -> bool:
        return self.outcome == "met"

    @cached_property
    def answers(self) -> Answers:
        """Everything answered; read when first asked for. Empty where the rest of the record is damaged."""
        try:
            return read_answers(self.xml, self.repeats)
        except AnswersError:
            return Answers({})


def visits_of(
    records: Iterable[Any], config: ProgrammeConfig, repeats: Mapping[str, frozenset[str]] | None = None
) -> dict[str, list[Visit]]:
    """Tenancy id → its visits by date, without rejected ones.

    `repeats`: form id → its repeats; None reads them from the programme records.
    """
    found = opened(records)
    states = review_states(found)
    known = repeats_in(found) if repeats is None else repeats
    by_tenancy: dict[str, list[Visit]] = {}
    for submission in submissions(found).values():
        rule = config.forms.get(submission.newest.form)
        state = states[submission.record].state
        if rule is None or not rule.visit or state == "rejected":
            continue
        visit = _visit(submission, rule.refs, known.get(rule.id, frozenset()), state)
        if visit is not None:
            by_tenancy.setdefault(visit.tenancy, []).append(visit)
    for visits in by_tenancy.values():
        visits.sort(key=lambda one: (one.on, one.record))
    return by_tenancy


def _visit(
    submission: Submission, refs: Mapping[str, str], repeats: frozenset[str], state: str
) -> Visit | None:
    """None for a record whose XML cannot be read: the ledger shows it, no plan can be built on it."""
    newest, body = submission.newest, submission.newest.body
    xml = str(body.get("xml", ""))
    wanted = {
        name: refs.get(name, "") for name in ("date", "kind", "outcome", "mode", "household", "tenancy")
    }
    try:
        found = first_answers(xml, wanted.values())
        said = {name: found.get(ref, "") for name, ref in wanted.items()}
        # Only a visit that did not take place names the day it was put off to.
        next_on = read_answers(xml, repeats).day("next_on") if said["outcome"] != "met" else None
    except AnswersError:
        return None
    return Visit(
        on=day(said["date"]) or newest.created.date(),
        kind=said["kind"],
        outcome=said["outcome"],
        mode=said["mode"],
        next_on=next_on,
        household=str(body.get("household", "")) or said["household"],
        tenancy=str(body.get("tenancy", "")) or said["tenancy"],
        record=submission.record,
        revision=newest.revision,
        state=state,
        xml=xml,
        repeats=repeats,
    )
