"""One difference between two versions with the labels that a person reads."""

from dataclasses import dataclass, field
from typing import Final

import forms
from app.programme.answers import plain
from app.programme.merge import Field
from app.usecases import outline
from app.usecases.conflict_views import MergeLine

NUMBERS: Final = ("int", "decimal")
TYPED: Final = ("string", *NUMBERS)


@dataclass(frozen=True)
class Side:
    """One version opened in the form, with the title of the section in which each node stands."""

    form: forms.Form
    instance: forms.Instance
    places: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for page in outline.sections(self.instance):
            stack = list(page.nodes)
            while stack:
                node = stack.pop()
                self.places[node.ref] = page.title
                stack.extend(node.children)

    def node(self, ref: str) -> forms.Node | None:
        """The node at a ref of this version; None where it has none or the question was not asked."""
        try:
            found = self.instance.at(ref) if ref else None
        except forms.AnswerRefused:
            return None
        return found if found is not None and found.relevant else None


def seen(one: Field, ours: Side, theirs: Side) -> bool:
    """Whether a person ever sees this answer; a last visit's answer kept beside a question is not of this one."""
    node = ours.node(one.ours_ref) or theirs.node(one.theirs_ref)
    if one.kind != "answer" or node is None:
        return one.kind != "answer"
    return outline.is_shown(node) and not outline.is_twin(node)


def merge_line(one: Field, ours: Side, theirs: Side) -> MergeLine:
    """The difference with its labels."""
    left, right = ours.node(one.ours_ref), theirs.node(one.theirs_ref)
    node = left or right
    ref = one.ours_ref or one.theirs_ref
    return MergeLine(
        ref=one.ref,
        kind=one.kind,
        section=ours.places.get(one.ours_ref) or theirs.places.get(one.theirs_ref, ""),
        label=(node.label if node is not None else "") or plain(ref).rpartition("/")[2],
        ours=_text(one, left, one.ours),
        theirs=_text(one, right, one.theirs),
        before=_before(one, node),
        side=one.side,
        writable=_writable(one, node),
        number=node is not None and node.type in NUMBERS,
    )


def _text(one: Field, node: forms.Node | None, raw: str | None) -> str | None:
    if raw is None or (node is None and not raw):
        return None
    if node is None:
        return raw
    if one.kind == "answer":
        return outline.answer_text(node)
    cards = node.children if node.kind == "repeat" else [node]
    return "\n\n".join(_card(card) for card in cards) if cards else None


def _card(card: forms.Node) -> str:
    answered = [node for node in outline.questions(card) if node.text and not outline.is_twin(node)]
    return "\n".join(f"{node.label}: {outline.answer_text(node)}" for node in answered)


def _before(one: Field, node: forms.Node | None) -> str | None:
    """The answer both started from; of choices the labels, which the base's own form gives in every version."""
    if one.base is None or node is None or one.kind != "answer":
        return one.base if one.kind == "answer" else None
    labels = (
        {choice.value: choice.label for choice in node.choices}
        if node.control in ("select1", "select", "rank")
        else {}
    )
    values = [one.base] if node.control == "select1" else one.base.split()
    return ", ".join(labels.get(value) or value for value in values) if labels else one.base


def _writable(one: Field, node: forms.Node | None) -> bool:
    """Own words fit a text or a number; among choices one of the two answers is taken, or the draft corrected."""
    return (
        one.kind == "answer"
        and node is not None
        and node.control == "input"
        and node.type in TYPED
        and not node.readonly
    )
