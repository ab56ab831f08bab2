"""Every shipped form: valid for pyxform and ODK Validate, complete in both languages, and fair to people."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH
from pyxform.xls2xform import convert

from tests.unit.library.sheets import (
    CONFIG,
    FOLDER,
    FORMS,
    LANGUAGES,
    choices,
    form_config,
    languages,
    list_columns,
    questions,
    rows,
    select_file,
    select_list,
    xlsx,
)

EVERY = pytest.mark.parametrize("form", FORMS)
GROUP_ENDS = ("end_group", "end_repeat")


@EVERY
def test_pyxform_converts_source_and_workbook_alike_without_a_warning(form: str) -> None:
    for_each = []
    for path in (FOLDER.sources()[form], xlsx(form)):
        warnings: list[str] = []
        for_each.append(convert(xlsform=path, warnings=warnings).xform)
        assert warnings == []
    assert for_each[0] == for_each[1]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
def test_odk_validate_accepts_every_form(tmp_path: Path) -> None:
    paths = []
    for form in FORMS:
        paths.append(tmp_path / f"{form}.xml")
        paths[-1].write_text(convert(xlsform=xlsx(form)).xform, encoding="utf-8")
    command = ["java", "-Djava.awt.headless=true", "-jar", ODK_VALIDATE_PATH, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert said.count("Xform is valid") == len(FORMS), said


@EVERY
def test_every_text_is_there_in_every_language_of_the_form(form: str) -> None:
    missing = []
    for row in rows(form, "survey"):
        if row["type"] in ("calculate", "csv-external") or row["type"].startswith(GROUP_ENDS):
            continue
        kinds = ["hint", "constraint_message", "required_message", "guidance_hint"]
        if row["type"] not in ("start", "end", "today", "username", "audit"):
            assert row[f"label::{LANGUAGES[0]}"], row["name"]
            kinds.append("label")
        for kind in kinds:
            there = [bool(row.get(f"{kind}::{language}")) for language in languages(form)]
            if any(there) and not all(there):
                missing.append((row["name"], kind))
    assert missing == []


@EVERY
def test_all_languages_show_the_same_values(form: str) -> None:
    for row in rows(form, "survey"):
        shown = [
            sorted(re.findall(r"\$\{\w+}", row.get(f"label::{language}", ""))) for language in languages(form)
        ]
        assert all(one == shown[0] for one in shown), row["name"]


@EVERY
def test_every_choice_is_labelled_in_every_language_and_every_list_is_used(form: str) -> None:
    for row in rows(form, "choices"):
        assert all(row[f"label::{language}"] for language in languages(form)), row
    used = {select_list(row) for row in questions(form)} - {None}
    assert used == set(choices(form))


@EVERY
def test_romanian_is_written_with_commas_below(form: str) -> None:
    assert not set("şţŞŢ") & set(FOLDER.sources()[form].read_text(encoding="utf-8"))


@EVERY
def test_a_constraint_says_what_is_expected(form: str) -> None:
    for row in rows(form, "survey"):
        if row.get("constraint"):
            assert row[f"constraint_message::{LANGUAGES[0]}"], row["name"]


@EVERY
def test_prefer_not_to_say_is_always_the_first_choice(form: str) -> None:
    for name, codes in choices(form).items():
        if "pnts" in codes:
            assert codes[0] == "pnts", name


@EVERY
def test_no_sensitive_question_is_forced(form: str) -> None:
    found = {row["name"]: row for row in questions(form)}
    offers = {
        name
        for name, row in found.items()
        if "pnts" in choices(form).get(select_list(row) or "", []) and not row.get("readonly")
    }
    assert offers == set(form_config(form)["sensitive"])


@EVERY
def test_consent_is_asked_one_by_one_with_nothing_ticked(form: str) -> None:
    for row in questions(form):
        if row["name"].startswith("c_") and select_list(row) == "yn":
            assert not row.get("default"), row["name"]


@EVERY
def test_free_text_asks_for_facts(form: str) -> None:
    for row in questions(form):
        if row.get("appearance") == "multiline" and row["name"] in form_config(form)["private"]:
            assert "no labels" in row["label::English (en)"] + row.get("hint::English (en)", ""), row["name"]


def entity_lists() -> dict[str, Any]:
    return CONFIG["entities"]


@EVERY
def test_files_that_choices_come_from_exist_with_their_columns(form: str) -> None:
    for row in questions(form):
        name = select_file(row)
        if name is None or name.removesuffix(".csv") in entity_lists():
            continue
        assert {"name", "label"} <= set(list_columns(name)), name


@EVERY
def test_what_is_saved_to_an_entity_is_declared_and_never_private(form: str) -> None:
    survey = {row["name"]: row for row in rows(form, "survey")}
    declared = {row["list_name"] for row in rows(form, "entities")}
    private = form_config(form)["private"]
    assert private, "every form says which answers stay in the sealed record"
    assert set(private) <= set(survey)
    for row in survey.values():
        if not row.get("save_to"):
            continue
        whole, _, last = row["save_to"].rpartition("#")
        entity_list = whole or next(iter(declared))
        assert entity_list in declared
        assert last in entity_lists()[entity_list]["properties"], row["save_to"]
        read = set(re.findall(r"\$\{(\w+)}", row.get("calculation", ""))) | {row["name"]}
        assert not read & set(private), row["name"]


@EVERY
def test_the_programme_points_at_questions_that_exist(form: str) -> None:
    paths = question_paths(form)
    found = form_config(form)
    refs = [value for key, value in found.items() if key.endswith("_ref")]
    refs += [one["ref"] for key in ("prefill", "proposes", "offers") for one in found.get(key, [])]
    for repeat, key in found.get("keys", {}).items():
        refs += [repeat, f"{repeat}/{key}"]
    assert set(refs) <= paths


def question_paths(form: str) -> set[str]:
    paths, stack = set(), ["/data"]
    for row in rows(form, "survey"):
        if row["type"].startswith(GROUP_ENDS):
            stack.pop()
            continue
        path = f"{stack[-1]}/{row['name']}"
        paths.add(path)
        if row["type"].startswith("begin"):
            stack.append(path)
    return paths


def test_every_form_of_the_programme_is_in_the_folder_and_the_other_way_round() -> None:
    assert {one["id"] for one in CONFIG["forms"]} == set(FORMS)


def test_lists_are_marked_synthetic() -> None:
    for name, text in FOLDER.lists().items():
        if "label" in list_columns(name) and name not in ("flats.csv", "countries.csv"):
            assert all("sintetic" in line for line in text.splitlines()[1:]), name


def test_institutions_are_those_of_the_forms() -> None:
    for form in FORMS:
        if "institution" in choices(form):
            assert choices(form)["institution"] == list(CONFIG["institutions"])


def test_every_form_speaks_english_and_romanian_first() -> None:
    assert all(languages(form)[:2] == list(LANGUAGES) for form in FORMS)


def test_unreviewed_translations_are_named() -> None:
    more = [name.rpartition("(")[2].rstrip(")") for name in languages("newcomer_interview")[2:]]
    assert more == form_config("newcomer_interview")["unverified_languages"] == ["fr", "ar", "ne", "ur", "bn"]
