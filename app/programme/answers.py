"""The answers inside a submission's XML, by ref and by question name.

Refs are those of the form engine: `/data/b_people/person[2]/v_here`, with a 1-based number on every repeat
instance. Which elements repeat stands in the form; `repeats_of` reads it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from xml.etree import ElementTree
from xml.parsers import expat

NUMBER = re.compile(r"\[\d+]")
META = "meta"
CHUNK = 2048  # bytes read at a time when only the beginning is wanted


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


def first_answers(xml: str | bytes, refs: Iterable[str]) -> dict[str, str]:
    """The answers at these plain refs outside repeats; reads no further than the last one found.

    What lists need of a visit stands at its beginning: hundreds of submissions are listed without being read
    whole. Raises AnswersError for what is wrong up to there.
    """
    beginning = _Beginning({ref for ref in refs if ref})
    parser = expat.ParserCreate()
    parser.StartElementHandler = beginning.start
    parser.CharacterDataHandler = beginning.text
    parser.EndElementHandler = beginning.end
    data = _bytes(xml)
    try:
        for start in range(0, len(data), CHUNK):
            parser.Parse(data[start : start + CHUNK], start + CHUNK >= len(data))
            if beginning.complete:
                break
    except expat.ExpatError as error:
        raise AnswersError(str(error)) from error
    return beginning.found


class _Beginning:
    """Collects the first text at each wanted ref."""

    def __init__(self, wanted: set[str]) -> None:
        self.wanted = wanted
        self.found: dict[str, str] = {}
        self._path = [""]
        self._here = ""

    @property
    def complete(self) -> bool:
        return len(self.found) == len(self.wanted)

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._path.append(f"{self._path[-1]}/{name.rpartition(':')[2]}")
        self._here = ""

    def text(self, data: str) -> None:
        self._here += data

    def end(self, _name: str) -> None:
        ref = self._path.pop()
        if ref in self.wanted:
            self.found.setdefault(ref, self._here)
        self._here = ""


def _leaves(root: ElementTree.Element, top: str, repeats: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(ref, text) of every leaf in document order; the stack holds (element, ref, ref without numbers)."""
    stack = [(root, top, top)]
    while stack:
        element, ref, simple = stack.pop()
        if not len(element) and element is not root:
            yield ref, element.text or ""
            continue
        names = [_name(child) for child in element]
        left = Counter(names)
        several = {name for name, count in left.items() if count > 1 or f"{simple}/{name}" in repeats}
        for child, name in zip(reversed(element), reversed(names), strict=True):
            if name != META:
                number = f"[{left[name]}]" if name in several else ""
                stack.append((child, f"{ref}/{name}{number}", f"{simple}/{name}"))
            left[name] -= 1


def _bytes(xml: str | bytes) -> bytes:
    data = xml.encode() if isinstance(xml, str) else xml
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise AnswersError("a submission declares no document type")
    return data


def _parse(xml: str | bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(_bytes(xml))
    except ElementTree.ParseError as error:
        raise AnswersError(str(error)) from error


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
