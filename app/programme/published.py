"""What the published programme says, read from the records: its rules, and which elements repeat."""

from collections.abc import Iterable
from typing import Any

from app.programme.answers import repeats_of
from app.programme.config import ProgrammeConfig
from app.programme.records import Opened, opened


def config_in(records: Iterable[Any]) -> ProgrammeConfig | None:
    """The rules of the newest programme record that has any. Raises ProgrammeError."""
    texts = [one.body["toml"] for one in _programmes(records) if one.body.get("toml")]
    return ProgrammeConfig.parse(texts[-1]) if texts else None


def repeats_in(records: Iterable[Any]) -> dict[str, frozenset[str]]:
    """Form id → plain refs of its repeats, over every version that was published."""
    found: dict[str, frozenset[str]] = {}
    for one in _programmes(records):
        for form in one.body.get("forms", ()):
            found[form["id"]] = found.get(form["id"], frozenset()) | repeats_of(form["xml"])
    return found


def _programmes(records: Iterable[Any]) -> list[Opened]:
    return [one for one in opened(records) if one.kind == "programme"]
