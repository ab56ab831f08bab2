"""`python -m app.admin` as a person meets it: what it asks, prints, refuses, and leaves behind."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.admin import commands
from app.admin.__main__ import main
from app.admin.organisation import key_lines, load_organisation, read_statements, root_key_text
from app.crypto.age import ScryptRecipient, seal
from app.crypto.device import new_device
from app.crypto.record import Record, recipients_hash, seal_record
from app.crypto.wordlist import device_words
from app.protocol.roster import Roster
from tests.unit.crypto.pdf_text import pdf_text, pdf_words

WORDS = "lemed sotov kubis nasob vided"


@dataclass
class Fake:
    """A terminal that answers from a list and keeps what it was told."""

    answers: list[str] = field(default_factory=list)
    said: str = ""
    printed: str = ""

    def say(self, text: str = "") -> None:
        self.said += text + "\n"

    def ask(self, question: str) -> str:
        self.said += question + "\n"
        return self.answers.pop(0)

    ask_secret = ask

    def result(self, text: str) -> None:
        self.printed += text


def run(*arguments: object, answers: tuple[str, ...] = ()) -> tuple[int, Fake]:
    console = Fake(list(answers))
    status = main([str(argument) for argument in arguments], console)
    assert console.answers == []
    return status, console


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    status, _ = run("init", tmp_path / "org", "--name", "Asociația Exemplu 12", "--no-passphrase")
    assert status == 0
    return tmp_path / "org"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cheap passphrase lock: the cost itself is tested with the age format."""
    for name in ("create_organisation", "restore_organisation", "replace_recovery"):
        real = getattr(commands, name)
        monkeypatch.setattr(commands, name, lambda *args, real=real: real(*args, log_n=10))


@pytest.mark.usefixtures("quick")
def test_init_asks_for_what_it_was_not_given(tmp_path: Path) -> None:
    status, console = run("init", tmp_path / "org", answers=("Asociația Exemplu 12", WORDS, WORDS))
    assert status == 0 and "bits" in console.said and "sheet.pdf" in console.said
    assert load_organisation(tmp_path / "org", WORDS).name == "Asociația Exemplu 12"


@pytest.mark.usefixtures("quick")
def test_an_empty_answer_takes_the_suggestion(tmp_path: Path) -> None:
    _, console = run("init", tmp_path / "org", "--name", "X", answers=("",))
    found = re.search(r"^    ((?:\w+ ){5}\w+)    \(66 bits\)$", console.said, re.MULTILINE)
    assert found and load_organisation(tmp_path / "org", found[1]).name == "X"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("answers", [("scurt",), (WORDS, WORDS + " alt"), ()])
def test_init_that_stops_leaves_nothing(tmp_path: Path, answers: tuple[str, ...]) -> None:
    arguments = ("init", tmp_path / "org", "--name", "X")
    if not answers:
        arguments, answers = ("init", tmp_path / "org"), (" ",)
    status, _ = run(*arguments, answers=answers)
    assert status == 1 and not (tmp_path / "org").exists()


def test_init_never_overwrites(folder: Path) -> None:
    status, console = run("init", folder, "--name", "Y", "--no-passphrase")
    assert status == 1 and "already holds an organisation" in console.said


