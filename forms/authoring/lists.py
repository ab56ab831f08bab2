"""Checks of lists: choices nobody uses, entity lists that are updated but not attached, files not found."""

import re
from collections.abc import Iterator

from forms.authoring.finding import ERROR, WARNING, Finding, at
from forms.authoring.source import Row, Workbook

SELECT = re.compile(r"^(?:select_one|select_multiple|rank|select_one_external)\s+(\S+)", re.IGNORECASE)
FROM_FILE = re.compile(r"^(?:select_one|select_multiple)_from_file\s+(\S+)", re.IGNORECASE)
_INSTANCE = re.compile(r"(?:instance|pulldata)\(\s*['\"]([^'\"]+)['\"]")


def check_lists(workbook: Workbook, missing_files: list[str]) -> Iterator[Finding]:
    """Findings about lists."""
    used = {match[1] for row in workbook.rows("survey") if (match := SELECT.match(row.cell("type")))}
    named = set(_named_instances(workbook))
    yield from _unused(workbook, used | named)
    attached = set(_attached(workbook))
    for row in workbook.rows("entities"):
        yield from _entity_list(row, attached)
    offered = attached | {_list_name(row) for row in workbook.rows("choices")}
    for name in sorted(named - offered - {"last-saved", "__last-saved"}):
        mend = f"Add a row of type csv-external named {name} to the survey sheet."
        yield Finding(ERROR, "list.unknown", "sheet survey", f"a calculation reads the list “{name}”", mend)
    for name in missing_files:
        found = f"the file “{name}” is used but does not lie beside the form"
        yield Finding(
            WARNING, "media.missing", "files", found, "Put it into the folder <form>-media, or attach it."
        )


def _list_name(row: Row) -> str:
    return row.cell("list_name", "list")


def _unused(workbook: Workbook, used: set[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for row in workbook.rows("choices"):
        name = _list_name(row)
        if name and name not in used and name not in seen:
            mend = "Remove the list, or use it in a select question."
            yield Finding(
                WARNING, "list.unused", at(row, "list_name"), f"no question uses the list “{name}”", mend
            )
        seen.add(name)


def _attached(workbook: Workbook) -> Iterator[str]:
    for row in workbook.rows("survey"):
        kind = row.cell("type").lower().replace("_", "-")
        if kind in ("csv-external", "xml-external", "geojson-external"):
            yield row.cell("name")
        match = FROM_FILE.match(row.cell("type"))
        if match:
            yield match[1].rpartition(".")[0] or match[1]


def _entity_list(row: Row, attached: set[str]) -> Iterator[Finding]:
    name = row.cell("list_name", "dataset")
    if row.cell("entity_id") and name and "$" not in name and name not in attached:
        found = f"entities of “{name}” are updated, but the form does not carry that list"
        mend = f"Add a row of type csv-external named {name} to the survey sheet, or select from {name}.csv."
        yield Finding(ERROR, "entity.list_not_attached", at(row, "list_name"), found, mend)


def _named_instances(workbook: Workbook) -> Iterator[str]:
    for sheet in ("survey", "entities", "settings"):
        for row in workbook.rows(sheet):
            for text in row.cells.values():
                yield from _INSTANCE.findall(text)
