"""What every type has: from text to a Python value and back, and what a calculation may leave in a node.

Spec: https://getodk.github.io/xforms-spec/#data-types
"""

from typing import Any, Protocol


class Codec(Protocol):
    """One data type. `parse` and `format` are inverse; "" and None are the blank of every type."""

    name: str

    def parse(self, text: str) -> Any:
        """The Python value of a text, None for ""; ValueError with a short reason for any other text."""
        ...

    def format(self, value: Any) -> str:
        """The XForms text of a value, "" for None; ValueError where the value is not of the type."""
        ...

    def normalise(self, text: str) -> str:
        """The text as kept after a calculation or default wrote it; unchanged where it does not fit."""
        ...


class PlainCodec:
    """The parts that most types share: blanks, and text that is kept as it came."""

    name = "string"

    def parse(self, text: str) -> Any:
        return None if text == "" else self.read(text)

    def format(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            if value != "":
                self.read(value)
            return value
        return self.write(value)

    def normalise(self, text: str) -> str:
        return text

    def read(self, text: str) -> Any:
        return text

    def write(self, value: Any) -> str:
        raise ValueError(f"{type(value).__name__} is not a value of type {self.name}")
