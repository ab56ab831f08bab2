"""The whole story in a real Chromium: a visit on the tablet, the supervisor's question, the correction, the approval.

Two apps and a server, each a process of its own. The tablet is killed while somebody types; the server is killed
while it is being synced with. SHOTS=1 keeps the pictures in docs/pictures, where README shows them.
"""

import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.demo.places import PASSPHRASES, SUPERVISOR, WORKERS, Places
from app.demo.processes import Processes
from app.demo.setup import prepare
from tests.browser.driver import Driver, Tab, chromium_or_skip
from tests.usecases.conftest import free_port
from tests.usecases.test_visit_story import readable

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
ANA = WORKERS[0]
CANARY = "Zăpodeanu-Canarul"
FIRST_WORDS = f"Vecina, doamna {CANARY}, spune că familia e plecată la munte."
CORRECTED = f"Doamna {CANARY} a sunat: familia se întoarce luni, revenim marți."
QUESTION = "Când se întoarce familia? Te rog să suni."
WHY = "q__data_a_start_absent_why"
PATIENCE = 90.0


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    with chromium_or_skip() as found:
        yield found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Places, Processes]]:
    places = Places(tmp_path_factory.mktemp("story") / "home", _three_free_ports())
    with Processes(places) as processes:
        prepare(places, processes, lambda line: None)
        processes.start_tablet()
        processes.start_console()
        yield places, processes


def _three_free_ports() -> int:
    """The first of three neighbouring ports on which nobody listens."""
    while True:
        first = free_port()
        try:
            for port in (first + 1, first + 2):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


def unlock(tab: Tab, name: str) -> None:
    """Chooses the profile with this name and types its passphrase, at the pace of a person."""
    only(tab, "unlock.profile.")
    cards = [one for one in tab.ids() if one.startswith("unlock.profile.")]
    if len(cards) > 1:
        tab.press(next(one for one in cards if name in _said(tab, one)))
        tab.page.wait_for_timeout(700)
    tab.write("unlock.passphrase", PASSPHRASES[name])
    tab.until(lambda: tab.value("unlock.passphrase") == PASSPHRASES[name], "the passphrase did not stay", 10)
    tab.press("unlock.open")


def _said(tab: Tab, identifier: str) -> str:
    found = tab.by_id(identifier).first
    return (found.get_attribute("aria-label") or "") + found.inner_text()


def only(tab: Tab, start: str) -> str:
    """The one identifier on the screen that starts like this."""
    tab.until(
        lambda: any(one.startswith(start) for one in tab.ids()), f"nothing starts with {start}", PATIENCE
    )
    return next(one for one in tab.ids() if one.startswith(start))


def sync(tab: Tab, button: str, until: Callable[[], bool] = lambda: True) -> None:
    """Presses the button and waits until it can be pressed again; once more where nothing new has come yet."""
    for _ in range(4):
        tab.press(button, PATIENCE)
        tab.page.wait_for_timeout(600)
        tab.wait(button, PATIENCE)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if until():
                return
            tab.page.wait_for_timeout(200)
    raise AssertionError(f"what was synced did not come; on screen: {tab.ids()}\n{tab.words()[:1500]}")


def reach(tab: Tab, identifier: str) -> str:
    """Scrolls the page down until the control is there: only what is near the window is built."""
    tab.wait("form.next", PATIENCE)
    size = tab.page.viewport_size or {"width": 1280, "height": 800}
    tab.page.mouse.move(size["width"] / 2, size["height"] / 2)
    for _ in range(60):
        if tab.by_id(identifier).count():
            return identifier
        tab.page.mouse.wheel(0, 300)
        tab.page.wait_for_timeout(250)
    raise AssertionError(f"no {identifier} on this page: {tab.ids()}")


def picture(tab: Tab, name: str, tmp: Path) -> None:
    assert "Error running app" not in tab.words(), "Flet shows an error in place of the page"
    folder = ROOT / "docs" / "pictures" if os.environ.get("SHOTS") else tmp
    tab.shot(folder / f"{name}.png")


def to_the_end(tab: Tab) -> None:
    """Presses Next until the page with Finish is there."""
    for _ in range(20):
        if tab.by_id("form.finish").count():
            return
        tab.press("form.next")
        tab.page.wait_for_timeout(400)
    raise AssertionError(f"no end of the form; on screen: {tab.ids()}")


def test_the_whole_story(driver: Driver, running: tuple[Places, Processes], tmp_path: Path) -> None:
    places, processes = running
    tablet = driver.open(places.tablet_url)
    record = _visit_with_a_kill(tablet, places, processes, tmp_path)
    _sync_while_the_server_falls_over(tablet, processes, record, tmp_path)

    console = driver.open(places.console_url)
    _send_back(console, record, tmp_path)

    tablet.press("nav.today")
    sync(tablet, "today.sync", lambda: QUESTION in tablet.words())
    _correct(tablet, record, tmp_path)
    sync(tablet, "today.sync")

    _approve(console, record, tmp_path)
    tablet.press("nav.today")
    sync(tablet, "today.sync")
    tablet.press("nav.sent")
    tablet.wait_words("Verificată", PATIENCE)
    picture(tablet, "sent", tmp_path)

    assert not tablet.went_out and not console.went_out, "the app asked another machine for something"
    tablet.close()
    console.close()
    found = readable(places.home, [CANARY, CANARY.casefold(), "munte", QUESTION])
    assert [one for one in found if "munte" not in one] == []


