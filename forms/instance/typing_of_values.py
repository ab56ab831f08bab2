"""How a calculated value is stored in a node of a given type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.functions.values import number_text, to_number, to_string

if TYPE_CHECKING:
    from datetime import tzinfo


def typed_text(kind: str, value: Any, zone: tzinfo | None) -> str:
    """The text: int drops the fraction, date the time and time the date; NaN is no number's text."""
    if kind == "int" or kind == "decimal":
        number = to_number(value, zone)
        if number != number or number - number != 0.0:
            text = to_string(value)
            return "" if text == "NaN" else text
        return str(int(number)) if kind == "int" else number_text(number)
    text = to_string(value)
    if text == "NaN" and isinstance(value, float):
        return ""
    if kind == "date":
        if isinstance(value, float):
            return date_of_days(value)
        return text[:10] if len(text) > 10 and text[10] in "T " else text
    if kind == "time":
        return text[11:] if len(text) > 11 and text[10] == "T" else text
    return text


def date_of_days(days: float) -> str:
    """Days since 1970 as an ISO date; "" for NaN."""
    if days != days:
        return ""
    from datetime import date

    try:
        return date.fromordinal(date(1970, 1, 1).toordinal() + int(days)).isoformat()
    except (ValueError, OverflowError):
        return ""
