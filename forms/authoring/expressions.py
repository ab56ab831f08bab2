"""Checks of the expressions in a form: unknown functions, wrong argument counts, broken patterns."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from forms.authoring.finding import ERROR, WARNING, Finding, at
from forms.authoring.source import Row, Workbook
from forms.errors import FormError, shorten
from forms.features import MODEL_FUNCTIONS
from forms.functions import FUNCTIONS, EvaluationError
from forms.functions.patterns import compiled
from forms.xpath.ast import Call, Expr, Literal
from forms.xpath.calls import check_call
from forms.xpath.parser import parse
from forms.xpath.static import children

COLUMNS = {
    "survey": ("relevant", "relevance", "constraint", "calculation", "calculate", "required", "readonly",
               "read_only", "repeat_count", "choice_filter"),
    "entities": ("label", "entity_id", "create_if", "update_if"),
    "settings": ("instance_name",),
}  # fmt: skip
REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?\s*([^}\s]+)\s*\}")
_YES_NO = {"yes", "no", "true", "false", "true()", "false()"}


def check_expressions(workbook: Workbook) -> Iterator[Finding]:
    """Findings in every expression column."""
    for sheet, columns in COLUMNS.items():
        for row in workbook.rows(sheet):
            for column in columns:
                text = row.cell(column)
                if text and text.lower() not in _YES_NO:
                    yield from _check(text, row, column)


def _check(text: str, row: Row, column: str) -> Iterator[Finding]:
    # A reference becomes a plain name: enough to see the expression's shape.
    try:
        expression = parse(REFERENCE.sub(r"\1", text))
    except FormError as error:
        yield Finding(ERROR, error.code, at(row, column), f"“{shorten(text)}”: {error.found}", error.mend)
        return
    for call in _calls(expression):
        yield from _check_call(call, row, column)


def _calls(expression: Expr) -> Iterator[Call]:
    if isinstance(expression, Call):
        yield expression
    for part in children(expression):
        yield from _calls(part)


def _check_call(call: Call, row: Row, column: str) -> Iterator[Finding]:
    error = check_call(call)
    if error is not None and error.code == "xpath.unknown_function":
        near = get_close_matches(call.name, [*FUNCTIONS, *MODEL_FUNCTIONS], n=1)
        mend = f"Did you mean {near[0]}()?" if near else "Use a function of the ODK documentation."
        yield Finding(
            ERROR, "xpath.unknown_function", at(row, column), f"there is no function {call.name}()", mend
        )
    elif error is not None:
        yield Finding(ERROR, error.code, at(row, column), error.found, error.mend)
    elif call.name == "regex" and isinstance(call.args[1], Literal):
        yield from _check_pattern(str(call.args[1].value), at(row, column))


def _check_pattern(pattern: str, place: str) -> Iterator[Finding]:
    try:
        compiled(pattern)
    except EvaluationError as error:
        yield Finding(ERROR, "xpath.pattern", place, str(error), "Mend the pattern.")
        return
    if not (pattern.startswith("^") and pattern.endswith("$")):
        found = f"the pattern “{shorten(pattern)}” may match a part of the answer only, and Collect reads it otherwise"
        yield Finding(WARNING, "xpath.unanchored", place, found, "Put ^ before it and $ after it.")
