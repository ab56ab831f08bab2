"""The shell in a real Chromium, over synthetic data: the back button, live settings, and a server that goes away."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.driver import Driver, Tab, chromium_or_skip
from tests.ui.fakes import PASSPHRASE

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    with chromium_or_skip() as found:
        yield found


@contextmanager
def screens(port: int) -> Iterator[str]:
    """The screens over the fakes, as a process of its own."""
    command = [sys.executable, "-m", "tests.ui.serve_fakes", str(port)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the screens did not start")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def unlock(tab: Tab) -> None:
    tab.press("unlock.profile.p-ana")
    tab.write("unlock.passphrase", PASSPHRASE)
    tab.press("unlock.open")
    tab.wait("nav.today")


def test_back_leads_back_and_settings_work_at_once(driver: Driver) -> None:
    with screens(free_port()) as url:
        tab = driver.open(url)
        unlock(tab)
        tab.press("nav.households")
        tab.write("households.search", "tarmure", typed=True)
        tab.gone("households.row.h7")
        assert tab.value("households.search") == "tarmure"
        tab.press("households.row.h44")
        tab.wait("household.back")
        tab.wait_path("/household/h44")
        tab.page.go_back()
        tab.wait("households.row.h44")
        assert tab.by_id("households.row.h7").count() == 0, "the search words were lost on the way back"
        tab.press("nav.settings")
        tab.press("settings.language.ro")
        tab.wait_words("Se încuie singură")
        tab.press("settings.text_size.2")
        tab.wait("settings.language.ro")
        tab.close()


def test_a_server_that_comes_back_asks_for_the_passphrase_and_returns_to_the_place(driver: Driver) -> None:
    port = free_port()
    with screens(port) as url:
        tab = driver.open(url)
        unlock(tab)
        tab.press("nav.households")
        tab.press("households.row.h12")
        tab.wait_path("/household/h12")
    with screens(port):
        tab.wait("unlock.profile.p-ana", seconds=60)
        unlock(tab)
        tab.wait("household.back")
        tab.press("nav.sent")
        tab.wait("sent.sync")
        tab.close()
