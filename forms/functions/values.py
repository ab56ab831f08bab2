"""XPath values and the conversions between them.

A value is a float, a str, a bool or a NodeSet. Dates are texts: functions that make one return a
`DateText`, which compares and adds up as days since 1970-01-01T00:00Z. A plain text that looks like an ISO
date converts to a number in the same way, as in the other ODK engines.

Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#section-Expressions and the ODK XForms note on dates.
"""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from math import inf, isinf, nan
from typing import Any, Protocol

from forms.functions.moments import days_of


class NodeLike(Protocol):
    """Whatever stands in a node-set: a model node, a row's column, an attribute."""

    @property
    def text(self) -> str: ...


class NodeSet(list[Any]):
    """Node-like objects in document order."""

    __slots__ = ()


class DateText(str):
    """The text of a date or date-time that a date function made. INVALID_DATE is one as well."""

    __slots__ = ()


INVALID_DATE = DateText("Invalid Date")
Value = float | str | bool | NodeSet


class EvaluationError(Exception):
    """An expression could not be worked out with these values; shown at the question it belongs to.

    `code` is stable ("argument", "recursion" …), the message says what was found.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def to_string(value: Value) -> str:
    """XPath `string()`: numbers without exponent and without a trailing ".0"."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is float or kind is int:
        return number_text(value)  # type: ignore[arg-type]
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, NodeSet):
        return str(value[0].text) if value else ""
    return str(value)


def number_text(number: float) -> str:
    """The shortest decimal text that reads back as the same number; NaN, Infinity, -Infinity for the rest."""
    if number != number:
        return "NaN"
    if isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if -1e15 < number < 1e15 and number == int(number):
        return str(int(number))
    text = repr(number).removesuffix(".0")
    return text if "e" not in text else _without_exponent(text)


def _without_exponent(text: str) -> str:
    mantissa, exponent = text.split("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    shift = int(exponent)
    digits = whole + (fraction if fraction != "0" else "")
    if shift > 0:
        return f"{sign}{digits}{'0' * (shift - len(digits) + 1)}"
    return f"{sign}0.{'0' * (-shift - 1)}{digits}"


_SPACE = " \t\r\n"
_NOT_XPATH = frozenset("eE_+")  # Python reads 1e3, 1_000 and +1; XPath does not


def text_number(text: str, timezone: tzinfo | None = None) -> float:
    """XPath `number()` of a text: NaN unless it is `-?digits(.digits)?`; ISO dates become days."""
    try:
        number = float(text)
    except ValueError:
        return _odd_number(text, timezone)
    if text.isascii() and number - number == 0.0 and not _NOT_XPATH.intersection(text):
        return number
    return _odd_number(text, timezone)


def _odd_number(text: str, timezone: tzinfo | None) -> float:
    stripped = text.strip(_SPACE)
    if stripped == "Infinity":
        return inf
    if stripped == "-Infinity":
        return -inf
    if len(stripped) >= 10 and "-" in stripped:
        days = days_of(stripped, timezone)
        return nan if days is None else days
    return nan


def to_number(value: Value, timezone: tzinfo | None = None) -> float:
    """XPath `number()`; dates without a zone are read in `timezone`."""
    kind = type(value)
    if kind is float:
        return value  # type: ignore[return-value]
    if kind is str or kind is DateText:
        return text_number(value, timezone)  # type: ignore[arg-type]
    if kind is bool or kind is int:
        return float(value)  # type: ignore[arg-type]
    return text_number(to_string(value), timezone)


def to_boolean(value: Value) -> bool:
    """XPath `boolean()`: 0, NaN, "", an invalid date and the empty node-set are false."""
    if isinstance(value, float):
        return value == value and value != 0.0
    if isinstance(value, DateText):
        return value != INVALID_DATE and value != ""
    return bool(value)


def to_strings(value: Value) -> list[str]:
    """One text for every node of a node-set; any other value gives one."""
    if isinstance(value, NodeSet):
        return [node.text for node in value]
    return [to_string(value)]


def to_numbers(value: Value, timezone: tzinfo | None = None) -> list[float]:
    """One number for every node of a node-set; any other value gives one."""
    if isinstance(value, NodeSet):
        return [text_number(node.text, timezone) for node in value]
    return [to_number(value, timezone)]


def to_nodes(value: Value) -> NodeSet:
    """The node-set itself; EvaluationError for anything else."""
    if isinstance(value, NodeSet):
        return value
    raise EvaluationError("argument", f"a list of nodes is wanted here, not {to_string(value)!r}")


COERCIONS: Mapping[str, Callable[[Value, tzinfo | None], Any]] = {
    "any": lambda value, timezone: value,
    "boolean": lambda value, timezone: to_boolean(value),
    "nodes": lambda value, timezone: to_nodes(value),
    "number": to_number,
    "numbers": to_numbers,
    "string": lambda value, timezone: to_string(value),
    "strings": lambda value, timezone: to_strings(value),
}
