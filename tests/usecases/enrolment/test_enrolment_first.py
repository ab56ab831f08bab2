"""A whole organisation from nothing: server, keys, first supervisor by `python -m app.admin`, first tablet."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.admin.__main__ import main
from app.admin.organisation import read_statements
from app.crypto.wordlist import root_words
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.sync.transport import HttpTransport
from app.usecases import enrolment, unlock
from app.usecases.review_states import names
from sync_server.settings import Settings
from sync_server.setup import initialise
from sync_server.testing import RunningServer
from tests.usecases.enrolment.world import ANA, WORDS, Device, new_device, synced


@dataclass
class Typed:
    """A terminal that answers from a list; `printed` is what a pipe would get."""

    answers: list[str] = field(default_factory=list)
    said: str = ""
    printed: str = ""

    def say(self, text: str = "") -> None:
        self.said += text + "\n"

    def ask(self, question: str) -> str:
        return self.answers.pop(0)

    ask_secret = ask

    def result(self, text: str) -> None:
        self.printed += text


def run(*arguments: object, answers: tuple[str, ...] = ()) -> tuple[int, Typed]:
    console = Typed(list(answers))
    status = main([str(argument) for argument in arguments], console)
    assert console.answers == []
    return status, console


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    run("init", tmp_path / "keys", "--name", "Asociația Exemplu 12", "--no-passphrase")
    return tmp_path / "keys"


@pytest.fixture
def console(tmp_path: Path) -> Device:
    return new_device(tmp_path / "console")


def token(relay: RunningServer) -> str:
    return initialise(Settings(relay.data_dir), new_token=True).setup_token


def test_an_organisation_starts_with_a_code_and_an_answer(
    relay: RunningServer, keys: Path, console: Device, tmp_path: Path
) -> None:
    joining = enrolment.begin_first(console.services, "Rodica", WORDS)
    view = joining.view()
    assert (view.state, view.server, len(view.words)) == ("unsent", "", 6) and console.line.asked == []

    server = ("--server", relay.url, "--setup-token", token(relay))
    status, terminal = run("add-supervisor", keys, view.request_code.lower(), *server, answers=("yes",))
    assert status == 0 and " ".join(view.words) in terminal.said and str(relay.log_key) in terminal.said

    view = joining.accept(terminal.printed)
    root = VerifyKey.parse(read_statements(keys / "genesis.json")[0].body["root"])
    assert view.state == "accepted" and view.organisation_words == root_words(root)
    joining.close()
    (card,) = unlock.profiles(console.services)
    joining = enrolment.resume(console.services, card.id, WORDS)  # the words are still to be compared
    assert joining.view() == view and view.first
    rodica = joining.finish()
    assert rodica.role == "supervisor" and rodica.organisation.root == str(root)
    synced(rodica)
    assert names(rodica)[rodica.device] == "Rodica"

    tablet = new_device(tmp_path / "tablet")
    invitation = enrolment.invite(rodica, ANA, "fieldworker")
    waiting = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    assert enrolment.invitations(rodica)[0].words == waiting.view().words
    enrolment.approve(rodica, invitation.id)
    waiting.poll()
    ana = waiting.finish()
    synced(rodica)
    synced(ana)
    assert names(ana)[rodica.device] == "Rodica" and names(rodica)[ana.device] == ANA


def test_signing_first_and_reaching_the_server_later(
    relay: RunningServer, keys: Path, console: Device
) -> None:
    """The keys' computer has no network: sign there, run the same command again where there is one."""
    code = enrolment.begin_first(console.services, "Rodica", WORDS).view().request_code
    status, terminal = run("add-supervisor", keys, code, answers=("yes",))
    assert status == 0 and terminal.printed == "" and "--setup-token" in terminal.said
    signed = read_statements(keys / "roster.json")
    assert len(signed) == 2

    given = ("--server", relay.url, "--setup-token", token(relay), "--name", "Rodica Test", "--yes")
    (card,) = unlock.profiles(console.services)
    for _ in range(2):  # the second time is the first one's answer again, had it been lost
        status, terminal = run("add-supervisor", keys, code, *given)
        assert status == 0 and read_statements(keys / "roster.json") == signed
    joining = enrolment.resume(console.services, card.id, WORDS)
    assert joining.accept(terminal.printed).name == "Rodica Test"
    assert joining.finish().role == "supervisor"


def test_the_root_key_brings_a_supervisor_back_after_all_were_lost(
    relay: RunningServer, keys: Path, console: Device, tmp_path: Path
) -> None:
    """Its folder knows the first statements alone; the newest are fetched, checked, and signed on."""
    given = ("--server", relay.url, "--setup-token", token(relay), "--yes")
    joining = enrolment.begin_first(console.services, "Rodica", WORDS)
    joining.accept(run("add-supervisor", keys, joining.view().request_code, *given)[1].printed)
    lost = joining.finish()
    enrolment.new_epoch(lost)
    enrolment.new_epoch(lost)
    assert len(read_statements(keys / "roster.json")) == 2

    fresh = new_device(tmp_path / "fresh")
    joining = enrolment.begin_first(fresh.services, "Doina", WORDS)
    status, terminal = run("add-supervisor", keys, joining.view().request_code, *given)
    assert status == 0 and len(read_statements(keys / "roster.json")) == 5
    joining.accept(terminal.printed)
    doina = joining.finish()
    synced(doina)
    enrolment.remove_device(doina, lost.device)
    assert [one.id for one in doina.roster().supervisors()] == [doina.device]
    assert doina.roster().epoch == 4


