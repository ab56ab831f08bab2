"""The previous visit's answers beside this one's: the margin note, and the read-only twins `x_last`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.programme.answers import Answers, plain
from app.programme.visits import Visit

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
    """One earlier visit. `keys`: plain ref of a repeat → the question whose answer tells its cards apart."""

    on: date
    kind: str
    record: str
    answers: Answers
    keys: Mapping[str, str]

    def answer(self, ref: str, at: Callable[[str], str]) -> str:
        """What that visit answered to the question at `ref` of the present one, "" where it did not.

        `at(ref)` gives an answer of the present visit. Cards of a repeat are matched by their key (person,
        step), never by their place; in a repeat without a key nothing is matched.
        """
        cards = list(CARD.finditer(ref))
        if not cards:
            return self.answers.at(ref)
        if len(cards) > 1:
            return ""
        card = ref[: cards[0].end()]
        key = self.keys.get(plain(card))
        wanted = at(f"{card}/{key}") if key else ""
        there = self._card(plain(card), key or "", wanted) if wanted else None
        return self.answers.at(there + ref[cards[0].end() :]) if there else ""

    def _card(self, repeat: str, key: str, wanted: str) -> str | None:
        for ref, text in self.answers.each(key.rpartition("/")[2]):
            if text == wanted and plain(ref) == f"{repeat}/{key}":
                return ref[: -len(key) - 1]
        return None


def last_visit(
    visits: Sequence[Visit], keys: Mapping[str, str], *, before: date | None = None, without: str = ""
) -> LastVisit | None:
    """The last met visit: an approved one where there is any as late, else the last received.

    `before`: only visits up to that day; `without`: a record that is itself being corrected.
    """
    met = [
        one for one in visits if one.met and one.record != without and (before is None or one.on <= before)
    ]
    if not met:
        return None
    last = max(met, key=lambda one: (one.on, one.state == "approved"))
    return LastVisit(last.on, last.kind, last.record, last.answers, keys)


def last_answers(found: LastVisit | None, refs: Iterable[str], at: Callable[[str], str]) -> dict[str, str]:
    """Ref of the present visit → the last visit's answer, for every question that it answered."""
    if found is None:
        return {}
    given: dict[str, Any] = {ref: found.answer(ref, at) for ref in refs}
    return {ref: text for ref, text in given.items() if text != ""}
