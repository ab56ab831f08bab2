"""Every kind of broken XLSForm gives a clear error with a place and a way to mend it, never a traceback."""

import zipfile
from pathlib import Path

import pytest

from forms.authoring import compile_markdown, compile_xlsform
from forms.errors import FormError
from tests.unit.authoring.workbooks import CHOICES, SURVEY, Rows, with_row, workbook


def refused(path: Path) -> FormError:
    with pytest.raises(FormError) as caught:
        compile_xlsform(path)
    error = caught.value
    assert error.code.startswith("xlsform.") and error.place and error.found and error.mend
    assert "Traceback" not in str(error) and "object at 0x" not in str(error)
    return error


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("form.xlsx", b"hello", "not_a_workbook"),
        ("form.xlsx", b"", "empty"),
        ("form.xlsx", b"PK\x03\x04" + b"\0" * 50, "not_a_workbook"),
        ("form.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "type"),
        ("form.xls", b"hello", "type"),
        ("form.xls", b"PK\x03\x04rest", "type"),
        ("form.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "not_a_workbook"),
        ("form.docx", b"x", "type"),
        ("form", b"x", "type"),
        ("form.csv", b"\xff\xfe\x00", ""),
        ("form.md", b"no tables here", ""),
    ],
)
def test_files_that_are_no_workbooks(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path).code.startswith(f"xlsform.{code}")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.xlsx").code == "xlsform.unreadable"


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_download(tmp_path: Path, keep: float) -> None:
    path = workbook(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    assert refused(path).code == "xlsform.not_a_workbook"


def test_a_flipped_byte(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    assert refused(path).code == "xlsform.not_a_workbook"


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "hello")
    assert refused(path).code == "xlsform.not_a_workbook"


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"xl/{number}.xml", b"\0" * (100 * 2**20))
    assert refused(path).code == "xlsform.too_large"


AUTHOR: list[tuple[str, dict[str, Rows], str, str]] = [  # what, sheets, code, part of the place
    ("no survey", {"survey": [], "questions": SURVEY}, "survey_missing", "survey"),
    ("no sheets", {"survey": [], "choices": [], "settings": []}, "survey_missing", "survey"),
    ("no choices sheet", {"choices": []}, "choices_missing", "form.xlsx"),
    ("same name twice", {"survey": with_row("text", "who", "Again")}, "name_twice", "row 4"),
    ("name with a space", {"survey": with_row("text", "two words", "X")}, "name_invalid", "row 4"),
    ("name missing", {"survey": with_row("text", "", "X")}, "name_missing", "row 4"),
    ("type missing", {"survey": with_row("", "x", "X")}, "type_missing", "row 4"),
    ("type unknown", {"survey": with_row("txt", "x", "X")}, "type_unknown", "row 4"),
    ("list unknown", {"survey": with_row("select_one nope", "x", "X")}, "choices_missing", "row 4"),
    (
        "reference unknown",
        {"survey": with_row("text", "x", "X", "${nobody} = 1")},
        "reference_unknown",
        "row 4, column relevant",
    ),
    (
        "reference broken",
        {"survey": with_row("text", "x", "X", "${who = 1")},
        "reference_invalid",
        "row 4, column relevant",
    ),
    ("group open", {"survey": with_row("begin group", "x", "X")}, "group_open", "row 4"),
    ("group unopened", {"survey": with_row("end group", "", "")}, "group_unopened", "row 4"),
    ("calculation missing", {"survey": with_row("calculate", "x", "")}, "calculation_missing", "row 4"),
    ("choice twice", {"choices": [*CHOICES, ["yn", "y", "Again"]]}, "choice_twice", "sheet choices, row 4"),
    ("choice unnamed", {"choices": [*CHOICES, ["yn", "", "None"]]}, "choice_unnamed", "sheet choices, row 4"),
    ("column twice", {"survey": [["type", "name", "label", "label"], *SURVEY[1:]]}, "column_twice", ""),
    ("headings missing", {"survey": SURVEY[1:]}, "column_missing", ""),
    ("empty survey", {"survey": SURVEY[:1]}, "empty", "survey"),
    (
        "save_to without entities",
        {"survey": [[*SURVEY[0], "save_to"], ["text", "x", "X", "", "", "", "p"]]},
        "save_to",
        "row 2",
    ),
]


@pytest.mark.parametrize(
    ("sheets", "code", "place"), [case[1:] for case in AUTHOR], ids=[case[0] for case in AUTHOR]
)
def test_mistakes_of_authors(tmp_path: Path, sheets: dict[str, Rows], code: str, place: str) -> None:
    error = refused(workbook(tmp_path, **sheets))
    assert error.code.startswith(f"xlsform.{code}") and place in error.place, (
        f"{error.code} at {error.place}: {error}"
    )


def test_a_good_workbook_compiles_with_its_rows(tmp_path: Path) -> None:
    from forms.authoring.compiling import Compiled

    compiled = compile_xlsform(workbook(tmp_path))
    assert isinstance(compiled, Compiled) and b"<h:title>A visit</h:title>" in compiled.xform_xml
    assert [row.number for row in compiled.workbook.rows("survey")] == [2, 3, 4]


def test_files_beside_the_form_come_with_it(tmp_path: Path) -> None:
    survey = with_row("select_one_from_file towns.csv", "town", "Town")
    path = workbook(tmp_path, survey=survey)
    assert compile_xlsform(path).missing == ["towns.csv"]
    (tmp_path / "form-media").mkdir()
    (tmp_path / "form-media" / "towns.csv").write_text("name,label\na,A\n")
    compiled = compile_xlsform(path)
    assert compiled.missing == [] and compiled.media["towns.csv"].startswith(b"name")
    assert compile_xlsform(path, media={"towns.csv": b"given"}).media["towns.csv"] == b"given"


def test_markdown_compiles() -> None:
    assert (
        b"<h:html" in compile_markdown("| survey |\n| | type | name | label |\n| | text | a | A |").xform_xml
    )
