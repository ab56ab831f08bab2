"""The identifiers by which screen readers, tests and scripts find a control. One rule, kept here."""

import re

_PATH_MARKS = str.maketrans("/[]", "___")
_ODD = re.compile(r"[^A-Za-z0-9_.-]")


def question_id(ref: str) -> str:
    """`q_` and the question's path, each of `/`, `[` and `]` (and whatever an identifier may not hold) as `_`.

    `/data/people[2]/age` gives `q__data_people_2__age`.
    """
    return "q_" + _ODD.sub("_", ref.translate(_PATH_MARKS))


def choice_id(ref: str, value: str) -> str:
    """The question's identifier, two underscores, and the choice's value (its code, never its label)."""
    return f"{question_id(ref)}__{_ODD.sub('_', value)}"


def part_id(ref: str, part: str) -> str:
    """A further control of one question or repeat, as `q_…__add`: only where there are no choice cards."""
    return f"{question_id(ref)}__{part}"


def place_id(kind: str, ref: str) -> str:
    """A way to a section or question from elsewhere: `form.section.data_people`, `form.problem.data_people_2__age`."""
    return f"form.{kind}.{question_id(ref)[2:].lstrip('_')}"
