"""A submission's XML as a tree that can be merged: elements as they were written, cards of a repeat by identity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from app.programme.answers import META, AnswersError

MAX_DEPTH = 100  # no form is nested so deep; a hostile one must not exhaust the stack
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


@dataclass(eq=False)
class Part:
    """One element: its name with the prefix as written, attributes, and either children or a text."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    kids: list["Part"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    @property
    def text(self) -> str:
        """A leaf's answer; white space alone is none, as the form engine reads it."""
        if self.kids:
            return ""
        found = "".join(self.words)
        return "" if found.isspace() else found

    def named(self, name: str) -> list["Part"]:
        """The children of a local name."""
        return [kid for kid in self.kids if kid.local == name]

    def first(self, name: str) -> "Part | None":
        return next(iter(self.named(name)), None)


def read_tree(xml: str | bytes) -> Part:
    """The root element. Raises AnswersError for what is no submission."""
    top = Part("")
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > MAX_DEPTH:
            raise AnswersError("a submission is not nested so deep")
        made = Part(name, dict(attributes))
        stack[-1].kids.append(made)
        stack.append(made)

    def refuse(*_: Any) -> None:
        raise AnswersError("a submission declares no document type")

    parser = expat.ParserCreate()  # prefixes stay as they are written; both sides come from one form
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = lambda words: stack[-1].words.append(words)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml.encode() if isinstance(xml, str) else xml, True)
    except expat.ExpatError as error:
        raise AnswersError(str(error)) from error
    return top.kids[0]


def write_tree(root: Part) -> bytes:
    """The tree as XML."""
    pieces = ['<?xml version="1.0" encoding="UTF-8"?>']
    _write(root, pieces)
    return "".join(pieces).encode()


def _write(part: Part, pieces: list[str]) -> None:
    given = "".join(f' {name}="{value.translate(_ATTRIBUTE)}"' for name, value in part.attributes.items())
    inner = part.kids or part.text
    if not inner:
        pieces.append(f"<{part.name}{given}/>")
        return
    pieces.append(f"<{part.name}{given}>")
    for kid in part.kids:
        _write(kid, pieces)
    pieces.append(f"{part.text.translate(_TEXT)}</{part.name}>")


def content(part: Part, plain: str, derived: frozenset[str]) -> object:
    """What was answered below an element, to compare two of them: neither metadata nor what is calculated."""
    if not part.kids:
        return "" if plain in derived else part.text
    below = ((kid.local, content(kid, f"{plain}/{kid.local}", derived)) for kid in part.kids)
    return tuple((name, found) for name, found in below if name != META and found not in ("", ()))


def summary(part: Part, plain: str, derived: frozenset[str]) -> str:
    """The answers below an element in one line."""
    found = content(part, plain, derived)
    return found if isinstance(found, str) else " · ".join(_texts(found))


def _texts(found: Any) -> Iterable[str]:
    for _, inner in found:
        if isinstance(inner, str):
            yield inner
        else:
            yield from _texts(inner)


def identity(card: Part, plain: str, keys: Mapping[str, str]) -> str:
    """What tells this card of a repeat from the others for good: the id in its key question, else the id of the
    entity it makes. "" where it has neither. Its place is no identity: cards are removed and added.
    """
    key = card.first(keys[plain]) if plain in keys else None
    if key is not None and key.text:
        return key.text
    meta = card.first(META)
    entity = meta.first("entity") if meta is not None else None
    return entity.attributes.get("id", "") if entity is not None else ""


def by_identity(cards: list[Part], plain: str, keys: Mapping[str, str]) -> dict[str, Part] | None:
    """Identity → card in order; None unless every card has one of its own."""
    found = {identity(card, plain, keys): card for card in cards}
    return found if len(found) == len(cards) and "" not in found else None
