"""`python -m forms`: check, fill and features, with the exit status a script can rely on."""

import json
from pathlib import Path

import pytest

from forms.__main__ import main
from tests.unit.authoring.workbooks import CHOICES, Rows, workbook

REPEAT: Rows = [
    ["type", "name", "label", "constraint", "constraint_message", "calculation", "required"],
    ["text", "village", "Village", "", "", "", "yes"],
    ["begin repeat", "people", "People", "", "", "", ""],
    ["text", "name", "Name", "", "", "", ""],
    ["integer", "age", "Age", ". < 120", "Too old", "", ""],
    ["end repeat", "", "", "", "", "", ""],
    ["calculate", "total", "", "", "", "sum(${age})", ""],
    ["calculate", "day", "", "", "", "today()", ""],
    ["calculate", "id", "", "", "", "once(uuid())", ""],
]


def fill(tmp_path: Path, answers: object, *options: str) -> int:
    path = tmp_path / "a.json"
    path.write_text(answers if isinstance(answers, str) else json.dumps(answers), encoding="utf-8")
    form = workbook(tmp_path, survey=REPEAT, choices=[])
    return main(["fill", str(form), "--answers", str(path), "--now", "2025-03-04T10:00:00+02:00", *options])


def test_check_of_a_good_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(workbook(tmp_path))]) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"


def test_check_of_a_form_with_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(workbook(tmp_path, choices=[*CHOICES, ["other", "a", "A"]]))
    assert main(["check", path]) == 0 and main(["check", "--strict", path]) == 1
    assert "warning: sheet choices, row 4" in capsys.readouterr().out


def test_check_of_a_broken_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "form.xlsx").write_bytes(b"hello")
    assert main(["check", str(tmp_path / "form.xlsx")]) == 1
    assert "1 errors, 0 warnings" in capsys.readouterr().out


def test_fill_by_name_and_by_reference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = {
        "village": "Pata",
        "people": [{"name": "Ana", "age": 34}, {"name": "Ion"}],
        "/data/people[2]/age": "6",
    }
    assert fill(tmp_path, answers) == 0
    out = capsys.readouterr().out
    assert "<total>40</total>" in out and "<name>Ion</name>" in out and "<day>2025-03-04</day>" in out


def test_fill_twice_gives_the_same_and_another_seed_another_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outs = []
    for seed in ("1", "1", "2"):
        fill(tmp_path, {"village": "Pata"}, "--seed", seed)
        outs.append(capsys.readouterr().out)
    assert outs[0] == outs[1] != outs[2]


def test_fill_prints_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fill(tmp_path, {"people": [{"age": 150}], "nowhere": 1}) == 1
    captured = capsys.readouterr()
    assert "/data/people[1]/age: Too old" in captured.err and "/data/village" in captured.err
    assert "/data/nowhere" in captured.err and "<age>150</age>" in captured.out


@pytest.mark.parametrize("answers", ["[1]", "no json", ""])
def test_answers_that_cannot_be_read(
    tmp_path: Path, answers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fill(tmp_path, answers) == 2
    assert "answers." in capsys.readouterr().err


def test_fill_of_an_xform_with_media(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from forms.authoring import compile_markdown

    compiled = compile_markdown(
        "| survey |\n| | type | name | label | calculation |\n| | text | k | K | |\n"
        "| | calculate | v | | pulldata('towns', 'label', 'name', ${k}) |"
    )
    (tmp_path / "form.xml").write_bytes(compiled.xform_xml)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "towns.csv").write_text("name,label\nt,Turda\n")
    (tmp_path / "a.json").write_text('{"k": "t"}')
    command = [
        "fill",
        str(tmp_path / "form.xml"),
        "--answers",
        str(tmp_path / "a.json"),
        "--media",
        str(tmp_path / "media"),
    ]
    assert main(command) == 0
    assert "<v>Turda</v>" in capsys.readouterr().out


def test_fill_of_a_broken_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "form.xml").write_text("<html")
    (tmp_path / "a.json").write_text("{}")
    assert main(["fill", str(tmp_path / "form.xml"), "--answers", str(tmp_path / "a.json")]) == 2
    assert "error:" in capsys.readouterr().err


def test_features_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["features"]) == 0
    assert "| selected() | done |" in capsys.readouterr().out


def test_the_language_of_messages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    survey: Rows = [
        ["type", "name", "label::English (en)", "label::Română (ro)", "required", "required_message::English (en)",
         "required_message::Română (ro)"],
        ["text", "a", "A", "A", "yes", "Please answer", "Răspundeți"],
    ]  # fmt: skip
    (tmp_path / "a.json").write_text("{}")
    form = str(workbook(tmp_path, survey=survey, choices=[]))
    assert main(["fill", form, "--answers", str(tmp_path / "a.json"), "--language", "Română (ro)"]) == 1
    assert "Răspundeți" in capsys.readouterr().err
