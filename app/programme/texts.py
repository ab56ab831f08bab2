"""Texts of a programme in the languages of the interface, and short dates in them."""

from collections.abc import Mapping
from datetime import date

Text = Mapping[str, str]
"""Language code (`en`, `ro`) → the text."""

MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "ro": ["ian.", "feb.", "mar.", "apr.", "mai", "iun.", "iul.", "aug.", "sept.", "oct.", "nov.", "dec."],
}


def say(text: Text, language: str) -> str:
    """The text in this language, else in English, else in whichever there is."""
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def short_date(day: date, language: str) -> str:
    """`12 Nov 2026`, `12 nov. 2026`."""
    months = MONTHS.get(language, MONTHS["en"])
    return f"{day.day} {months[day.month - 1]} {day.year}"
