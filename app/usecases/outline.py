"""A form as pages: its sections, what is answered, missing or wrong in each, and answers as text."""

from collections.abc import Iterator
from dataclasses import dataclass

import forms
from app.usecases.views import FillProblem, SectionState

_CONTAINERS = ("group", "repeat", "repeat-instance", "root")


@dataclass(frozen=True)
class Section:
    """One page. `ref` is its first node's; loose questions between groups share a page."""

    ref: str
    title: str
    nodes: tuple[forms.Node, ...]


def sections(instance: forms.Instance) -> list[Section]:
    """The form's relevant pages: one per top-level group or repeat, loose questions gathered."""
    pages: list[Section] = []
    loose: list[forms.Node] = []
    for node in instance.root.children:
        if not node.relevant or not is_shown(node):
            continue
        if node.kind not in _CONTAINERS:
            loose.append(node)
        elif loose and all(one.kind == "note" for one in loose):
            pages.append(Section(node.ref, node.label or instance.form.title, (*loose, node)))
            loose = []
        else:
            pages += _loose_page(instance, loose)
            loose = []
            pages.append(Section(node.ref, node.label or instance.form.title, (node,)))
    return pages + _loose_page(instance, loose)


def section_states(instance: forms.Instance) -> list[SectionState]:
    return [_state(page) for page in sections(instance)]


def section_nodes(instance: forms.Instance, ref: str) -> list[forms.Node]:
    """The nodes of the page at `ref`; empty where it is not relevant any more."""
    return next((list(page.nodes) for page in sections(instance) if page.ref == ref), [])


def progress(instance: forms.Instance) -> tuple[int, int]:
    """Answered questions and all relevant ones."""
    asked = [node for node in questions(instance.root) if is_asked(node)]
    return sum(1 for node in asked if node.text), len(asked)


def problems(instance: forms.Instance) -> list[FillProblem]:
    """Every invalid relevant question with the section that shows it."""
    places = [
        (page.ref, page.title, {node.ref for top in page.nodes for node in _walk(top)})
        for page in sections(instance)
    ]
    found = []
    for node in instance.problems():
        section, title = next(((ref, name) for ref, name, refs in places if node.ref in refs), ("", ""))
        validity = node.validity
        found.append(
            FillProblem(
                ref=node.ref,
                section=section,
                section_title=title,
                question=node.label or node.ref.rsplit("/", 1)[-1],
                condition=validity.condition or "",
                message=validity.message or "",
            )
        )
    return found


def questions(node: forms.Node) -> Iterator[forms.Node]:
    """Every relevant question below a node that a person sees, in form order."""
    for child in node.children:
        if not child.relevant:
            continue
        if child.kind in _CONTAINERS:
            yield from questions(child)
        elif child.kind == "question" and is_shown(child):
            yield child


def is_shown(node: forms.Node) -> bool:
    """Whether a person ever sees this node: has a control, or is a container with something shown in it."""
    if node.kind in _CONTAINERS:
        return node.kind in ("repeat", "repeat-instance") or any(is_shown(child) for child in node.children)
    return node.control is not None


def is_asked(node: forms.Node) -> bool:
    """Whether an answer is wanted here: shown, and not read-only."""
    return node.kind == "question" and node.control is not None and not node.readonly


def is_twin(node: forms.Node) -> bool:
    """Whether this is last visit's answer kept beside a question of this one (`x_last`, read-only)."""
    return node.readonly and node.ref.endswith("_last")


def answer_text(node: forms.Node) -> str:
    """The answer as a person reads it: choice labels for selects, the text for everything else."""
    if not node.text:
        return ""
    if node.control in ("select1", "select", "rank"):
        labels = {choice.value: choice.label for choice in node.choices}
        values = [node.text] if node.control == "select1" else node.text.split()
        return ", ".join(labels.get(value) or value for value in values)
    return node.text


def _state(page: Section) -> SectionState:
    asked = [node for top in page.nodes for node in _asked(top)]
    invalid = [node for node in asked if not node.validity.ok]
    missing = sum(1 for node in invalid if node.validity.condition == "required")
    return SectionState(
        ref=page.ref,
        title=page.title,
        answered=sum(1 for node in asked if node.text),
        total=len(asked),
        missing=missing,
        wrong=len(invalid) - missing,
    )


def _asked(top: forms.Node) -> list[forms.Node]:
    found = [top] if top.kind == "question" else list(questions(top))
    return [node for node in found if is_asked(node)]


def _walk(node: forms.Node) -> Iterator[forms.Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _loose_page(instance: forms.Instance, nodes: list[forms.Node]) -> list[Section]:
    return [Section(nodes[0].ref, instance.form.title, tuple(nodes))] if nodes else []
