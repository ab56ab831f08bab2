"""The shell's screens over synthetic data, without a client."""

import asyncio
import threading
from dataclasses import replace
from typing import Any

import flet as ft
import pytest

from app.protocol.errors import Problem
from app.ui.app import open_window
from app.ui.desk import Desk
from app.usecases.views import SyncOutcome, SyncProgress
from tests.ui import sample
from tests.ui.fakes import PASSPHRASE, FakeFilling, World, make_cases, search
from tests.ui.headless import Headless, run


def english() -> World:
    world = World()
    world.settings = replace(world.settings, language="en")
    return world


class Unlocked:
    """A window in which somebody has unlocked."""

    def __init__(
        self, world: World, profile: str = "p-ana", size: tuple[float, float] = (1280, 800), **cases: object
    ) -> None:
        self.desk = Desk(make_cases(world, **cases))  # type: ignore[arg-type]
        self._profile = profile
        self._app = Headless(lambda page: open_window(page, self.desk), size)

    async def __aenter__(self) -> Headless:
        app = await self._app.__aenter__()
        await self.desk.unlock(self._profile, PASSPHRASE)
        await app.settle()
        return app

    async def __aexit__(self, *failure: object) -> None:
        await self._app.__aexit__(*failure)


def test_today_shows_the_most_urgent_first() -> None:
    async def story() -> None:
        async with Unlocked(english()) as app:
            words = app.words("page.today")
            order = ["Sent back to you", "Late", "Due now", "Coming up"]
            assert sorted(order, key=words.index) == order
            assert "biroul de locuințe spune 310" in words, "the supervisor's words are there to be read"
            assert "9 days late" in words
            assert "43 of 69 answered" in words

    run(story)


def test_on_a_phone_what_is_only_on_this_tablet_comes_first() -> None:
    async def story() -> None:
        async with Unlocked(english(), size=(390, 844)) as app:
            words = app.words("page.today")
            assert words.index("only on this tablet") < words.index("Sent back to you")

    run(story)


def test_an_empty_day_says_what_to_do_next() -> None:
    async def story() -> None:
        async with Unlocked(english(), today=lambda worker, language: sample.calm_today()) as app:
            assert "No visits due" in app.words("today.nothing")
            await app.press("today.choose")
            assert "households.search" in app.ids()

    run(story)


@pytest.mark.parametrize(
    ("size", "shown"), [((390, 844), "bottom"), ((800, 1280), "rail"), ((1280, 800), "sidebar")]
)
def test_the_frame_follows_the_width(size: tuple[float, float], shown: str) -> None:
    async def story() -> None:
        async with Unlocked(english(), size=size) as app:
            assert ("sync.state" in app.ids()) == (shown == "sidebar")
            assert ("nav.lock" in app.ids()) and "nav.settings" in app.ids()

    run(story)


def test_big_text_gets_the_layout_of_a_narrower_window() -> None:
    async def story() -> None:
        world = english()
        async with Unlocked(world) as app:
            assert "sync.state" in app.ids()
            await app.press("nav.settings")
            await app.press("settings.text_size.2")
            assert "sync.state" not in app.ids()
            assert world.settings.text_size == 2.0

    run(story)


def test_a_new_width_makes_a_new_layout_and_keeps_the_place() -> None:
    async def story() -> None:
        async with Unlocked(english()) as app:
            await app.press("nav.households")
            await app.write("households.search", "model")
            await app.resize(390, 844)
            assert "sync.state" not in app.ids()
            assert app.field("households.search").value == "model"
            assert "households.row.h31" not in app.ids()

    run(story)


def test_search_answers_while_typing_without_accents() -> None:
    async def story() -> None:
        async with Unlocked(english()) as app:
            await app.press("nav.households")
            field = app.field("households.search")
            await app.write("households.search", "tarmure")
            rows = [one for one in app.ids() if one.startswith("households.row.")]
            assert rows == ["households.row.h44", "households.row.h9"]
            assert app.field("households.search")._i == field._i, "the field itself was not drawn again"
            await app.write("households.search", "nu există")
            await app.press("households.show_all")
            assert app.field("households.search").value == ""
            assert "households.row.h7" in app.ids()

    run(story)


