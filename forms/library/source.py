"""The markdown source of an XLSForm: one table a sheet, readable in a diff and by pyxform itself.

    | settings |
    | | form_title | form_id |
    |---|---|---|
    | | A visit    | visit   |

A `|` inside a cell is written `\\|`; a cell holds no newline; lines that start with `#` are remarks.
"""

import re

Sheets = dict[str, list[list[str]]]

CELL_END = re.compile(r"(?<!\\)\|")
SEPARATOR = re.compile(r"^\|[|-]+$")


class SourceError(ValueError):
    """A line of the source that is not a row of a table; the message names line and reason."""


def read_source(text: str) -> Sheets:
    """Sheet name → rows (the first one holds the column names), each as long as the header."""
    sheets: Sheets = {}
    rows: list[list[str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#") or SEPARATOR.match(line):
            continue
        first, *cells = _cells(line, number)
        if first:
            rows = sheets.setdefault(first, [])
            continue
        if rows and len(cells) != len(rows[0]):
            raise SourceError(f"line {number}: {len(cells)} cells where the header has {len(rows[0])}")
        rows.append(cells)
    return sheets


def write_source(sheets: Sheets, remark: str = "") -> str:
    """The source text of these sheets; columns that hold nothing are left out."""
    blocks = [f"# {remark}\n" if remark else ""]
    for name, rows in sheets.items():
        kept = [c for c in range(len(rows[0])) if any(row[c] for row in rows[1:])]
        lines = [f"| {name} |", _line(rows[0], kept), "|---" * (len(kept) + 1) + "|"]
        lines += [_line(row, kept) for row in rows[1:]]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(block for block in blocks if block)


def _cells(line: str, number: int) -> list[str]:
    line = line.strip()
    if not (line.startswith("|") and line.endswith("|") and len(line) > 1):
        raise SourceError(f"line {number}: a row begins and ends with |")
    return [cell.strip().replace("\\|", "|") for cell in CELL_END.split(line[1:-1])]


def _line(row: list[str], kept: list[int]) -> str:
    cells = ["", *(row[c].replace("|", "\\|") for c in kept)]
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"
