"""Turns what pyxform raises into a FormError: where, what was found, and how an author mends it."""

import re
from typing import Any

from forms.authoring.source import Row, Workbook
from forms.errors import FormError, shorten

_ROW = re.compile(r"\[?row\s*:\s*(\d+)\]?", re.IGNORECASE)
_SHEET = re.compile(r"'(survey|choices|settings|entities|external_choices|osm)'(?: sheet|\.)", re.IGNORECASE)
_COLUMN = re.compile(r"the '([\w:. -]+)' value")
_ADVICE = re.compile(r"Please |Either remove|Rename or|Learn more|If this is intentional|Check ")
# By words that stand in pyxform's message, because many of its errors carry no code: our code, and the mend.
_MENDS = (
    (
        "List name not in choices sheet",
        "choices_missing",
        "Add the list to the choices sheet, or mend its name here.",
    ),
    (
        "There should be a choices sheet",
        "choices_missing",
        "Add a sheet named “choices” with the lists of the form.",
    ),
    ("Question with no type", "type_missing", "Fill in the type column."),
    ("Question or group with no name", "name_missing", "Fill in the name column."),
    ("Missing calculation", "calculation_missing", "Fill in the calculation column, or remove the row."),
    ("Unknown question type", "type_unknown", "Use a type of https://xlsform.org/en/#question-types."),
    ("Unmatched 'begin", "group_open", "Add the end row of this group or repeat."),
    ("Unmatched 'end", "group_unopened", "Remove this row, or add the begin row before it."),
    ("sheet named 'survey'", "survey_missing", "Name the sheet with the questions “survey”."),
    ("No survey sheet found", "survey_missing", "Name the sheet with the questions “survey”."),
    ("Duplicate column header", "column_twice", "Keep one of the two columns."),
    ("different names for the same column", "column_twice", "Keep one of the two columns."),
    (
        "required column headers were not found",
        "column_missing",
        "Add the missing headings in the first row.",
    ),
    ("not appear to be a valid XLSForm", "not_a_workbook", "Save it again as .xlsx."),
    ("not recognized as a supported type", "not_a_workbook", "Save it again as .xlsx."),
    ("Choice names with spaces", "choice_space", "Write the choice's name without spaces."),
    ("Choices must have a name", "choice_unnamed", "Fill in the name column of this choice."),
    ("Choice names must be unique", "choice_twice", "Give each choice of the list its own name."),
    ("Choices should have a label", "choice_unlabelled", "Fill in the label column of this choice."),
    ("must be unique within their nearest", "name_twice", "Give one of the questions another name."),
    (
        "Names must begin with",
        "name_invalid",
        "Start with a letter or “_”; use letters, digits, “_”, “-” and “.” only.",
    ),
    ("Reference variables must start with", "reference_invalid", "Write references as ${question_name}."),
    (
        "Could not find the name",
        "reference_unknown",
        "Check the spelling, or add the question to the survey sheet.",
    ),
    (
        "appears more than once",
        "reference_ambiguous",
        "Give each question its own name, then refer to the one you mean.",
    ),
    ("save_to", "save_to", "Compare the save_to column with the entities sheet."),
    ("entity declaration", "entity", "Compare this row with https://docs.getodk.org/entities-intro/."),
)
_LEAD = re.compile(
    r"^On the '\w+' sheet, the '[\w:. -]+' value (?:'(?P<value>[^']*)' )?is (?:invalid|problematic)\.\s*"
)
_QUOTED = re.compile(r"'([^']+)'")
_UNREADABLE = ("PyXFormReadError", "BadZipFile", "InvalidFileException", "XLRDError", "CompDocError")


def form_error(error: Exception, file_name: str, workbook: Workbook | None = None) -> FormError:
    """The FormError of an exception that pyxform raised while it read or converted `file_name`."""
    text = " ".join(str(error).split()) or type(error).__name__
    code, mend = _code_and_mend(error, text)
    found, advice = _split(text)
    place = _place(error, text, file_name, workbook)
    return FormError(f"xlsform.{code}", place, shorten(found.rstrip("."), 300), mend or advice)


def _code_and_mend(error: Exception, text: str) -> tuple[str, str]:
    for words, code, mend in _MENDS:
        if words.lower() in text.lower():
            return code, mend
    if type(error).__name__ in _UNREADABLE:
        return "not_a_workbook", "Open the file in a spreadsheet program and save it again as .xlsx."
    return "invalid", ""


def _place(error: Exception, text: str, file_name: str, workbook: Workbook | None) -> str:
    context: dict[str, Any] = getattr(error, "context", None) or {}
    row = context.get("row") or _first(_ROW, text)
    sheet = (
        context.get("sheet") or context.get("sheet_name") or _first(_SHEET, text) or ("survey" if row else "")
    )
    column = context.get("column") or _first(_COLUMN, text)
    if not row and workbook is not None:
        holder = _row_with(workbook, _QUOTED.findall(text))
        if holder is not None:
            return f"sheet {holder.sheet}, row {holder.number}"
    parts = [
        f"sheet {sheet}" if sheet else file_name,
        f"row {row}" if row else "",
        f"column {column}" if column else "",
    ]
    return ", ".join([part for part in parts if part])


def _row_with(workbook: Workbook, values: list[str]) -> Row | None:
    """The first row one of whose type or name cells is one of these texts."""
    for sheet in ("survey", "choices"):
        for row in workbook.rows(sheet):
            if {row.cell("type"), row.cell("name")}.intersection(values):
                return row
    return None


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


def _split(text: str) -> tuple[str, str]:
    """What was found, without the place, and the advice where the message has one."""
    text = _ROW.sub("", text).strip()
    lead = _LEAD.match(text)
    if lead:
        text = (f"“{lead['value']}”: " if lead["value"] else "") + text[lead.end() :]
    at = _ADVICE.search(text)
    if at is None or at.start() == 0:
        return text, "Mend this cell, then check the form again."
    return text[: at.start()].strip(), text[at.start() :].strip()
