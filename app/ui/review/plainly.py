"""Answers as people write them."""

import re
from datetime import date

from app.ui.ctx import Ctx
from app.ui.dates import day

BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MADE_BY_APP = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-(?=.)")


def plain_name(file: str) -> str:
    """A file's own name, without the id that keeps it apart from others of that name."""
    return MADE_BY_APP.sub("", file)


def plainly(c: Ctx, words: str) -> str:
    """A bare date as people write it, a file by its own name; everything else as it is."""
    if not BARE_DATE.fullmatch(words):
        return plain_name(words)
    try:
        return day(c, date.fromisoformat(words))
    except ValueError:
        return words  # somebody typed what only looks like a date
