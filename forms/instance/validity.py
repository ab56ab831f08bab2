"""Whether an answer holds. A wrong answer is data: condition and message, never an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.instance.node import Node

REQUIRED, CONSTRAINT, TYPE = "required", "constraint", "type"


class Validity:
    """`ok`, else the `condition` that failed ("required", "constraint", "type") and its `message` in the
    current language; "" where the form has none of its own."""

    __slots__ = ("condition", "message", "ok")

    def __init__(self, condition: str, message: str) -> None:
        self.ok = not condition
        self.condition = condition or None
        self.message = message

    @staticmethod
    def of(node: Node) -> Validity:
        failed = node.failed
        if not failed:
            return _FINE
        return Validity(failed, message_of(node, failed))

    def __repr__(self) -> str:
        return "valid" if self.ok else f"{self.condition}: {self.message}"


def message_of(node: Node, failed: str) -> str:
    bind = node.d.bind
    if failed == TYPE:
        return node.bad
    text = None
    if bind is not None:
        text = bind.required_message if failed == REQUIRED else bind.constraint_message
    return node.instance.texts.render(text, node) if text is not None else ""


_FINE = Validity("", "")
