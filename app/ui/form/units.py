"""The unit that an amount is written in, as far as its question says so: shown at the end of the field."""

import re

# What the question says → what the field shows. A form that says nothing gets no unit.
_UNITS = {
    "lei": "lei",
    "ron": "lei",
    "€": "€",
    "eur": "€",
    "%": "%",
    "m²": "m²",
    "m2": "m²",
    "square metres": "m²",
    "metri pătrați": "m²",
    "kg": "kg",
    "km": "km",
    "minutes": "min",
    "minute": "min",
}
_WORDS = "|".join(re.escape(word) for word in sorted(_UNITS, key=len, reverse=True))
_IN_BRACKETS = re.compile(rf"\(\s*({_WORDS})\b[^)]*\)", re.IGNORECASE)
_IN_WORDS = re.compile(rf"(?:\b(?:in|în)\s+|\s|:\s*)({_WORDS})(?:\s*[?.!]|\s*$)", re.IGNORECASE)


def unit_of(label: str) -> str:
    """`lei` for “How much is owed, in lei?”, empty where the question names no unit we know."""
    found = _IN_BRACKETS.search(label) or _IN_WORDS.search(label)
    return _UNITS[found[1].lower()] if found else ""