def test_the_first_supervisor_is_signed_after_comparing_words(folder: Path, tmp_path: Path) -> None:
    keys = new_device("member-1", "supervisor")
    file = tmp_path / "device.json"
    file.write_text(json.dumps(keys.statement_body()))
    status, console = run("add-supervisor", folder, file, answers=("no",))
    assert status == 1 and " ".join(device_words(keys.statement_body())) in console.said
    assert len(read_statements(folder / "roster.json")) == 1

    status, _ = run("add-supervisor", folder, file, answers=("yes",))
    organisation = load_organisation(folder, None)
    roster = Roster.replay(read_statements(folder / "roster.json"), organisation.root.public)
    assert status == 0 and [device.id for device in roster.supervisors()] == [keys.device_id]

    status, console = run("add-supervisor", folder, file, "--yes")
    assert status == 1 and "roster.device_exists" in console.said


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"device": 5}', "{", '{"role": "supervisor"}', '{"role": "fieldworker"}']
)
def test_files_that_are_no_devices(folder: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "device.json"
    file.write_text(content)
    assert run("add-supervisor", folder, file, "--yes")[0] == 1
    assert run("add-supervisor", folder, tmp_path / "nothing.json", "--yes")[0] == 1
    assert len(read_statements(folder / "roster.json")) == 1


@pytest.mark.usefixtures("quick")
def test_rotating_keeps_the_old_key_and_restoring_makes_the_same_genesis(tmp_path: Path) -> None:
    folder, words = tmp_path / "org", tmp_path / "words"
    words.write_text(WORDS + "\n")
    run("init", folder, "--name", "X", "--passphrase-file", words)
    before = load_organisation(folder, WORDS)
    status, _ = run("rotate-recovery", folder, "--passphrase-file", words)
    after = load_organisation(folder, WORDS)
    roster = Roster.replay(read_statements(folder / "roster.json"), before.root.public)
    assert status == 0 and after.recovery != before.recovery and after.genesis == before.genesis
    assert roster.recovery == str(after.recovery.recipient) and roster.epoch == 2

    keys = key_lines((folder / "recovery.txt").read_bytes(), WORDS)
    assert keys == [str(after.recovery), str(before.recovery)]
    status, _ = run(
        "restore", tmp_path / "again", "--name", "X", "--made", before.genesis.at, "--no-passphrase",
        "--first-recovery", before.genesis.body["recovery"],
        answers=(root_key_text(before.root), str(after.recovery)),
    )  # fmt: skip
    assert status == 0 and load_organisation(tmp_path / "again", None) == after


@pytest.mark.usefixtures("quick")
def test_two_of_three_shares_give_the_recovery_key_back(folder: Path, tmp_path: Path) -> None:
    made = load_organisation(folder, None)
    status, console = run("split", folder, tmp_path / "shares")
    assert status == 0 and "Any two" in console.said
    sheets = sorted((tmp_path / "shares").iterdir())
    assert [sheet.name for sheet in sheets] == ["share-1.pdf", "share-2.pdf", "share-3.pdf"]
    assert run("split", folder, tmp_path / "shares")[0] == 1

    shares = [pdf_words(sheet.read_bytes()) for sheet in sheets]
    key = tmp_path / "key.txt"
    status, _ = run("combine", key, answers=(shares[2], shares[0]))
    assert status == 0 and key_lines(key.read_bytes(), None) == [str(made.recovery)]
    status, console = run("combine", key)
    assert status == 1 and "exists already" in console.said
    status, console = run("combine", tmp_path / "other.txt", answers=(shares[1], shares[1]))
    assert status == 1 and "crypto.bad_shares" in console.said and not (tmp_path / "other.txt").exists()


@pytest.mark.usefixtures("quick")
def test_a_misread_word_is_named_and_asked_for_again(folder: Path, tmp_path: Path) -> None:
    run("split", folder, tmp_path / "shares")
    one, two, _ = (pdf_words(sheet.read_bytes()) for sheet in sorted((tmp_path / "shares").iterdir()))
    words = one.split()
    misread = " ".join([*words[:6], "doorstep", *words[7:]])
    short = " ".join(word[:4] for word in words)
    status, console = run("combine", tmp_path / "key.txt", answers=(misread, " ".join(words[1:]), short, two))
    assert status == 0 and "Word number 7 is none" in console.said and "32 words were typed" in console.said
    status, console = run("combine", tmp_path / "no.txt", answers=(misread, "", "x"))
    assert status == 1 and "crypto.bad_share_word" in console.said and not (tmp_path / "no.txt").exists()


def test_a_share_sheet_says_in_both_languages_what_to_do(folder: Path, tmp_path: Path) -> None:
    recipient = str(load_organisation(folder, None).recovery.recipient)
    run("split", folder, tmp_path / "shares", "--name", "Asociația Exemplu 12")
    for number, sheet in enumerate(sorted((tmp_path / "shares").iterdir()), 1):
        text = pdf_text(sheet.read_bytes())
        for part in (f"{number} / 3", "Asociația Exemplu 12", "Recuperare:", "To recover:", "SLIP-39"):
            assert part in text
        assert recipient in text.replace(" ", "") and len(pdf_words(sheet.read_bytes()).split()) == 33
        assert sheet.stat().st_mode & 0o077 == 0


def test_signing_goes_on_without_the_shared_out_recovery_key(folder: Path, tmp_path: Path) -> None:
    (folder / "recovery.txt").unlink()
    file = tmp_path / "device.json"
    file.write_text(json.dumps(new_device("member-1", "supervisor").statement_body()))
    assert run("add-supervisor", folder, file, "--yes")[0] == 0
    assert run("rotate-recovery", folder)[0] == 0
    assert len(key_lines((folder / "recovery.txt").read_bytes(), None)) == 1
    assert len(read_statements(folder / "roster.json")) == 3


def test_folders_without_an_organisation(tmp_path: Path) -> None:
    for command in (("rotate-recovery", tmp_path), ("add-supervisor", tmp_path, tmp_path / "x.json")):
        status, console = run(*command)
        assert status == 1 and "root.key is missing" in console.said


def _sealed(folder: Path, target: Path) -> Record:
    """A record by a supervisor of this organisation, sealed to the recovery key."""
    organisation = load_organisation(folder, None)
    keys = new_device("member-1", "supervisor")
    (folder / "device.json").write_text(json.dumps(keys.statement_body()))
    run("add-supervisor", folder, folder / "device.json", "--yes")
    readers = [str(organisation.recovery.recipient)]
    record = Record(
        v=1, org=organisation.org, kind="submission", form="f", form_version="1", record="r", revision="v",
        parents=(), author_device=keys.device_id, seq=0, epoch=1, created="2026-03-01T08:00:00Z",
        body={"xml": "<n>Familia Exemplu 12</n>"}, attachments=(), recipients_hash=recipients_hash(readers),
    )  # fmt: skip
    target.write_bytes(seal_record(record, keys.signing, readers)[1].data)
    return record


def test_open_prints_the_record(folder: Path, tmp_path: Path) -> None:
    record = _sealed(folder, tmp_path / "visit.age")
    status, console = run("open", tmp_path / "visit.age", "--identity", folder / "recovery.txt")
    assert status == 0 and json.loads(console.printed) == record.to_dict()
    assert "NOT checked" in console.said

    root = str(load_organisation(folder, None).root.public)
    opening = (
        "open",
        tmp_path / "visit.age",
        "--identity",
        folder / "recovery.txt",
        "--roster",
        folder / "roster.json",
    )
    status, console = run(*opening, "--root", root)
    assert status == 0 and "signature is right" in console.said and "believed" not in console.said
    assert "believed" in run(*opening)[1].said


def test_open_refuses_what_must_not_be_believed(folder: Path, tmp_path: Path) -> None:
    _sealed(folder, tmp_path / "visit.age")
    identity = ("--identity", folder / "recovery.txt")
    status, console = run("open", tmp_path / "visit.age", *identity, "--roster", folder / "genesis.json")
    assert status == 1 and "crypto.unknown_author" in console.said and console.printed == ""

    other = str(new_device("m", "supervisor").signing.public)
    status, console = run(
        "open", tmp_path / "visit.age", *identity, "--roster", folder / "roster.json", "--root", other
    )
    assert status == 1 and "roster.wrong_root" in console.said

    (tmp_path / "cut.age").write_bytes((tmp_path / "visit.age").read_bytes()[:-1])
    status, console = run("open", tmp_path / "cut.age", *identity)
    assert status == 1 and "damaged" in console.said

    stranger = tmp_path / "stranger.txt"
    stranger.write_text(str(new_device("m", "supervisor").identity))
    assert "crypto.not_for_me" in run("open", tmp_path / "visit.age", "--identity", stranger)[1].said
    assert run("open", tmp_path / "missing.age", *identity)[0] == 1


def _command(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "app.admin", *map(str, arguments)],
        cwd=Path(__file__).resolve().parents[3], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        start_new_session=True,
    )  # fmt: skip


