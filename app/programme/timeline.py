"""What happened with a household: its records, newest first, with the few facts a line shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.programme.answers import Answers, AnswersError, day, read_answers
from app.programme.config import ProgrammeConfig
from app.programme.records import Submission, opened, submissions
from app.programme.review_state import review_states
from app.programme.rules import FormRule

FACTS = (
    "visit_kind",
    "outcome",
    "visit_mode",
    "rent_months",
    "rent_ron",
    "util_ron",
    "risk_level",
    "next_on",
)


@dataclass(frozen=True)
class TimelineItem:
    """One submission about a household. `on`: the day it speaks of; `facts`: nothing that is private."""

    record: str
    revision: str
    form: str
    on: date
    at: datetime
    author: str
    state: str
    visit: bool
    comments: int
    revisions: int
    received: bool
    facts: Mapping[str, str]


def timeline(records: Iterable[Any], household: str, config: ProgrammeConfig) -> list[TimelineItem]:
    """Every submission about this household, newest first."""
    found = opened(records)
    states = review_states(found)
    items = []
    for record, submission in submissions(found).items():
        if household and _household(submission) == household:
            state = states[record]
            open_comments = sum(one.open for one in state.comments)
            items.append(_item(submission, config, state.state, open_comments))
    return sorted(items, key=lambda one: (one.on, one.at, one.record), reverse=True)


def arrears(items: Sequence[TimelineItem]) -> list[tuple[date, int]]:
    """Rent owed in lei at each visit that asked for it, oldest first."""
    owed = [(one.on, one.facts.get("rent_ron", "")) for one in reversed(items) if one.visit]
    return [(on, int(text)) for on, text in owed if text.isdecimal()]


def _household(submission: Submission) -> str:
    named = str(submission.newest.body.get("household", ""))
    if named:
        return named
    created = [one for one in submission.newest.body.get("entities", ()) if one["list_name"] == "households"]
    return str(created[0]["entity_id"]) if created else ""


def _item(submission: Submission, config: ProgrammeConfig, state: str, comments: int) -> TimelineItem:
    newest = submission.newest
    rule = config.forms.get(newest.form)
    answers = _answers(str(newest.body.get("xml", "")))
    on = day(answers.at(rule.refs.get("date", ""))) if rule else None
    return TimelineItem(
        record=submission.record,
        revision=newest.revision,
        form=newest.form,
        on=on or day(str(newest.body.get("started", ""))) or submission.first.created.date(),
        at=newest.created,
        author=submission.first.author,
        state=state,
        visit=bool(rule and rule.visit),
        comments=comments,
        revisions=len(submission.revisions),
        received=newest.index is not None,
        facts=_facts(answers, rule),
    )


def _facts(answers: Answers, rule: FormRule | None) -> dict[str, str]:
    if rule is None:
        return {}
    found = {name: answers.get(name) for name in FACTS if name not in rule.private}
    return {name: text for name, text in found.items() if text}


def _answers(xml: str) -> Answers:
    try:
        return read_answers(xml)
    except AnswersError:
        return Answers({})  # the line still shows; the record itself says that it cannot be read
