"""What the tests of the library read: every form's source as rows with named cells."""

import csv
import io
import re
import tomllib
from pathlib import Path
from typing import Any

from forms.library import programme
from forms.library.source import read_source

FOLDER = programme("pata_cluj")
FORMS = sorted(FOLDER.sources())
CONFIG: dict[str, Any] = tomllib.loads(FOLDER.toml)
LANGUAGES = ("English (en)", "Română (ro)")
METADATA = {"start", "end", "today", "username", "audit", "deviceid", "csv-external"}


def languages(form: str) -> list[str]:
    """Every language that the form's labels are written in, English and Romanian first."""
    header = read_source(source(form))["survey"][0]
    return [name.removeprefix("label::") for name in header if name.startswith("label::")]


def source(form: str) -> str:
    return FOLDER.sources()[form].read_text(encoding="utf-8")


def rows(form: str, sheet: str) -> list[dict[str, str]]:
    header, *cells = read_source(source(form)).get(sheet, [[]])
    return [dict(zip(header, row, strict=True)) for row in cells]


def questions(form: str) -> list[dict[str, str]]:
    """Rows that a person answers: no metadata, groups, notes or calculations."""
    return [
        row
        for row in rows(form, "survey")
        if row["type"] not in METADATA | {"note", "calculate"}
        and not row["type"].startswith(("begin", "end"))
    ]


def choices(form: str) -> dict[str, list[str]]:
    """List name → codes in order."""
    found: dict[str, list[str]] = {}
    for row in rows(form, "choices"):
        found.setdefault(row["list_name"], []).append(row["name"])
    return found


def select_list(row: dict[str, str]) -> str | None:
    match = re.match(r"(?:select_one|select_multiple|rank) (\w+)$", row["type"])
    return match.group(1) if match else None


def select_file(row: dict[str, str]) -> str | None:
    match = re.match(r"select_(?:one|multiple)_from_file (\S+)$", row["type"])
    return match.group(1) if match else None


def list_columns(name: str) -> list[str]:
    return next(csv.reader(io.StringIO(FOLDER.lists()[name])))


def form_config(form: str) -> dict[str, Any]:
    return next(one for one in CONFIG["forms"] if one["id"] == form)


def xlsx(form: str) -> Path:
    return FOLDER.path / f"{form}.xlsx"
