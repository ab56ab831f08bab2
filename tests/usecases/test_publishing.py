"""`python -m app.admin publish`: a folder of spreadsheets becomes forms on every tablet, or nothing at all."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

import forms
from app.admin.__main__ import main
from app.demo.devices import opened, sync
from app.demo.places import PASSPHRASES, SUPERVISOR, WORKERS, Places
from app.usecases.programme import programme

LIBRARY = Path(forms.__file__).parent / "library" / "pata_cluj"
FORM = "tenant_feedback"


@dataclass
class Fake:
    said: list[str] = field(default_factory=list)
    words: str = PASSPHRASES[SUPERVISOR]

    def say(self, text: str = "") -> None:
        self.said.append(text)

    def ask(self, question: str) -> str:
        raise AssertionError(question)

    def ask_secret(self, question: str) -> str:
        self.said.append(question)
        return self.words

    def result(self, text: str) -> None:
        raise AssertionError(text)


def publish(folder: Path, data: Path, console: Fake) -> int:
    return main(["publish", str(folder), "--data", str(data)], console)


def write_form(path: Path, form: str, relevant: str = "") -> None:
    book = openpyxl.Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    survey.append(["type", "name", "label", "relevant"])
    survey.append(["text", "said", "What did they say?", relevant])
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id", "version"])
    settings.append(["Feedback", form, "1"])
    book.save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped programme and one form more."""
    copy = tmp_path / "programme"
    shutil.copytree(LIBRARY, copy)
    write_form(copy / f"{FORM}.xlsx", FORM)
    return copy


def test_a_published_form_reaches_every_tablet(demo: Places, folder: Path) -> None:
    console = Fake()
    assert publish(folder, demo.console, console) == 0, console.said
    assert "It is on the server" in console.said[-1]
    for name in WORKERS:
        with opened(demo.tablet, name) as worker:
            sync(worker)
            assert FORM in programme(worker).forms


def test_without_the_server_it_waits(demo: Places, folder: Path) -> None:
    with opened(demo.console, SUPERVISOR) as worker:
        known = dict(worker.store.values.get("organisation"))
        worker.store.values.set("organisation", {**known, "server": "http://127.0.0.1:9"})
    console = Fake()
    assert publish(folder, demo.console, console) == 0
    assert "waits on this computer" in console.said[-1]
    with opened(demo.console, SUPERVISOR) as worker:
        worker.store.values.set("organisation", known)
    with opened(demo.console, SUPERVISOR) as worker:
        sync(worker)
    with opened(demo.tablet, WORKERS[0]) as worker:
        sync(worker)
        assert FORM in programme(worker).forms


def test_nothing_is_published_where_anything_is_wrong(demo: Places, folder: Path) -> None:
    with opened(demo.console, SUPERVISOR) as worker:
        before = worker.store.records.count()

    def refused(says: str, words: str = PASSPHRASES[SUPERVISOR], where: Path = folder) -> None:
        console = Fake(words=words)
        assert publish(where, demo.console, console) == 1
        assert says in console.said[-1], console.said

    refused("crypto.wrong_passphrase", words="alte cinci cuvinte pe care nu")
    refused("programme.toml", where=folder.parent)
    write_form(folder / f"{FORM}.xlsx", FORM, relevant="${nobody} = 1")
    refused("nobody")
    write_form(folder / f"{FORM}.xlsx", "household_baseline")
    refused("household_baseline")
    write_form(folder / f"{FORM}.xlsx", FORM)
    (folder / "programme.toml").write_text("name = 1", "utf-8")
    refused("Nothing was published")
    with opened(demo.console, SUPERVISOR) as worker:
        assert worker.store.records.count() == before
        assert FORM not in programme(worker).forms
