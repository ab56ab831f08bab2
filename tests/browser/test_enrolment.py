"""Joining in a real Chromium: a server, a supervisor's app and an empty tablet's, each a process of its own.

The organisation begins as on paper: `python -m app.admin init`, the first supervisor let in by the root key. Then
people take over: invite, read the code, compare six words, let in, first sync; and the tablet is removed again. The
camera is Chromium's own stand-in, which films a picture of the supervisor's screen.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.demo.devices import services
from app.demo.places import PASSPHRASES, SUPERVISOR, Places
from app.demo.processes import Processes
from app.usecases import enrolment
from app.usecases.unlock import lock
from forms.library import build as library
from sync_server.settings import Settings
from sync_server.setup import initialise
from tests.browser import driver as browser
from tests.browser.driver import Driver, Tab, chromium_or_skip
from tests.browser.test_story import PATIENCE, _three_free_ports, picture, unlock

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = Path(library.__file__).parent / "pata_cluj"
NAME = "Ioana Model"
REMOVED = "Această tabletă a fost scoasă"  # on the page of a tablet that has locked itself for good


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the stand-in for a camera shows, once it has been written."""
    return tmp_path_factory.mktemp("film") / "seen.y4m"


@pytest.fixture(scope="module")
def driver(film: Path) -> Iterator[Driver]:
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            browser, "FLAGS", [*browser.FLAGS, *camera, f"--use-file-for-fake-video-capture={film}"]
        )
        with chromium_or_skip() as found:
            yield found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    places = Places(tmp_path_factory.mktemp("joining") / "home", _three_free_ports())
    with Processes(places) as processes:
        _organisation(places, processes)
        processes.start_console()
        processes.start_tablet()
        yield places


def _organisation(places: Places, processes: Processes) -> None:
    """Root key, server, first supervisor, and the forms published."""
    _admin("init", str(places.keys), "--name", "Organizația Exemplu", "--no-passphrase")
    server = initialise(Settings(data_dir=places.server, port=places.port), new_token=True)
    processes.start_server()
    joining = enrolment.begin_first(services(places.console), SUPERVISOR, PASSPHRASES[SUPERVISOR])
    code = joining.view().request_code
    to_server = ("--server", places.server_url, "--setup-token", server.setup_token)
    joining.accept(_admin("add-supervisor", str(places.keys), code, *to_server, "--yes"))
    lock(joining.finish())
    words = places.home / "passphrase.txt"
    words.write_text(PASSPHRASES[SUPERVISOR], "utf-8")
    _admin("publish", str(PROGRAMME), "--data", str(places.console), "--passphrase-file", str(words))