def _visit_with_a_kill(tab: Tab, places: Places, processes: Processes, tmp: Path) -> str:
    """A visit at which nobody was home; the tablet's process is killed after a long answer."""
    picture(tab, "unlock", tmp)
    unlock(tab, ANA)
    tab.wait("nav.today", PATIENCE)
    picture(tab, "today", tmp)
    tab.press(only(tab, "today.visit."))
    tab.wait("household.start.post_relocation_visit", PATIENCE)
    picture(tab, "household", tmp)
    tab.press("household.start.post_relocation_visit")
    tab.press(reach(tab, "q__data_a_start_visit_mode__home"))
    tab.press(reach(tab, "q__data_a_start_outcome__absent"))
    tab.write(reach(tab, WHY), FIRST_WORDS, typed=True)
    picture(tab, "form", tmp)
    time.sleep(1.5)  # a breath after the last key: the answer being typed may be lost, no earlier one

    processes.children["tablet"].kill()
    processes.children["tablet"].wait()
    processes.start_tablet()
    tab.page.goto(places.tablet_url)
    tab.ready()
    unlock(tab, ANA)
    tab.press(only(tab, "today.draft."), PATIENCE)
    reach(tab, WHY)
    picture(tab, "resumed", tmp)
    tab.press(WHY)  # the words of a field enter the page's semantics when it has the focus
    tab.until(lambda: tab.value(WHY) == FIRST_WORDS, "the draft lost what was typed", 10)
    to_the_end(tab)
    picture(tab, "finish", tmp)
    tab.press("form.finish")
    tab.gone("form.finish", PATIENCE)
    tab.press("nav.sent", PATIENCE)
    return only(tab, "sent.record.").removeprefix("sent.record.")


def _sync_while_the_server_falls_over(tab: Tab, processes: Processes, record: str, tmp: Path) -> None:
    """The server dies before the first answer and comes back while the tablet is still trying."""
    tab.wait_words("Doar pe această tabletă")
    server = processes.children["server"]
    server.kill()
    server.wait()
    tab.press("sent.sync")
    tab.page.wait_for_timeout(500)
    processes.start_server()
    tab.until(lambda: "Primit" in _said_below(tab, record), "the record was never received", PATIENCE)


def _said_below(tab: Tab, record: str) -> str:
    """The words of one record in the list; pressing Sync again where the tablet gave up."""
    retry = tab.by_id("sent.sync")
    if retry.count() and "Încercați" in retry.first.inner_text():
        tab.press("sent.sync")
    place = tab.by_id(f"sent.record.{record}")
    if not place.count():
        return ""
    text: str = place.first.evaluate(
        "one => [one, ...one.querySelectorAll('*')].map(n => n.getAttribute('aria-label') || "
        "[...n.childNodes].filter(t => t.nodeType === 3).map(t => t.textContent).join(' ')).join(' ')"
    )
    return text


def _send_back(tab: Tab, record: str, tmp: Path) -> None:
    unlock(tab, SUPERVISOR)
    tab.wait("nav.review", PATIENCE)
    sync(tab, "review.sync", lambda: tab.by_id(f"review.row.{record}").count() > 0)
    picture(tab, "review", tmp)
    tab.press(f"review.row.{record}")
    tab.press("submission.comment.data_a_start_absent_why", PATIENCE)
    tab.write("submission.comment_text.data_a_start_absent_why", QUESTION)
    tab.press("submission.comment_save.data_a_start_absent_why")
    tab.wait("submission.comment_drop.data_a_start_absent_why")
    picture(tab, "submission", tmp)
    tab.press("submission.send_back")
    tab.press("submission.send_back_dialog.confirm")
    tab.wait("notice", PATIENCE)  # said once the review is sealed and waiting to be sent
    _back_to_the_queue(tab)
    tab.press("review.filter.back", PATIENCE)
    tab.wait(f"review.row.{record}", PATIENCE)
    sync(tab, "review.sync")


def _back_to_the_queue(tab: Tab) -> None:
    """After a decision the next record that wants one is opened, or the queue where none is left."""
    tab.page.wait_for_timeout(2500)
    if not tab.by_id("review.list").count():
        tab.press("submission.back")
    tab.wait("review.list", PATIENCE)


def _correct(tab: Tab, record: str, tmp: Path) -> None:
    tab.wait_words(QUESTION, PATIENCE)
    picture(tab, "sent-back", tmp)
    tab.press(f"today.correct.{record}")
    tab.press("form.comment.data_a_start_absent_why", PATIENCE)  # the list of comments leads to the question
    tab.wait(WHY, PATIENCE)
    tab.page.wait_for_timeout(800)
    picture(tab, "correction", tmp)
    tab.wait_words(QUESTION)
    tab.write(WHY, CORRECTED)
    tab.page.wait_for_timeout(600)
    to_the_end(tab)
    tab.press("form.finish")
    tab.gone("form.finish", PATIENCE)
    tab.press("nav.today", PATIENCE)


def _approve(tab: Tab, record: str, tmp: Path) -> None:
    tab.press("review.filter.open")
    sync(tab, "review.sync", lambda: tab.by_id(f"review.row.{record}").count() > 0)
    tab.press(f"review.row.{record}", PATIENCE)
    tab.wait_words(CORRECTED, PATIENCE)
    tab.wait_words(FIRST_WORDS)
    picture(tab, "corrected", tmp)
    tab.press("submission.approve")
    tab.wait("notice", PATIENCE)
    _back_to_the_queue(tab)
    tab.press("review.filter.done", PATIENCE)
    tab.wait(f"review.row.{record}", PATIENCE)
    sync(tab, "review.sync")
