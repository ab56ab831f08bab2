"""Makes small XLSForm workbooks, whole and broken."""

from pathlib import Path

from openpyxl import Workbook

Rows = list[list[str]]
SURVEY: Rows = [
    ["type", "name", "label", "relevant", "constraint", "constraint_message"],
    ["text", "who", "Who?", "", "", ""],
    ["select_one yn", "ok", "Fine?", "${who} != ''", "", ""],
    ["integer", "age", "Age", "", ". < 120", "Too old"],
]
CHOICES: Rows = [["list_name", "name", "label"], ["yn", "y", "Yes"], ["yn", "n", "No"]]
SETTINGS: Rows = [["form_id", "form_title", "version"], ["visit", "A visit", "1"]]


def workbook(folder: Path, name: str = "form.xlsx", **sheets: Rows) -> Path:
    """Writes a workbook; the good sheets stand in for those that are not given, an empty list leaves one out."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS, **sheets}.items():
        if rows:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
    if not book.sheetnames:
        book.create_sheet("empty")
    path = folder / name
    book.save(path)
    return path


def with_row(*cells: str, at: int = 4) -> Rows:
    """The good survey with one more row, at the given row number of the spreadsheet."""
    return [*SURVEY[: at - 1], list(cells), *SURVEY[at - 1 :]]
