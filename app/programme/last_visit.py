"""The previous visit's answers beside this one's: the margin note, and the read-only twins `x_last`."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.programme.answers import Answers, AnswersError, day, plain, read_answers
from app.programme.published import config_in, repeats_in
from app.programme.records import Submission, opened, submissions
from app.programme.review_state import review_states
from app.programme.rules import FormRule

TWIN = "_last"
CARD = re.compile(r"\[(\d+)]")


def twins(refs: Iterable[str]) -> dict[str, str]:
    """Plain ref of a question → plain ref of its twin `x_last` beside it."""
    known = {plain(ref) for ref in refs}
    return {ref: ref + TWIN for ref in sorted(known) if ref + TWIN in known}


def is_twin(ref: str, refs: Iterable[str]) -> bool:
    """Whether this question only repeats the last visit's answer to another one."""
    return plain(ref).endswith(TWIN) and plain(ref).removesuffix(TWIN) in {plain(one) for one in refs}


@dataclass(frozen=True)
class LastVisit:
    """One earlier submission of the same form about the same household.

    `keys`: plain ref of a repeat → the question whose answer tells its cards apart.
    """

    form: str
    form_version: str
    record: str
    revision: str
    state: str
    on: date
    xml: str
    answers: Answers
    keys: Mapping[str, str]

    def ref_for(self, ref: str, at: Callable[[str], str]) -> str | None:
        """Where the earlier submission holds the answer to the question at `ref` of the present one.

        `at(ref)` gives an answer of the present one. Cards of a repeat are matched by their key (person,
        step), never by their place; in a repeat without a key nothing is matched.
        """
        cards = list(CARD.finditer(ref))
        if not cards:
            return ref if ref in self.answers.texts else None
        card = ref[: cards[0].end()]
        key = self.keys.get(plain(card), "")
        wanted = at(f"{card}/{key}") if key and len(cards) == 1 else ""
        there = self._card(plain(card), key, wanted) if wanted else None
        return None if there is None else there + ref[cards[0].end() :]

    def answer(self, ref: str, at: Callable[[str], str]) -> str:
        """The earlier answer to the question at `ref` of the present submission, "" where there is none."""
        there = self.ref_for(ref, at)
        return self.answers.at(there) if there else ""

    def beside(self, refs: Iterable[str], at: Callable[[str], str]) -> dict[str, str]:
        """Ref of the present submission → the earlier answer, for every question that has one."""
        given = {ref: self.answer(ref, at) for ref in refs}
        return {ref: text for ref, text in given.items() if text != ""}

    def _card(self, repeat: str, key: str, wanted: str) -> str | None:
        for ref, text in self.answers.each(key.rpartition("/")[2]):
            if text == wanted and plain(ref) == f"{repeat}/{key}":
                return ref[: -len(key) - 1]
        return None


def last_answers(
    records: Iterable[Any], form: str, household: str, *, excluding: Collection[str] = ()
) -> LastVisit | None:
    """The last submission of this form about this household, rejected ones left out; of visits, the last met.

    `excluding`: records that do not count, such as the one being corrected. Of two on a day the approved one.
    """
    found = opened(records)
    config, states = config_in(found), review_states(found)
    rule = config.forms.get(form) if config else None
    repeats = repeats_in(found).get(form, frozenset())
    earlier = []
    for record, submission in submissions(found).items():
        state = states[record].state
        about = submission.newest.form == form and submission.newest.body.get("household") == household
        if about and household and record not in excluding and state != "rejected":
            earlier.append(_last(submission, state, rule, repeats))
    usable = [one for one in earlier if one is not None]
    return max(usable, key=lambda one: (one.on, one.state == "approved"), default=None)


def _last(
    submission: Submission, state: str, rule: FormRule | None, repeats: frozenset[str]
) -> LastVisit | None:
    """None where nobody was met, or where the XML cannot be read (the record itself says so on its page)."""
    newest, refs = submission.newest, rule.refs if rule else {}
    xml = str(newest.body.get("xml", ""))
    try:
        answers = read_answers(xml, repeats)
    except AnswersError:
        return None
    if refs.get("outcome") and answers.at(refs["outcome"]) != "met":
        return None
    return LastVisit(
        form=newest.form,
        form_version=newest.form_version,
        record=submission.record,
        revision=newest.revision,
        state=state,
        on=day(answers.at(refs.get("date", ""))) or submission.first.created.date(),
        xml=xml,
        answers=answers,
        keys=rule.keys if rule else {},
    )