def test_a_roster_that_contradicts_the_keys_folder_is_refused(
    relay: RunningServer, keys: Path, console: Device, tmp_path: Path
) -> None:
    """Signed offline meanwhile: nothing is overwritten on either side."""
    given = ("--server", relay.url, "--setup-token", token(relay), "--yes")
    joining = enrolment.begin_first(console.services, "Rodica", WORDS)
    joining.accept(run("add-supervisor", keys, joining.view().request_code, *given)[1].printed)
    enrolment.new_epoch(joining.finish())
    assert run("add-supervisor", keys, joining_code(tmp_path), "--yes")[0] == 0
    before = read_statements(keys / "roster.json")
    joining = enrolment.begin_first(new_device(tmp_path / "third").services, "Alta", WORDS)
    status, terminal = run("add-supervisor", keys, joining.view().request_code, *given)
    assert status == 1 and "[roster.fork]" in terminal.said
    assert read_statements(keys / "roster.json") == before


@pytest.mark.parametrize("setup", ["A" * 32, "", "unused"])
def test_a_set_up_token_reads_only_what_it_opened(relay: RunningServer, setup: str) -> None:
    headers = {"doorstep-setup": token(relay) if setup == "unused" else setup}
    answer = HttpTransport(relay.url).request("GET", "/v1/roster", headers, b"", 30.0)
    assert answer.status in (403, 404) and b"statements" not in answer.body


def test_words_that_differ_sign_nothing(keys: Path, console: Device) -> None:
    code = enrolment.begin_first(console.services, "Rodica", WORDS).view().request_code
    status, terminal = run("add-supervisor", keys, code, answers=("no",))
    assert status == 1 and "Nothing was signed" in terminal.said
    assert len(read_statements(keys / "roster.json")) == 1


def test_what_the_command_refuses(relay: RunningServer, keys: Path, console: Device) -> None:
    code = enrolment.begin_first(console.services, "Rodica", WORDS).view().request_code
    assert run("add-supervisor", keys, code[:-3] + "qqq", "--yes")[0] == 1
    status, terminal = run("add-supervisor", keys, code, "--yes", "--server", relay.url)
    assert status == 1 and "--setup-token" in terminal.said
    wrong = ("--server", relay.url, "--setup-token", "A" * 32)
    status, terminal = run("add-supervisor", keys, code, "--yes", *wrong)
    assert status == 1 and "[server.setup_refused]" in terminal.said
    status, terminal = run("add-supervisor", keys, code, "--yes", "--server", "http://exemplu.ro", *wrong[2:])
    assert status == 1 and "[sync.insecure_address]" in terminal.said


def test_a_request_of_an_invited_tablet_is_the_supervisors_to_answer(
    relay: RunningServer, keys: Path, console: Device, tmp_path: Path
) -> None:
    joining = enrolment.begin_first(console.services, "Rodica", WORDS)
    given = ("--server", relay.url, "--setup-token", token(relay), "--yes")
    joining.accept(run("add-supervisor", keys, joining.view().request_code, *given)[1].printed)
    rodica = joining.finish()
    invitation = enrolment.invite(rodica, ANA, "supervisor")
    waiting = enrolment.begin(new_device(tmp_path / "tablet").services, invitation.code, "Ana", WORDS)
    status, terminal = run("add-supervisor", keys, waiting.view().request_code, *given)
    assert status == 1 and "[enrol.other_code]" in terminal.said
    with pytest.raises(
        Problem, match=r"enrol\.bad_answer"
    ):  # nor does the root's answer let an invited one in
        waiting.accept(run("add-supervisor", keys, joining_code(tmp_path), *given)[1].printed)


def joining_code(tmp_path: Path) -> str:
    other = new_device(tmp_path / "other")
    return enrolment.begin_first(other.services, "Alta", WORDS).view().request_code


def test_an_answer_for_another_device_or_another_root_is_refused(
    relay: RunningServer, keys: Path, console: Device, tmp_path: Path
) -> None:
    joining = enrolment.begin_first(console.services, "Rodica", WORDS)
    given = ("--server", relay.url, "--setup-token", token(relay), "--yes")
    _, terminal = run("add-supervisor", keys, joining_code(tmp_path), *given)
    with pytest.raises(Problem, match=r"enrol\.bad_answer"):
        joining.accept(terminal.printed)
    with pytest.raises(Problem, match=r"enrol\.other_code"):
        joining.accept(joining.view().request_code)
    assert joining.view().state == "unsent" and joining.poll().problem is None


def test_a_code_and_its_picture_are_one() -> None:
    pytest.importorskip("zxingcpp", reason="no reader of QR codes is installed here")
    pillow = pytest.importorskip("PIL.Image", reason="no reader of pictures is installed here")
    from io import BytesIO

    code = "DOORSTEP-REQUEST-1" + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" * 9
    matrix = enrolment.qr_matrix(code)
    side = len(matrix) + 8
    picture = pillow.new("L", (side, side), 255)
    for down, row in enumerate(matrix):
        for across, dark in enumerate(row):
            if dark:
                picture.putpixel((across + 4, down + 4), 0)
    stored = BytesIO()
    picture.resize((side * 4, side * 4)).rotate(90).convert("RGB").save(stored, "JPEG", quality=60)
    assert enrolment.read_qr(stored.getvalue()) == code
    assert enrolment.read_qr(b"no picture at all") is None
    blank = BytesIO()
    pillow.new("L", (50, 50), 255).save(blank, "PNG")
    assert enrolment.read_qr(blank.getvalue()) is None


def test_without_a_reader_it_is_said_calmly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zxingcpp", None)
    with pytest.raises(Problem, match=r"enrol\.no_reader"):
        enrolment.read_qr(b"")
