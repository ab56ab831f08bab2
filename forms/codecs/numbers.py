"""int (and long) and decimal.

Spec: https://www.w3.org/TR/xmlschema-2/#int, https://www.w3.org/TR/xmlschema-2/#decimal
"""

from math import isfinite, trunc
from typing import Any

from forms.codecs.base import PlainCodec

_DECIMAL = frozenset("0123456789.-")


class IntCodec(PlainCodec):
    """A whole number within `bits`; a fraction of zeros ("2.0") is let through, another one is not."""

    def __init__(self, name: str, bits: int) -> None:
        self.name = name
        self.least, self.greatest = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1

    def read(self, text: str) -> int:
        whole, _, fraction = text.strip().partition(".")
        digits = whole[1:] if whole[:1] in ("-", "+") else whole
        if not (digits.isascii() and digits.isdigit()) or fraction.strip("0"):
            raise ValueError("a whole number is wanted")
        if len(digits.lstrip("0")) > 19:
            raise ValueError("the number is too large")
        return self._bounded(int(whole))

    def _bounded(self, number: int) -> int:
        if not self.least <= number <= self.greatest:
            raise ValueError(f"the number must lie between {self.least} and {self.greatest}")
        return number

    def write(self, value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(self._bounded(value))
        if isinstance(value, float) and isfinite(value) and value == trunc(value):
            return str(self._bounded(int(value)))
        return super().write(value)

    def normalise(self, text: str) -> str:
        """Without its fraction, as a calculation's result is kept in a whole-number node; "" for NaN."""
        try:
            number = decimal_of(text)
        except ValueError:
            return "" if text == "NaN" else text
        return str(trunc(number))


class DecimalCodec(PlainCodec):
    """A decimal number without exponent, as a Python float."""

    name = "decimal"

    def read(self, text: str) -> float:
        return decimal_of(text)

    def write(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            return super().write(value)
        from forms.functions.values import number_text

        return number_text(float(value))

    def normalise(self, text: str) -> str:
        return "" if text == "NaN" else text


def decimal_of(text: str) -> float:
    """The number of a decimal text; ValueError for exponents, infinities and other text."""
    stripped = text.strip().removeprefix("+")
    if not stripped or not _DECIMAL.issuperset(stripped):
        raise ValueError("a number is wanted")
    try:
        number = float(stripped)
    except ValueError:
        raise ValueError("a number is wanted") from None
    if not isfinite(number):
        raise ValueError("the number is too large")
    return number