def test_filters_say_how_many_they_hold() -> None:
    async def story() -> None:
        async with Unlocked(english()) as app:
            await app.press("nav.households")
            assert "2" in app.words("households.filter.late")
            await app.press("households.filter.late")
            assert [one for one in app.ids() if "row" in one] == ["households.row.h7", "households.row.h31"]

    run(story)


def test_a_thousand_homes_are_drawn_a_part_at_a_time() -> None:
    async def story() -> None:
        rows = sample.many(1000)
        async with Unlocked(
            english(), households=lambda w, query="", language="": search(rows, query)
        ) as app:
            await app.press("nav.households")
            assert sum("households.row" in one for one in app.ids()) == 60
            await app.press("households.more")
            assert sum("households.row" in one for one in app.ids()) == 120

    run(story)


def test_a_household_says_why_it_needs_attention_and_starts_a_form_with_the_planned_visit() -> None:
    async def story() -> None:
        world, asked = english(), []

        def start(worker: object, *what: object) -> FakeFilling:
            asked.append(what)
            raise Problem("usecase.no_tenancy")

        async with Unlocked(world, start=start) as app:
            await app.press("nav.households")
            await app.press("households.row.h12")
            assert "Restanța a crescut" in app.words()
            assert "moved out" in app.words("household.person.p2")
            await app.press("household.start.post_relocation_visit")
            assert asked == [("post_relocation_visit", "h12", "m3", "en")]
            assert "no running tenancy" in app.words("notice"), "a problem is told, nothing crashes"
            await app.press("notice.dismiss")
            assert "notice" not in app.ids()
            await app.press("household.back")
            assert "households.search" in app.ids()

    run(story)


def test_the_ledger_says_each_state_in_words() -> None:
    async def story() -> None:
        async with Unlocked(english()) as app:
            await app.press("nav.sent")
            assert "Sending 4 of 9" in app.words("sent.record.r5")
            assert "goes on from where it stopped" in app.words("sent.record.r5")
            assert "Only on this tablet" in app.words("sent.record.r7")
            assert "gave a receipt and this tablet checked it" in app.words("sent.record.r31")
            assert "approved it" in app.words("sent.record.r44")
            assert "has a question" in app.words("sent.record.r13")
            assert "Nothing is lost" in app.words("sent.record.r2")

    run(story)


def test_sync_shows_how_far_it_is_and_how_it_ended() -> None:
    async def story() -> None:
        world, gate = english(), threading.Event()

        def sync_now(worker: object, progress: Any, cancel: threading.Event) -> SyncOutcome:
            progress(SyncProgress("push", 1, 3, 1024, 4096))
            gate.wait(30)
            world.waiting = 0
            return SyncOutcome(3, 1, 0, None)

        async with Unlocked(world, sync_now=sync_now) as app:
            await app.press("nav.sent")
            button = app._pressable("sent.sync")
            running = asyncio.create_task(app.session.dispatch_event(button._i, "click", None))
            await app.until(lambda: "Sending 2 of 3" in app.words("sent.syncing"), 20)
            assert "sent.sync.stop" in app.ids()
            gate.set()
            await running
            await app.settle()
            assert "3 records were received by the server." in app.words("sent.syncing")
            assert "Everything was received" in app.words("sync.state")

    run(story)


def test_a_failed_sync_never_looks_like_a_finished_one() -> None:
    async def story() -> None:
        world = english()
        problem = make_cases().problem_text(Problem("sync.server_away"))
        world.outcome = SyncOutcome(0, 0, 0, problem)
        async with Unlocked(world) as app:
            await app.press("today.sync")
            await app.until(lambda: "Try again" in app.words("today.syncing"))
            words = app.words("today.syncing")
            assert "3 records are only on this tablet" in words
            assert "Nothing is lost" in words
            assert "Everything was received" not in app.words()

    run(story)


