"""The check before publishing: what it finds, where, and that it stays quiet about a good form."""

from pathlib import Path

import pytest

from forms.authoring import Finding, check_xlsform
from tests.unit.authoring.workbooks import CHOICES, SETTINGS, SURVEY, Rows, with_row, workbook

HEAD = ["type", "name", "label::English (en)", "label::Română (ro)", "calculation", "save_to"]


def findings(tmp_path: Path, **sheets: Rows) -> list[Finding]:
    return check_xlsform(workbook(tmp_path, **sheets))


def test_a_good_form_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path) == []


def test_a_broken_file_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(b"hello")
    (finding,) = check_xlsform(path)
    assert (finding.severity, finding.code) == ("error", "xlsform.not_a_workbook")


CASES: list[tuple[str, dict[str, Rows], str, str, str]] = [  # what, sheets, severity, code, part of the place
    (
        "function",
        {"survey": with_row("text", "x", "X", "selectd(${who}, 'a')")},
        "error",
        "xpath.unknown_function",
        "row 4",
    ),
    (
        "arguments",
        {"survey": with_row("text", "x", "X", "selected(${who})")},
        "error",
        "xpath.arity",
        "row 4",
    ),
    (
        "syntax",
        {"survey": with_row("text", "x", "X", "${who} = = 1")},
        "error",
        "xpath.syntax",
        "row 4, column relevant",
    ),
    (
        "pattern",
        {"survey": with_row("text", "x", "X", "", "regex(., '[0-9')", "m")},
        "error",
        "xpath.pattern",
        "column constraint",
    ),
    (
        "anchors",
        {"survey": with_row("text", "x", "X", "", "regex(., '[0-9]{10}')", "m")},
        "warning",
        "xpath.unanchored",
        "row 4, column constraint",
    ),
    (
        "message",
        {"survey": with_row("integer", "x", "X", "", ". > 1", "")},
        "warning",
        "text.no_message",
        "row 4",
    ),
    (
        "unused list",
        {"choices": [*CHOICES, ["other", "a", "A"]]},
        "warning",
        "list.unused",
        "sheet choices, row 4",
    ),
    (
        "missing file",
        {"survey": with_row("select_one_from_file t.csv", "x", "X")},
        "warning",
        "media.missing",
        "files",
    ),
    (
        "unknown list",
        {"survey": [*SURVEY, ["calculate", "x", "", "", "", ""]]},
        "error",
        "xlsform.calculation_missing",
        "row 5",
    ),
    (
        "no version",
        {"settings": [SETTINGS[0], ["visit", "A visit", ""]]},
        "warning",
        "settings.no_version",
        "settings",
    ),
    ("no id", {"settings": []}, "warning", "settings.no_id", "settings"),
    (
        "encryption",
        {"settings": [[*SETTINGS[0], "public_key"], ["v", "V", "1", "MIIBIjANBgkqhkiG9w0BAQEFAAOC"]]},
        "error",
        "settings.public_key",
        "settings",
    ),
]


