"""Question by question against the written specification, where it lies beside the project."""

import re

import pytest

from tests.shared_material import shared
from tests.unit.library.sheets import FORMS, choices, languages, rows

PIPE = re.compile(r"(?<!\\)\|")
KEYS = (
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "default",
    "save_to",
    "parameters",
    "repeat_count",
    "appearance",
)


def spec_cells(form: str, columns: int) -> list[list[str]]:
    text, _, _ = shared("forms", f"{form}.md").read_text(encoding="utf-8").partition("## Core questions in")
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    cells = [[cell.strip() for cell in PIPE.split(line.strip()[1:-1])] for line in lines]
    return [row for row in cells if len(row) == columns and row[0] not in ("name", "list", "list_name", "")]


@pytest.mark.parametrize("form", FORMS)
def test_every_row_of_the_specification_is_in_the_form(form: str) -> None:
    ours = {row["name"]: row for row in rows(form, "survey") if not row["type"].startswith("end")}
    for name, kind, english, romanian, logic, _why in spec_cells(form, 6):
        row = ours[name.strip("`*")]
        assert row["type"] in (kind, f"begin_{kind}"), name
        assert row["label::English (en)"] == english.strip("*")
        assert row["label::Română (ro)"] == romanian.strip("*")
        assert ("required" in logic.split("; ")) == (row.get("required") == "yes"), name
        assert ("readonly" in logic.split("; ")) == (row.get("readonly") == "yes"), name
        for key in KEYS:
            wanted = re.search(rf"(?:^|; ){key}: `(.*?)`(?:$|; )", logic)
            if wanted:
                assert row[key] == wanted.group(1), (name, key)
            elif key != "parameters":
                assert not row.get(key), (name, key)


@pytest.mark.parametrize("form", FORMS)
def test_every_choice_of_the_specification_is_in_the_form(form: str) -> None:
    text = shared("forms", f"{form}.md").read_text(encoding="utf-8")
    _, _, tail = text.partition("## Choice lists")
    lists = re.findall(r"^\| `(\w+)` \| (.*) \|$", tail.partition("## `entities`")[0], re.MULTILINE)
    ours = choices(form)
    assert {name for name, _ in lists} == set(ours)
    for name, codes in lists:
        assert re.findall(r"(?:^|; )`(\w+)` = ", codes) == ours[name]


@pytest.mark.parametrize("form", FORMS)
def test_every_entity_of_the_specification_is_in_the_form(form: str) -> None:
    spec = [[cell.strip("`") for cell in row] for row in spec_cells(form, 5) if row[0].startswith("`")]
    ours = [
        [row.get(key, "") for key in ("list_name", "entity_id", "create_if", "update_if", "label")]
        for row in rows(form, "entities")
    ]
    assert ours == spec


def test_translations_of_the_newcomer_interview_are_those_of_the_specification() -> None:
    _, _, text = (
        shared("forms", "newcomer_interview.md").read_text(encoding="utf-8").partition("## Core questions in")
    )
    lines = [line for line in text.partition("## Notes")[0].splitlines() if line.startswith("| `")]
    wanted = {cells[1].strip(" `"): [one.strip() for one in cells[2:-1]] for cells in map(PIPE.split, lines)}
    more = languages("newcomer_interview")[2:]
    ours = {row["name"]: row for row in rows("newcomer_interview", "survey")}
    for row in rows("newcomer_interview", "choices"):
        ours[f"{row['list_name']} {row['name']}"] = ours[f"* {row['name']}"] = row
    assert len(wanted) == 62
    assert {name: [ours[name][f"label::{one}"] for one in more] for name in wanted} == wanted
