"""What is wrong with a form, said so that its author can mend it."""

from __future__ import annotations


class FormError(Exception):
    """A form, or a submission handed to it, cannot be used.

    `code` is stable ("xml.malformed", "xpath.syntax", "graph.cycle" …); `place` is the line, path or
    question; `found` is what stands there; `mend` is what the author can do about it.
    """

    def __init__(self, code: str, place: str, found: str, mend: str) -> None:
        super().__init__(f"{place}: {found}. {mend}" if place else f"{found}. {mend}")
        self.code = code
        self.place = place
        self.found = found
        self.mend = mend


class AnswerRefused(Exception):
    """A call that no form allows: answering a group, adding to a counted repeat, an unknown reference."""


def shorten(text: str, limit: int = 120) -> str:
    """`text` on one line and not longer than `limit`, for messages."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