def test_without_a_terminal_it_says_what_to_do(tmp_path: Path) -> None:
    done = _command("init", tmp_path / "org", "--name", "X")
    assert done.returncode == 1 and "no terminal" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "org").exists()


def test_the_record_alone_goes_to_standard_output(folder: Path, tmp_path: Path) -> None:
    record = _sealed(folder, tmp_path / "visit.age")
    done = _command("open", tmp_path / "visit.age", "--identity", folder / "recovery.txt")
    assert (
        done.returncode == 0 and json.loads(done.stdout) == record.to_dict() and "NOT checked" in done.stderr
    )


def test_locked_files_and_answers_from_standard_input(folder: Path, tmp_path: Path) -> None:
    """A recovery key locked with age's own passphrase is asked for; a question is answered from a pipe."""
    _sealed(folder, tmp_path / "visit.age")
    locked = tmp_path / "locked.txt"
    locked.write_bytes(
        seal((folder / "recovery.txt").read_bytes(), [ScryptRecipient(WORDS, 10)], armored=True)
    )
    opening = ("open", tmp_path / "visit.age", "--identity", locked)
    assert run(*opening, answers=(WORDS,))[0] == 0
    assert "crypto.wrong_passphrase" in run(*opening, answers=("alte",))[1].said
    done = _command("add-supervisor", folder, folder / "device.json")
    assert done.returncode == 1 and "(yes/no)" in done.stderr and "Nothing was signed" in done.stderr
