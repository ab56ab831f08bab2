"""Searching a list of choices as people type: letters without their marks, any word of the label, in any order."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.ui.form.marked import plain
from app.ui.form.topic import Topic

SHOWN = 60


@dataclass(eq=False)
class Match:
    """What stands in a search line; `changed` is fired when the results must be drawn again."""

    query: str = ""
    changed: Topic = field(default_factory=Topic)


def folded(text: str) -> str:
    """Lower case without accents: `Țepeș` → `tepes`."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def matches(choices: Sequence[tuple[str, str]], query: str) -> tuple[list[tuple[str, str]], int]:
    """The first choices whose label or code holds every word of the query, and how many more there are.

    Labels that begin with the query come first; otherwise the list's own order stays.
    """
    words = folded(query).split()
    if not words:
        return list(choices[:SHOWN]), max(0, len(choices) - SHOWN)
    fitting = []
    for value, label in choices:
        text = folded(plain(label) if label else "")
        if all(word in text or word in value.casefold() for word in words):
            fitting.append((not text.startswith(words[0]), (value, label)))
    fitting.sort(key=lambda one: one[0])
    return [choice for _, choice in fitting[:SHOWN]], max(0, len(fitting) - SHOWN)