def test_a_sync_that_breaks_its_promise_is_told_calmly(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        def broken(*arguments: object) -> None:
            raise KeyError("Familia Exemplu 12")

        async with Unlocked(english(), sync_now=broken) as app:
            await app.press("today.sync")
            await app.until(lambda: "unexpected" in app.words("today.syncing"))

    run(story)
    assert "KeyError" in caplog.text
    assert "Familia" not in caplog.text


def test_a_handler_that_fails_becomes_a_notice_without_content(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        def broken(*arguments: object) -> None:
            raise ValueError("Familia Exemplu 12 said …")

        async with Unlocked(english(), correct=broken) as app:
            await app.press("today.correct.r13")
            assert "Something unexpected happened" in app.words("notice")
            assert "Nothing is lost" in app.words("notice")

    run(story)
    assert "ValueError" in caplog.text and "Familia" not in caplog.text


def test_a_screen_that_cannot_be_drawn_says_so_and_the_others_work(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        def broken(*arguments: object) -> None:
            raise ZeroDivisionError

        async with Unlocked(english(), ledger=broken) as app:
            await app.press("nav.sent")
            assert "Something unexpected happened" in app.words("problem")
            await app.press("nav.households")
            assert "households.search" in app.ids()

    run(story)


def test_the_browsers_back_and_addresses_of_other_roles() -> None:
    async def story() -> None:
        unlocked = Unlocked(english())
        async with unlocked as app:
            await app.press("nav.households")
            await app.press("households.row.h12")
            await unlocked.desk.follow("/households")
            await app.settle()
            assert "households.search" in app.ids()
            await unlocked.desk.follow("/review")
            await app.settle()
            assert "households.search" in app.ids(), "a supervisor's page stays closed to a fieldworker"

    run(story)


def test_a_supervisor_gets_other_screens() -> None:
    async def story() -> None:
        async with Unlocked(english(), "p-rodica", queue=lambda *a, **k: []) as app:
            await app.press("nav.synced")
            assert "https://exemplu.invalid" in app.words("page.synced")
            await app.press("nav.households")
            assert "households.start" not in app.ids(), "forms are started by fieldworkers"

    run(story)


def test_every_control_that_can_be_pressed_has_an_identifier() -> None:
    async def story() -> None:
        async with Unlocked(english()) as app:
            for place in ("today", "households", "sent", "settings"):
                await app.press(f"nav.{place}")
                tagged = {
                    id(inner) for one in app.find(ft.Semantics) if one.identifier for inner in app.walk(one)
                }
                bare = [
                    one
                    for one in app.walk()
                    if getattr(one, "on_click", None) is not None and id(one) not in tagged
                ]
                assert not bare, f"{place}: {bare}"

    run(story)


def test_what_waits_is_sent_when_a_connection_appears() -> None:
    async def story() -> None:
        world, calls = english(), []
        unlocked = Unlocked(world, sync_now=lambda *a: calls.append(1) or SyncOutcome(3, 0, 0, None))
        async with unlocked:
            await unlocked.desk.sync.start_if_waiting()
            assert calls == [1]
            world.waiting = 0
            await unlocked.desk.sync.start_if_waiting()
            assert calls == [1], "nothing waits: the connection is left alone"

    run(story)


def test_a_form_is_closed_when_its_place_is_left() -> None:
    async def story() -> None:
        world = english()
        unlocked = Unlocked(world)
        async with unlocked as app:
            kept: list[int] = []
            unlocked.desk.keep.subscribe(lambda: kept.append(1))
            filling = FakeFilling("d9")
            unlocked.desk.nav.go("form", carry=filling, draft="d9")
            unlocked.desk.nav.back()
            await app.settle()
            assert kept and filling.closed == 1

    run(story)
