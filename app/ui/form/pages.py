"""What stands on a page: the nodes of a section or a repeat instance as a flat list of things to draw."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from app.ui.form.nodes import Node
from app.ui.form.widgets import Widget, tokens, widget_of

CONTAINERS = ("group", "repeat", "repeat-instance", "root")


class Kind(StrEnum):
    """The kinds of things on a page."""

    HEAD = "head"
    NOTE = "note"
    QUESTION = "question"
    REPEAT = "repeat"


@dataclass(frozen=True)
class Item:
    """One thing on a page. `level` counts the groups around it, the page's own not counted.

    `tight` is true inside a field-list: its questions belong together and stand closer. `first` tops the page.
    """

    kind: Kind
    ref: str
    widget: Widget = Widget.HIDDEN
    level: int = 0
    tight: bool = False
    first: bool = False


def page_items(nodes: Iterable[Node], own: str) -> list[Item]:
    """The things to draw for `nodes`, relevant or not; `own` is the container whose title the page already shows."""
    known = set(_refs_below(nodes))
    items = list(_items(nodes, own, known, level=0, tight=False))
    return [replace(items[0], first=True), *items[1:]] if items else []


def _items(nodes: Iterable[Node], own: str, known: set[str], level: int, tight: bool) -> Iterator[Item]:
    for node in nodes:
        if node.kind == "repeat":
            if has_questions(node):
                yield Item(Kind.REPEAT, node.ref, level=level)
        elif node.kind in CONTAINERS:
            inner = tight or "field-list" in tokens(node) or "table-list" in tokens(node)
            titled = node.ref != own and bool(node.label) and has_questions(node)
            if titled:
                yield Item(Kind.HEAD, node.ref, level=level)
            yield from _items(node.children, own, known, level + titled, inner)
        elif not is_twin(node, known):
            widget = widget_of(node)
            if widget is Widget.NOTE:
                yield Item(Kind.NOTE, node.ref, widget, level)
            elif widget is not Widget.HIDDEN:
                yield Item(Kind.QUESTION, node.ref, widget, level, tight)


def _refs_below(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if node.kind in CONTAINERS:
            if node.kind != "repeat":
                yield from _refs_below(node.children)
        elif node.control is not None:
            yield node.ref


def is_twin(node: Node, known: set[str]) -> bool:
    """Last visit's answer, kept by the form beside a question of this page: read in the margin, not as a question."""
    return node.readonly and node.ref.endswith("_last") and node.ref.removesuffix("_last") in known


def has_questions(node: Node) -> bool:
    """Whether anything below can be seen. A repeat without instances counts: one can be added."""
    if node.kind == "repeat":
        return True
    if node.kind in CONTAINERS:
        return any(has_questions(child) for child in node.children)
    return node.control is not None


def questions_below(node: Node, nested: bool = True) -> Iterator[Node]:
    """Relevant questions that ask for an answer, in form order; `nested` goes into repeats inside."""
    for child in node.children:
        if not child.relevant:
            continue
        if child.kind in CONTAINERS:
            if nested or child.kind != "repeat":
                yield from questions_below(child, nested)
        elif child.control is not None and not child.readonly and widget_of(child) is not Widget.NOTE:
            yield child


@dataclass(frozen=True)
class Card:
    """One instance of a repeat as a card: who or what it is about, two telling answers, and what is left to do."""

    ref: str
    title: str
    line: str
    answered: int
    missing: int
    wrong: int
    begun: bool


def card_of(instance: Node) -> Card:
    """The card of a repeat instance. The title is its entity's label, else its first written answer."""
    asked = list(questions_below(instance))
    invalid = [node for node in asked if not node.validity.ok]
    missing = sum(1 for node in invalid if node.validity.condition == "required")
    title = entity_label(instance)
    told = [(node, shown_answer(node)) for node in asked if node.text]
    begun, answered = bool(title or told), len(told)
    if not title and told:
        title, told = told[0][1], told[1:]
    parts = [text for node, text in told if _telling(node) and text not in title][:2]
    return Card(instance.ref, title, " · ".join(parts), answered, missing, len(invalid) - missing, begun)


def _telling(node: Node) -> bool:
    """Whether the answer says something without its question: a relation or an age, not a bare yes."""
    if node.text in ("yes", "no", "dk", "1", "0"):
        return False
    return node.control == "select1" or node.type in ("int", "integer", "date")


def entity_label(instance: Node) -> str:
    """The label that the form itself gives to the entity of this instance (ODK `meta/entity/label`), else empty."""
    for child in instance.children:
        if child.ref.endswith("/meta"):
            return next((node.text for node in _leaves(child) if node.ref.endswith("/entity/label")), "")
    return ""


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


def shown_answer(node: Node) -> str:
    """An answer as people read it: choice labels, dates day first."""
    from app.ui.form.written import to_screen

    if node.control in ("select1", "select", "rank"):
        labels = {choice.value: choice.label for choice in node.choices}
        values = [node.text] if node.control == "select1" else node.text.split()
        return ", ".join(labels.get(value) or value for value in values)
    return to_screen(widget_of(node), node.text)


def first_name_ref(instance: Node) -> str | None:
    """The first question of a new instance where it asks for a text: names can then be typed one after another."""
    first = next(questions_below(instance, nested=False), None)
    return first.ref if first is not None and widget_of(first) is Widget.TEXT else None
