"""When a question says that it is missing or wrong.

Missing: only after leaving its section, or after Finish was pressed. Wrong: after leaving the field. Whoever is
still writing is left in peace (LOOK: calm before alarm).
"""

from dataclasses import dataclass, field

from app.ui.form.nodes import Node


@dataclass
class Left:
    """What the person has already turned away from."""

    fields: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)

    def page(self, ref: str) -> bool:
        """Whether the page (a section's or a repeat instance's ref) was left, or Finish asked about it."""
        return ref in self.pages


@dataclass(frozen=True)
class Mark:
    """`kind`: "", "missing" or "wrong"; `message` is the form's own, empty where it has none."""

    kind: str = ""
    message: str = ""


CALM = Mark()


def mark_of(node: Node, page: str, left: Left) -> Mark:
    """What the question may say now. `page` is the section or repeat instance that shows it."""
    validity = node.validity
    if validity.ok:
        return CALM
    message = validity.message or ""
    if validity.condition == "required":
        return Mark("missing", message) if left.page(page) else CALM
    shown = node.ref in left.fields or left.page(page)
    return Mark("wrong", message) if shown else CALM
