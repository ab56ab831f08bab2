"""`make forms`: the workbook says what the source says, and building again changes nothing."""

import shutil
from pathlib import Path

import pytest

from forms.library import HERE, build, source
from tests.unit.library.sheets import FOLDER, FORMS, xlsx


def test_forms_exist() -> None:
    assert {"household_baseline", "post_relocation_visit"} <= set(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_workbook_equals_source(form: str) -> None:
    assert xlsx(form).is_file(), "run `make forms`"
    text = FOLDER.sources()[form].read_text(encoding="utf-8")
    assert build.workbook_sheets(xlsx(form)) == source.read_source(text), "run `make forms`"


@pytest.mark.parametrize("form", FORMS)
def test_building_twice_gives_the_same_bytes(form: str) -> None:
    sheets = build.workbook_sheets(xlsx(form))
    assert build.workbook_bytes(sheets) == build.workbook_bytes(sheets)


def test_check_names_a_stale_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    shutil.copytree(HERE / "pata_cluj", tmp_path / "pata_cluj")
    monkeypatch.setattr("forms.library.HERE", tmp_path)
    assert build.main(["--check"]) == 0
    changed = tmp_path / "pata_cluj" / "household_baseline.md"
    changed.write_text(changed.read_text("utf-8").replace("Reference study", "Another study"), "utf-8")
    assert build.main(["--check"]) == 1
    assert "stale: pata_cluj/household_baseline.xlsx" in capsys.readouterr().out
    assert build.main([]) == 0
    assert build.main(["--check"]) == 0


def test_a_cell_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    sheets = {"survey": [["type", "calculation"], ["calculate", "=1+1"]]}
    path = tmp_path / "a.xlsx"
    path.write_bytes(build.workbook_bytes(sheets))
    assert build.workbook_sheets(path) == sheets
