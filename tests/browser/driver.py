"""Drives the app in a real Chromium by its semantics identifiers, without any request leaving this machine.

    with Driver() as driver:
        tab = driver.open("http://127.0.0.1:8550/")
        tab.press("unlock.profile.p-ana")
        tab.write("unlock.passphrase", "…")
        tab.press("unlock.open")
        tab.wait("nav.today")
        assert "Familia Exemplu 12" in tab.words()

Flutter paints on a canvas; what can be found is its semantics tree, which exists only after the
accessibility placeholder was clicked. Text fields must be clicked before they are filled. While a sheet or
dialog is open, the page behind it has no semantics.
"""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ELSEWHERE = re.compile(r"^https?://(?!127\.0\.0\.1|localhost)")
START_S, STEP_S = 90.0, 20.0
BLANK_BYTES = 12_000
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The machine's own Chromium, None where Playwright's has to do."""
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


class Driver:
    """One browser. `chromium`: path of the executable; by default the machine's own, else Playwright's."""

    def __init__(self, chromium: str | None = None) -> None:
        self._chromium = chromium or find_chromium()

    def __enter__(self) -> "Driver":
        self._playwright = sync_playwright().start()
        try:
            self.browser: Browser = self._playwright.chromium.launch(
                executable_path=self._chromium, args=FLAGS
            )
        except Exception:
            self._playwright.stop()
            raise
        return self

    def __exit__(self, *failure: Any) -> None:
        self.browser.close()
        self._playwright.stop()

    def open(self, url: str, size: tuple[int, int] = (1280, 800), **context: Any) -> "Tab":
        """A page of its own (own cookies, own storage), ready when the app has painted something of ours."""
        width, height = size
        made = self.browser.new_context(viewport={"width": width, "height": height}, **context)
        return Tab(made, url)


class Tab:
    """One window of the app. Waiting steps fail after `seconds` with what is on the screen."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.url = url
        self.went_out: list[str] = []
        # What the page's own policy stops never comes this far.
        context.route(ELSEWHERE, self._refuse)
        self.page.goto(url)
        self.ready()

    def _refuse(self, route: Any) -> None:
        self.went_out.append(route.request.url)
        route.abort()

    def close(self) -> None:
        self.context.close()

    # Starting
    def ready(self, seconds: float = START_S) -> None:
        """Turn the semantics tree on and wait for the first control of ours. Also after a reload."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            placeholder = self.page.locator("flt-semantics-placeholder")
            if placeholder.count():
                placeholder.first.dispatch_event(
                    "click"
                )  # it lies outside the window: a click would not reach it
            if self.ids():
                return
            self.page.wait_for_timeout(150)
        raise AssertionError(f"nothing of the app appeared at {self.url}")

    def reload(self) -> None:
        self.page.reload()
        self.ready()

    # Finding
    def by_id(self, identifier: str) -> Locator:
        return self.page.locator(
            f'[flt-semantics-identifier="{identifier}"]'
        )  # a heading is an h1, not flt-semantics

    def ids(self) -> list[str]:
        """Every identifier on the screen."""
        found: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('[flt-semantics-identifier]')]"
            ".map(one => one.getAttribute('flt-semantics-identifier'))"
        )
        return found

    def words(self) -> str:
        """All words on the screen, as a screen reader finds them."""
        said: str = self.page.evaluate(
            "() => [...document.querySelectorAll('flt-semantics, flt-semantics *')].map(one => "
            "one.getAttribute('aria-label') || "
            "[...one.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent).join(' '))"
            ".filter(Boolean).join(' \\n')"
        )
        return said

    def wait(self, identifier: str, seconds: float = STEP_S) -> Locator:
        """Until the identifier is on the screen."""
        self.until(lambda: self.by_id(identifier).count() > 0, f"no {identifier}", seconds)
        return self.by_id(identifier).first

    def wait_words(self, words: str, seconds: float = STEP_S) -> None:
        self.until(lambda: words in self.words(), f"no words {words!r}", seconds)

    def wait_path(self, path: str, seconds: float = STEP_S) -> None:
        """Until the browser's address ends so; its back button leads back only from then on."""
        self.until(lambda: self.page.url.split("?")[0].endswith(path), f"not at {path}", seconds)

    def gone(self, identifier: str, seconds: float = STEP_S) -> None:
        self.until(lambda: self.by_id(identifier).count() == 0, f"{identifier} is still there", seconds)

    def until(self, true: Callable[[], bool], failure: str, seconds: float = STEP_S) -> None:
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise AssertionError(
                    f"{failure}; on screen: {sorted(set(self.ids()))}\n{self.words()[:2000]}"
                )
            self.page.wait_for_timeout(60)

    # Acting
    def press(self, identifier: str, seconds: float = STEP_S) -> None:
        """Click the middle of a control, scrolling it into view where it lies outside."""
        target = self.wait(identifier, seconds)
        self._into_view(target)
        box = target.bounding_box()
        assert box is not None, f"{identifier} has no place on the screen"
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.wait_for_timeout(80)

    def write(self, identifier: str, text: str, seconds: float = STEP_S, typed: bool = False) -> None:
        """Fill a field; `typed` presses key after key, as a person does."""
        target = self.wait(identifier, seconds)
        self._into_view(target)
        box = target.locator("input, textarea").first
        box.click()
        if typed:
            box.fill("")
            box.press_sequentially(text, delay=15)
        else:
            box.fill(text)
        self.page.wait_for_timeout(80)

    def value(self, identifier: str) -> str:
        """What stands in a field."""
        return str(self.wait(identifier).locator("input, textarea").first.input_value())

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)
        self.page.wait_for_timeout(60)

    def _into_view(self, target: Locator) -> None:
        height = (self.page.viewport_size or {"height": 800})["height"]
        for _ in range(40):
            box = target.bounding_box()
            if box is None or (box["y"] >= 0 and box["y"] + min(box["height"], 48) <= height - 80):
                return
            self.page.mouse.move(box["x"] + box["width"] / 2, height / 2)
            self.page.mouse.wheel(0, 240 if box["y"] > 0 else -240)
            self.page.wait_for_timeout(80)

    def shot(self, path: Path, settle_ms: int = 800) -> Path:
        """A picture of the window.

        The canvas is painted after the semantics, on a busy machine seconds later: until then the picture is of
        an almost empty window, which a PNG holds in a few kilobytes.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(30):
            self.page.wait_for_timeout(settle_ms)
            if len(self.page.screenshot(path=str(path))) > BLANK_BYTES:
                break
        return path


@contextmanager
def chromium_or_skip() -> Iterator[Driver]:
    """A driver; skips the calling test, with the reason, where no Chromium can be started."""
    try:
        driver = Driver().__enter__()
    except Exception as error:
        if os.environ.get("CI"):
            raise  # where the story must be shown, a missing browser is a failure
        pytest.skip(f"no Chromium could be started: {type(error).__name__}")
    try:
        yield driver
    finally:
        driver.__exit__()
