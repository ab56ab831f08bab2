"""The safety net on the screen: before unlocking, in the settings, on the page of the safety copy."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.ui.app import open_window
from app.ui.desk import Desk
from app.ui.enrol.model import joining_of
from app.ui.safety.model import SafetyModel
from app.usecases.recovery import Succession
from app.usecases.safety import Taken, Unsafe
from app.usecases.start import Start
from app.usecases.views import SyncOutcome
from tests.ui.enrolment_fakes import SUGGESTIONS, Book
from tests.ui.fakes import PASSPHRASE, World, make_cases
from tests.ui.headless import Headless, run
from tests.ui.safety_fakes import LEFT, TOO_WEAK, WRONG_CLOCK, Net
from tests.ui.test_shell_unlock import unlock

EARLIER = Succession(LEFT, taken=False, waiting=0, missing=0, ours=True)


class Tablet:
    """One window with a safety net, in English."""

    def __init__(self, net: Net | None = None, size: tuple[float, float] = (1280, 800), **world: Any) -> None:
        self.net = net or Net()
        self.world = World(**world)
        self.world.settings = replace(self.world.settings, language="en")
        self.desk = Desk(make_cases(self.world, safety=self.net.cases(), enrolment=Book().cases()))
        self.app = Headless(lambda page: open_window(page, self.desk), size)

    async def __aenter__(self) -> Headless:
        return await self.app.__aenter__()

    async def __aexit__(self, *failure: Any) -> None:
        await self.app.__aexit__(*failure)


def story(told: Callable[[], Any]) -> None:
    run(told)


def test_a_device_that_is_too_weak_is_refused_and_says_what_is_missing() -> None:
    async def told() -> None:
        tablet = Tablet(Net(start=TOO_WEAK))
        async with tablet as app:
            assert "page.safety.refused" in app.ids() and "unlock.profile.p-ana" not in app.ids()
            assert "X25519" in app.words() and "Nothing is lost" in app.words()
            tablet.net.start = Start()
            await app.press("safety.look")
            assert "unlock.profile.p-ana" in app.ids()

    story(told)


def test_a_wrong_clock_lets_one_go_on() -> None:
    async def told() -> None:
        tablet = Tablet(Net(start=WRONG_CLOCK))
        async with tablet as app:
            assert "2019-01-01" in app.words("page.safety.clock")
            await app.press("safety.go_on")
            assert tablet.net.asked == [("accept_clock",)] and "unlock.profile.p-ana" in app.ids()

    story(told)


def test_a_forgotten_passphrase_leads_to_enrolment_under_the_same_name() -> None:
    async def told() -> None:
        tablet = Tablet()
        async with tablet as app:
            assert "unlock.forgot" not in app.ids(), "nobody is chosen yet"
            await app.press("unlock.profile.p-ana")
            await app.press("unlock.forgot")
            await app.until(lambda: "page.safety.forgotten" in app.ids())
            words = app.words("page.safety.forgotten")
            assert (
                "3 finished forms were not sent" in words
                and "2 photos or files" in words
                and "drafts" in words
            )
            await app.press("safety.back")
            assert tablet.net.asked == [] and "unlock.profile.p-ana" in app.ids()
            await app.press("unlock.profile.p-ana")
            await app.press("unlock.forgot")
            await app.until(lambda: "safety.anew" in app.ids())
            await app.press("safety.anew")
            await app.until(lambda: joining_of(tablet.desk).step == "code")
            assert tablet.net.asked == [("begin_anew", "p-ana")]
            person = joining_of(tablet.desk).person
            assert person is not None and person.name == "Ana Exemplu"

    story(told)


def test_an_earlier_profile_is_carried_as_soon_as_its_person_is_back() -> None:
    async def told() -> None:
        tablet = Tablet(Net(earlier=[EARLIER]))
        async with tablet as app:
            await unlock(app)
            await app.until(lambda: ("take_over", "p-ana") in tablet.net.asked)
            await app.until(lambda: "carried over" in app.words())

    story(told)


def test_a_profile_of_the_same_name_alone_is_only_offered() -> None:
    async def told() -> None:
        tablet = Tablet(Net(earlier=[replace(EARLIER, ours=False)]))
        async with tablet as app:
            await unlock(app)
            assert tablet.net.asked == []
            await app.press("nav.settings")
            await app.press("settings.safety")
            await app.press("safety.carry.p-ana")
            await app.until(lambda: tablet.net.asked == [("take_over", "p-ana")])
            await app.until(lambda: "6 sealed objects wait" in app.words())
            await app.press("safety.part.p-ana")
            await app.press("safety.part.confirm")
            await app.until(lambda: tablet.net.asked[-1] == ("let_go", "p-ana"))
            assert "safety.part.p-ana" not in app.ids()

    story(told)


class Picker:
    """A file dialog that is answered at once."""

    def __init__(
        self, place: str | None = "/card/copy", data: bytes | None = None, web: bool = False
    ) -> None:
        self.page = SimpleNamespace(web=web)
        self.place, self.data = place, data
        self.saved: list[tuple[str, bytes]] = []

    async def save_file(self, file_name: str, src_bytes: bytes) -> str | None:
        if self.place or self.page.web:
            self.saved.append((file_name, src_bytes))
        return self.place

    async def pick_files(self, **_: Any) -> list[Any]:
        return [] if self.data is None else [SimpleNamespace(bytes=self.data)]


def test_a_copy_is_saved_and_says_what_is_in_it() -> None:
    async def told() -> None:
        tablet = Tablet()
        async with tablet as app:
            await unlock(app)
            await app.press("nav.settings")
            await app.press("settings.safety")
            assert "3 finished forms were not sent" in app.words("safety.here")
            model = SafetyModel(tablet.desk)
            model.choose("dev-ion")
            picker = Picker()
            await model.write(picker)
            assert picker.saved == [("doorstep-2026-03-01-1030.doorstep", b"sealed")]
            assert tablet.net.asked == [("make_copy", "dev-ion")] and model.made is not None
            cancelled = SafetyModel(tablet.desk)
            await cancelled.write(Picker(place=None))
            assert cancelled.made is None, "a dialog that was put away has saved nothing"
            await cancelled.write(Picker(place=None, web=True))
            assert cancelled.made is not None, "a browser downloads without saying where"

    story(told)


@pytest.mark.parametrize("taken", [Taken(4, 1, False), Taken(4, 0, True), None])
def test_taking_a_copy_over_says_how_it_went(taken: Taken | None) -> None:
    async def told() -> None:
        tablet = Tablet(Net(taken=taken, here=Unsafe(0, 0, 0, 0)))
        async with tablet as app:
            await unlock(app)
            await app.press("nav.settings")
            await app.press("settings.safety")
            assert "Nothing is only on this tablet" in app.words("safety.here")
            model = SafetyModel(tablet.desk)
            await model.take(Picker(data=b"copy"))
            if taken is None:
                assert model.problem is not None and model.problem.code == "store.bad_copy"
            else:
                assert tablet.net.asked == [("take_copy", b"copy")] and model.taken == taken
            nothing = SafetyModel(tablet.desk)
            await nothing.take(Picker(data=None))
            assert nothing.taken is None and nothing.problem is None

    story(told)


def test_the_passphrase_is_changed_with_the_suggested_words() -> None:
    async def told() -> None:
        tablet = Tablet()
        async with tablet as app:
            await unlock(app)
            await app.press("nav.settings")
            await app.press("settings.passphrase")
            await app.write("passphrase.old", "fraza veche")
            await app.press("enrol.suggestion.use")
            await app.write("enrol.passphrase.typed", SUGGESTIONS[0])
            await app.press("passphrase.change")
            await app.until(lambda: tablet.net.asked == [("change", "p-ana", SUGGESTIONS[0])])
            await app.until(lambda: "Your passphrase was changed" in app.words())
            assert "page.settings" in app.ids()

    story(told)


def test_a_wrong_old_passphrase_is_told_and_waited_for() -> None:
    async def told() -> None:
        async with Tablet() as app:
            await unlock(app)
            await app.press("nav.settings")
            await app.press("settings.passphrase")
            await app.press("passphrase.change")
            assert "present passphrase first" in app.words("passphrase.problem")
            await app.write("passphrase.old", "alta")
            await app.press("enrol.suggestion.use")
            await app.write("enrol.passphrase.typed", SUGGESTIONS[0])
            await app.press("passphrase.change")
            await app.until(lambda: "does not open" in app.words("passphrase.problem"))
            assert app.field("passphrase.old").value == ""
            assert app.tagged("passphrase.change").disabled

    story(told)


def test_a_removed_tablet_says_so_calmly() -> None:
    async def told() -> None:
        tablet = Tablet(outcome=SyncOutcome(1, 0, 0, None, removed=True))
        async with tablet as app:
            await unlock(app)
            await tablet.desk.sync.start()
            await app.until(lambda: "page.safety.removed" in app.ids())
            assert tablet.world.locked == ["p-ana"] and tablet.desk.worker is None
            assert "received" in app.words("page.safety.removed")
            await app.press("safety.back")
            assert "unlock.profile.p-ana" in app.ids()

    story(told)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (SyncOutcome(1, 0, 0, None, handed_over=("Ana",)), "has been removed from this tablet"),
        (SyncOutcome(0, 1, 0, None, came_home=2), "back on the page"),
    ],
)
def test_what_a_sync_settled_is_said(outcome: SyncOutcome, words: str) -> None:
    async def told() -> None:
        tablet = Tablet(outcome=outcome)
        async with tablet as app:
            await unlock(app)
            await tablet.desk.sync.start()
            await app.until(lambda: words in app.words())

    story(told)


def test_drafts_are_kept_outside_every_few_seconds_at_most() -> None:
    async def told() -> None:
        tablet = Tablet()
        async with tablet as app:
            await unlock(app)
            await tablet.desk.safety.save_drafts()
            assert tablet.net.saves == 0, "too soon"
            tablet.world.now += timedelta(seconds=11)
            await tablet.desk.safety.save_drafts()
            await tablet.desk.safety.save_drafts()
            assert tablet.net.saves == 1

    story(told)


def test_leaving_the_foreground_locks_at_once_where_that_was_chosen() -> None:
    async def told() -> None:
        tablet = Tablet()
        async with tablet as app:
            await unlock(app)
            await app.event("app_lifecycle_state_change", {"state": "pause"})
            assert tablet.desk.worker is not None, "by default it waits five minutes"
            await app.event("app_lifecycle_state_change", {"state": "resume"})
            tablet.desk.change_settings(replace(tablet.desk.settings, away_minutes=0))
            await app.event("app_lifecycle_state_change", {"state": "pause"})
            assert tablet.world.locked == ["p-ana"]

    story(told)


def test_choosing_a_photo_does_not_lock() -> None:
    async def told() -> None:
        tablet = Tablet()
        async with tablet as app:
            await unlock(app)
            desk = tablet.desk
            desk.change_settings(replace(desk.settings, away_minutes=0))

            async def pick() -> None:
                await app.event("app_lifecycle_state_change", {"state": "pause"})
                assert desk.worker is not None
                tablet.world.now += timedelta(minutes=2)
                await app.event("app_lifecycle_state_change", {"state": "resume"})

            await desk.guard(pick)(None)
            assert desk.worker is not None
            await app.event("app_lifecycle_state_change", {"state": "hide"})
            assert desk.worker is None

    story(told)


def test_an_absence_longer_than_chosen_locks_even_behind_other_apps() -> None:
    async def told() -> None:
        tablet = Tablet()
        async with tablet as app:
            await unlock(app)
            desk = tablet.desk
            desk.change_settings(replace(desk.settings, away_minutes=1, lock_minutes=30))
            await app.event("app_lifecycle_state_change", {"state": "pause"})
            assert not desk.lock_when_away()
            tablet.world.now += timedelta(seconds=61)
            assert desk.lock_when_away() and tablet.world.locked == ["p-ana"]
            await app.settle()
            await unlock(app)
            await app.event("app_lifecycle_state_change", {"state": "pause"})
            tablet.world.now += timedelta(seconds=61)
            await app.event("app_lifecycle_state_change", {"state": "resume"})
            assert desk.worker is None

    story(told)


def test_the_page_fits_a_phone_with_large_text() -> None:
    async def told() -> None:
        tablet = Tablet(Net(earlier=[replace(EARLIER, ours=False)]), size=(360, 740))
        tablet.world.settings = replace(tablet.world.settings, text_size=2.0)
        tablet.desk.settings = tablet.world.settings
        async with tablet as app:
            await app.press("unlock.profile.p-ana")
            await app.write("unlock.passphrase", PASSPHRASE)
            await app.press("unlock.open")
            await app.until(lambda: "page.today" in app.ids())
            tablet.desk.nav.go("safety")
            await app.settle()
            assert {"safety.write", "safety.take", "safety.carry.p-ana"} <= set(app.ids())

    story(told)
