"""select1 (one value) and select or rank (several values, separated by spaces).

Which values are on offer is the itemset's business, not the type's.
Spec: https://getodk.github.io/xforms-spec/#body-elements
"""

from typing import Any

from forms.codecs.base import PlainCodec


class SelectOneCodec(PlainCodec):
    name = "select1"

    def read(self, text: str) -> str:
        return text


class SelectCodec(PlainCodec):
    """A list of choice values without repetition, in the order they stand in the text."""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, text: str) -> list[str]:
        return list(dict.fromkeys(text.split())) or None  # type: ignore[return-value]

    def write(self, value: Any) -> str:
        if not isinstance(value, list | tuple | set | frozenset) or not all(
            isinstance(one, str) for one in value
        ):
            return super().write(value)
        if any(not one or one.split() != [one] for one in value):
            raise ValueError("the value of a choice cannot hold a space")
        chosen = sorted(value) if isinstance(value, set | frozenset) else value
        return " ".join(dict.fromkeys(chosen))
