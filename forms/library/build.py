"""Builds `<form>.xlsx` from `<form>.md`: `python -m forms.library.build [--check]`.

A workbook whose cells already equal the source is left alone, so that building twice changes nothing;
`--check` writes nothing and ends with status 1 where a workbook is missing or differs.
"""

import argparse
import io
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from forms.library import programme, programmes
from forms.library.source import Sheets, read_source

# A fixed moment stands in every workbook and in every zip entry: rebuilding gives the same bytes.
MOMENT = datetime(2026, 11, 21, tzinfo=UTC)
WIDE = ("label", "hint", "constraint", "calculation", "relevant")


def workbook_bytes(sheets: Sheets) -> bytes:
    """The .xlsx of these sheets. Every cell is text, so that Excel never turns a code into a number."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "C2" if name == "survey" else "A2"
        for r, row in enumerate(rows, start=1):
            for c, text in enumerate(row, start=1):
                if text:
                    _cell(sheet, r, c, text)
        for c, title in enumerate(rows[0], start=1):
            wide = title.startswith(WIDE)
            sheet.column_dimensions[get_column_letter(c)].width = 44 if wide else 18
    raw = io.BytesIO()
    book.save(raw)
    return _same_every_time(raw.getvalue())


def workbook_sheets(path: Path) -> Sheets:
    """The cells of a workbook in the shape of `read_source`."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        return {
            sheet.title: [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
            for sheet in book.worksheets
        }
    finally:
        book.close()


def build(name: str, *, check: bool = False) -> list[Path]:
    """Builds the workbooks of one programme; returns those that were missing or differed."""
    changed = []
    for form_id, source in programme(name).sources().items():
        sheets = read_source(source.read_text(encoding="utf-8"))
        target = source.with_name(f"{form_id}.xlsx")
        if target.is_file() and workbook_sheets(target) == sheets:
            continue
        changed.append(target)
        if not check:
            target.write_bytes(workbook_bytes(sheets))
    return changed


def _cell(sheet, row: int, column: int, text: str) -> None:  # type: ignore[no-untyped-def]
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"  # a leading "=" stays text
    cell.number_format = "@"
    if row == 1:
        cell.font = Font(bold=True)
    else:
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _same_every_time(raw: bytes) -> bytes:
    """The same zip with fixed times: openpyxl writes the present moment into core.xml and every entry."""
    stamp = MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry == "docProps/core.xml":
                data = _fixed_core(data.decode("utf-8"), stamp).encode("utf-8")
            info = zipfile.ZipInfo(entry, MOMENT.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return out.getvalue()


def _fixed_core(text: str, stamp: str) -> str:
    for element in ("dcterms:created", "dcterms:modified"):
        head, start, rest = text.partition(f"<{element}")
        if start:
            attributes, _, tail = rest.partition(">")
            _, end, tail = tail.partition(f"</{element}>")
            text = f"{head}{start}{attributes}>{stamp}{end}{tail}"
    return text


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="forms.library.build", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 where one is stale")
    options = parser.parse_args(arguments)
    changed = [path for name in programmes() for path in build(name, check=options.check)]
    for path in changed:
        print(("stale: " if options.check else "built ") + f"{path.parent.name}/{path.name}")
    if not changed:
        print("every workbook equals its source")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