def _admin(*arguments: str) -> str:
    """One command as somebody would type it; its answer."""
    command = [sys.executable, "-m", "app.admin", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def label(tab: Tab, identifier: str) -> str:
    """What a screen reader says of it; a text that can be marked carries its label one level further in."""
    said: str = tab.wait(identifier, PATIENCE).evaluate(
        "one => [one, ...one.querySelectorAll('[aria-label]')]"
        ".map(found => found.getAttribute('aria-label')).find(Boolean) || ''"
    )
    return said


def after_colon(tab: Tab, identifier: str) -> str:
    """The same without the words before it, which have the page's language."""
    said = label(tab, identifier)
    assert ": " in said, f"{identifier} says {said!r}"
    return said.split(": ", 1)[1].split("\n")[0].strip()


def test_a_tablet_joins_by_code_and_six_words_and_is_removed(
    driver: Driver, running: Places, tmp_path: Path
) -> None:
    console = driver.open(running.console_url)
    code = _invite(console, tmp_path)
    tablet = driver.open(running.tablet_url, (800, 1280))
    _join(tablet, code, tmp_path)

    theirs = after_colon(console, "invitation.words")
    assert theirs.count(",") == 5
    assert theirs == after_colon(tablet, "enrol.words"), "both screens show the same six words"
    picture(console, "compare", tmp_path)
    console.press("invitation.match")
    console.wait("invitation.done", PATIENCE)

    tablet.wait("nav.today", PATIENCE)
    tablet.wait("today.sync", PATIENCE)
    assert "enrol.words" not in tablet.ids()
    picture(tablet, "first-day", tmp_path)

    _remove(console, tmp_path)
    tablet.press("today.sync", PATIENCE)
    tablet.wait("safety.back", PATIENCE)
    assert REMOVED in tablet.words()
    picture(tablet, "removed", tmp_path)
    assert not tablet.went_out and not console.went_out, "the app asked another machine for something"
    tablet.close()
    console.close()


def test_the_camera_reads_the_code_from_the_supervisors_screen(
    driver: Driver, running: Places, film: Path, tmp_path: Path
) -> None:
    console = driver.open(running.console_url)
    code = _invite(console, tmp_path)
    _film(console.shot(tmp_path / "screen.png"), film)
    tablet = driver.open(running.tablet_url, (800, 1280), permissions=["camera"])
    tablet.press("unlock.enrol", PATIENCE)
    tablet.press("enrol.code.camera")
    tablet.wait_words("Codul este complet", PATIENCE)
    tablet.press("enrol.code")  # the words of a field enter the page's semantics when it has the focus
    tablet.until(lambda: tablet.value("enrol.code") == code, "the field holds another code", 10)
    tablet.close()
    console.close()


def _film(picture: Path, into: Path) -> None:
    """A film of one picture that does not move, as Chromium's stand-in for a camera takes it."""
    with Image.open(picture) as shot:
        width, height = shot.width // 2 * 2, shot.height // 2 * 2
        y, cb, cr = shot.convert("RGB").resize((width, height)).convert("YCbCr").split()
    half = (width // 2, height // 2)
    frame = b"FRAME\n" + y.tobytes() + cb.resize(half).tobytes() + cr.resize(half).tobytes()
    into.write_bytes(f"YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420jpeg\n".encode() + frame * 3)


def _invite(tab: Tab, tmp: Path) -> str:
    """The supervisor makes an invitation; its code as text."""
    unlock(tab, SUPERVISOR)
    tab.press("nav.people", PATIENCE)
    tab.press("people.invite", PATIENCE)
    tab.write("invite.name", NAME)
    tab.press("invite.make")
    tab.wait("invitation.qr", PATIENCE)
    picture(tab, "invitation", tmp)
    return after_colon(tab, "invitation.text")


def _join(tab: Tab, code: str, tmp: Path) -> None:
    """The empty tablet takes the code, a name and a suggested passphrase, and shows its words."""
    tab.press("unlock.enrol")
    tab.write("enrol.code", code.lower())
    tab.wait_words("Codul este complet")
    tab.press("enrol.code.next")
    tab.write("enrol.name", NAME)
    tab.press("enrol.suggestion.use")
    suggested = after_colon(tab, "enrol.suggestion")
    tab.write("enrol.passphrase.typed", suggested)
    tab.press("enrol.person.next")
    tab.wait("enrol.words", PATIENCE)
    picture(tab, "six-words", tmp)


def _remove(tab: Tab, tmp: Path) -> None:
    """The supervisor takes the tablet out of the list again."""
    tab.press("invitation.list", PATIENCE)
    tab.until(
        lambda: len([one for one in tab.ids() if one.startswith("people.device.")]) == 2,
        "two devices",
        PATIENCE,
    )
    picture(tab, "people", tmp)
    ours = [one for one in tab.ids() if one.startswith("people.device.")]
    for row in ours:
        tab.press(row)
        tab.page.wait_for_timeout(1200)
        if tab.by_id("people.device.remove").count():
            break
        tab.key("Escape")
        tab.page.wait_for_timeout(1200)
    tab.press("people.device.remove")
    tab.press("people.remove_dialog.confirm", PATIENCE)
    tab.wait("notice", PATIENCE)
