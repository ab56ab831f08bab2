"""Reads the sheets of an XLSForm (.xlsx, .xls, .csv, .md) with their row numbers; refuses what is not one.

Spec: https://xlsform.org/en/ref-table/
"""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forms.errors import FormError

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".md")
SHEETS = ("survey", "choices", "settings", "entities", "external_choices")
_MOST_BYTES = 50 * 2**20
_MOST_UNPACKED = 300 * 2**20
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Row:
    """One row: the sheet, its number as the spreadsheet shows it, and its filled cells by column heading."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def cell(self, *names: str) -> str:
        """The first filled cell of these columns, "" where none is."""
        for name in names:
            if self.cells.get(name):
                return self.cells[name]
        return ""


@dataclass(frozen=True)
class Workbook:
    """The sheets of an XLSForm, headings in lower case up to a "::"."""

    sheets: Mapping[str, list[Row]]

    def rows(self, sheet: str) -> list[Row]:
        return self.sheets.get(sheet, [])

    def columns(self, sheet: str) -> list[str]:
        """The headings of a sheet that have at least one filled cell."""
        return list(dict.fromkeys(name for row in self.rows(sheet) for name in row.cells))


def check_container(path: Path) -> None:
    """FormError unless the file is there, of a known type, whole, and of a sane size."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise FormError(
            "xlsform.type",
            path.name,
            f"a file of type “{suffix or 'none'}”",
            f"Save it as one of {' '.join(SUFFIXES)}.",
        )
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise FormError(
            "xlsform.unreadable", path.name, str(error.strerror), "Check the path and the rights."
        ) from error
    if size == 0:
        raise FormError("xlsform.empty", path.name, "an empty file", "Save the form again.")
    if size > _MOST_BYTES:
        raise FormError(
            "xlsform.too_large", path.name, f"{size // 2**20} MB", "A form is smaller than 50 MB."
        )
    if suffix in (".xlsx", ".xlsm"):
        _check_zip(path, head)
    elif suffix == ".xls" and not head.startswith(_OLE):
        what = "a new Excel workbook (.xlsx)" if head.startswith(_ZIP) else "something else"
        raise FormError(
            "xlsform.type", path.name, f"not an old Excel workbook but {what}", "Save it as .xlsx."
        )


def _check_zip(path: Path, head: bytes) -> None:
    if head.startswith(_OLE):
        mend = "Remove its password, or save it as .xlsx instead of renaming it."
        raise FormError("xlsform.type", path.name, "an old or password-protected Excel workbook", mend)
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            broken = None if unpacked > _MOST_UNPACKED else archive.testzip()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        mend = "The download or copy may be cut short: fetch the file again, or save it again as .xlsx."
        raise FormError("xlsform.not_a_workbook", path.name, "not a whole Excel workbook", mend) from error
    if unpacked > _MOST_UNPACKED:
        raise FormError(
            "xlsform.too_large", path.name, f"{unpacked // 2**20} MB unpacked", "Remove unused cells."
        )
    if broken is not None:
        raise FormError(
            "xlsform.not_a_workbook", path.name, f"the part {broken} is damaged", "Save the file again."
        )


def workbook_of(definition: Any) -> Workbook:
    """The rows of pyxform's reading of a workbook; blank rows are left out, numbers stay right."""
    return Workbook({sheet: list(_rows(sheet, getattr(definition, sheet, None) or [])) for sheet in SHEETS})


def _rows(sheet: str, rows: list[dict[str, Any]]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=2):
        cells = {
            heading(str(name)): str(value).strip() for name, value in row.items() if value not in (None, "")
        }
        if cells:
            yield Row(sheet, number, cells)


def heading(name: str) -> str:
    """A column heading in one spelling: lower case before the language, underscores for spaces."""
    first, mark, rest = name.strip().partition("::")
    first = first.strip().lower().replace(" ", "_").replace("-", "_")
    return f"{first}::{rest.strip()}" if mark else first
