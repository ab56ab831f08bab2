"""Checks that a choice filter reads columns that its list has: the likeliest slip in a cascade."""

import csv
import io
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from forms.authoring.expressions import REFERENCE
from forms.authoring.finding import ERROR, Finding, at
from forms.authoring.lists import FROM_FILE, SELECT
from forms.authoring.source import Row, Workbook
from forms.errors import FormError
from forms.xpath.ast import Expr, Path
from forms.xpath.parser import parse
from forms.xpath.static import children


def check_filters(workbook: Workbook, media: Mapping[str, bytes]) -> Iterator[Finding]:
    """Findings in the choice_filter column; broken expressions are left to the check of expressions."""
    for row in workbook.rows("survey"):
        text = row.cell("choice_filter")
        columns = _columns(row.cell("type"), workbook, media) if text else None
        if columns is None:
            continue
        try:
            names = sorted(set(_relative_names(parse(REFERENCE.sub(r"/reference/\1", text)))))
        except FormError:
            continue
        for name in names:
            if name not in columns:
                yield _finding(row, name, columns)


def _finding(row: Row, name: str, columns: set[str]) -> Finding:
    near = get_close_matches(name, columns, n=1)
    mend = (
        f"Did you mean {near[0]}?" if near else "Add the column to the list, or write ${…} around a question."
    )
    return Finding(
        ERROR, "list.no_column", at(row, "choice_filter"), f"its list has no column “{name}”", mend
    )


def _columns(kind: str, workbook: Workbook, media: Mapping[str, bytes]) -> set[str] | None:
    """The columns of the list a select uses; None where they cannot be known here."""
    from_file, inline = FROM_FILE.match(kind), SELECT.match(kind)
    if from_file:
        content = media.get(from_file[1])
        if content is None or not from_file[1].lower().endswith(".csv"):
            return None
        first = content.decode("utf-8-sig", "replace").partition("\n")[0]
        mark = next((mark for mark in ",;\t" if mark in first), ",")
        return {name.strip() for name in next(csv.reader(io.StringIO(first), delimiter=mark), [])}
    if inline and "$" not in inline[1]:
        sheet = "external_choices" if kind.lower().startswith("select_one_external") else "choices"
        rows = [row for row in workbook.rows(sheet) if row.cell("list_name", "list") == inline[1]]
        return {name for row in rows for name in row.cells} | {"name", "label"}
    return None


def _relative_names(expression: Expr) -> Iterator[str]:
    """The columns an expression reads: the first steps of its relative paths, outside other lists' predicates."""
    if isinstance(expression, Path):
        if (
            expression.start is None
            and expression.steps[0].axis == "child"
            and "(" not in expression.steps[0].test
        ):
            yield expression.steps[0].test
        return
    for part in children(expression):
        yield from _relative_names(part)
