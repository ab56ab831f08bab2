"""The answers inside a submission's XML, by ref and by question name.

Refs are those of the form engine: `/data/b_people/person[2]/v_here`, with a 1-based number on every repeat
instance. Which elements repeat stands in the form; `repeats_of` reads it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from xml.etree import ElementTree

NUMBER = re.compile(r"\[\d+]")
META = "meta"


class AnswersError(ValueError):
    """XML that is no submission; the message says why."""


@dataclass(frozen=True)
class Answers:
    """Ref → text of every leaf, in document order; empty answers included."""

    texts: dict[str, str]

    def at(self, ref: str) -> str:
        """The answer at this ref, "" where there is none."""
        return self.texts.get(ref, "")

    def get(self, name: str) -> str:
        """The first answer of the question with this name, "" where there is none."""
        refs = self._by_name.get(name)
        return self.texts[refs[0]] if refs else ""

    def each(self, name: str) -> list[tuple[str, str]]:
        """(ref, answer) of every question with this name: one an instance inside a repeat."""
        return [(ref, self.texts[ref]) for ref in self._by_name.get(name, ())]

    def number(self, name: str) -> float | None:
        """The answer as a number, None where it is empty or no number."""
        try:
            return float(self.get(name))
        except ValueError:
            return None

    def integer(self, name: str) -> int | None:
        found = self.number(name)
        return None if found is None else int(found)

    def day(self, name: str) -> date | None:
        return day(self.get(name))

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for ref in self.texts:
            found.setdefault(ref.rpartition("/")[2], []).append(ref)
        return found


def day(text: str) -> date | None:
    """The date in the first ten letters of an ISO date or moment, None where there is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def plain(ref: str) -> str:
    """The ref without instance numbers: the question, in whichever card it stands."""
    return NUMBER.sub("", ref)


def read_answers(xml: str | bytes, repeats: Iterable[str] = ()) -> Answers:
    """Every leaf of a submission. `repeats`: plain refs of its repeats. Raises AnswersError."""
    root = _parse(xml)
    return Answers(dict(_leaves(root, f"/{_name(root)}", frozenset(repeats))))


def repeats_of(xform: str | bytes) -> frozenset[str]:
    """Plain refs of every repeat of an XForm. Raises AnswersError."""
    return frozenset(
        element.get("nodeset", "") for element in _parse(xform).iter() if _name(element) == "repeat"
    ) - {""}


def _leaves(element: ElementTree.Element, ref: str, repeats: frozenset[str]) -> Iterator[tuple[str, str]]:
    counts: dict[str, int] = {}
    names = [_name(child) for child in element]
    for child, name in zip(element, names, strict=True):
        if name == META:
            continue
        below = f"{ref}/{name}"
        counts[name] = counts.get(name, 0) + 1
        if plain(below) in repeats or names.count(name) > 1:
            below = f"{below}[{counts[name]}]"
        if len(child):
            yield from _leaves(child, below, repeats)
        else:
            yield below, child.text or ""


def _parse(xml: str | bytes) -> ElementTree.Element:
    data = xml.encode() if isinstance(xml, str) else xml
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise AnswersError("a submission declares no document type")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise AnswersError(str(error)) from error


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