@pytest.mark.parametrize(
    ("sheets", "severity", "code", "place"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_found(tmp_path: Path, sheets: dict[str, Rows], severity: str, code: str, place: str) -> None:
    found = {finding.code: finding for finding in findings(tmp_path, **sheets)}
    assert code in found, found
    assert found[code].severity == severity and place in found[code].place
    assert found[code].found and (found[code].mend or code == "xlsform.warning")


def test_a_close_name_is_offered(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, survey=with_row("text", "x", "X", "cout-selected(${ok}) > 1"))
    assert finding.mend == "Did you mean count-selected()?"


def test_missing_translations_are_gathered_by_column(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["text", "a", "A", "A", "", ""],
        ["text", "b", "B", "", "", ""],
        ["text", "c", "C", "", "", ""],
    ]
    found = [f for f in findings(tmp_path, survey=rows, choices=[]) if f.code == "text.untranslated"]
    assert [f.place for f in found] == ["sheet survey, row 3, 4, column label::Română (ro)"]


def test_two_languages_need_a_default(tmp_path: Path) -> None:
    found = findings(tmp_path, survey=[HEAD, ["text", "a", "A", "A", "", ""]], choices=[])
    assert [f.code for f in found] == ["settings.no_language"]


ENTITIES: Rows = [["list_name", "entity_id", "label"], ["households", "${h}", "${a}"]]


def test_an_updated_list_must_travel_with_the_form(tmp_path: Path) -> None:
    survey: Rows = [["type", "name", "label", "save_to"], ["text", "h", "H", ""], ["text", "a", "A", "a"]]
    codes = [f.code for f in findings(tmp_path, survey=survey, choices=[], entities=ENTITIES)]
    assert "entity.list_not_attached" in codes
    attached = [*survey, ["csv-external", "households", "", ""]]
    codes = [f.code for f in findings(tmp_path, survey=attached, choices=[], entities=ENTITIES)]
    assert "entity.list_not_attached" not in codes


def test_a_list_read_by_a_calculation_must_be_there(tmp_path: Path) -> None:
    survey: Rows = [
        ["type", "name", "label", "calculation"],
        ["calculate", "x", "", "pulldata('towns', 'a', 'b', 'c')"],
        ["note", "n", "N", ""],
    ]
    found = {f.code: f for f in findings(tmp_path, survey=survey, choices=[])}
    assert found.keys() & {"list.unknown", "media.missing"}


def test_a_cycle_is_found_by_loading(tmp_path: Path) -> None:
    survey: Rows = [
        ["type", "name", "label", "relevant"],
        ["text", "a", "A", "${b} = 1"],
        ["text", "b", "B", "${a} = 1"],
    ]
    errors = [f for f in findings(tmp_path, survey=survey, choices=[]) if f.severity == "error"]
    assert len(errors) == 1 and "cycle" in errors[0].code and "/data/a" in errors[0].found + errors[0].place


def test_findings_read_as_one_line(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, choices=[*CHOICES, ["other", "a", "A"]])
    assert str(finding).startswith(
        "warning: sheet choices, row 4, column list_name: no question uses the list “other”."
    )


def test_entity_lists_of_the_programme_need_no_file(tmp_path: Path) -> None:
    survey = with_row("select_one_from_file households.csv", "x", "X")
    assert [f.code for f in findings(tmp_path, survey=survey)] == ["media.missing"]
    (tmp_path / "programme.toml").write_text('[entities.households]\nlabel = "Household"\n')
    assert findings(tmp_path, survey=survey) == []
    (tmp_path / "programme.toml").write_text("[entities")
    assert [f.code for f in findings(tmp_path, survey=survey)] == ["programme.unreadable"]


@pytest.mark.parametrize(
    ("kind", "choice_filter", "wrong"),
    [
        ("select_one town", "county = ${ok}", []),
        ("select_one town", "conty = ${ok} and name != 'x'", ["conty"]),
        ("select_one town", "selected(${who}, county) or position() < 3 or label = ''", []),
        ("select_one town", "county = instance('yn')/root/item[other = 1]/label", []),
        ("select_one_from_file towns.csv", "county = ${ok}", []),
        ("select_one_from_file towns.csv", "region = ${ok}", ["region"]),
        ("select_one_from_file elsewhere.csv", "region = ${ok}", []),
    ],
)
def test_a_filter_reads_columns_that_its_list_has(
    tmp_path: Path, kind: str, choice_filter: str, wrong: list[str]
) -> None:
    (tmp_path / "towns.csv").write_text("name;label;county\na;A;x\n")
    survey = [[*SURVEY[0], "choice_filter"], *SURVEY[1:], [kind, "t", "T", "", "", "", choice_filter]]
    choices = [["list_name", "name", "label", "county"], *CHOICES[1:], ["town", "a", "A", "x"]]
    found = [f for f in findings(tmp_path, survey=survey, choices=choices) if f.severity == "error"]
    assert [f.code for f in found] == ["list.no_column"] * len(wrong), found
    assert all(
        name in f.found and "column choice_filter" in f.place for name, f in zip(wrong, found, strict=True)
    )
