"""Unlocking: who, the passphrase, waiting after wrong tries, language before anything is opened, and locking again."""

from datetime import timedelta

from app.ui.app import open_window
from app.ui.desk import Desk
from tests.ui.fakes import PASSPHRASE, World, make_cases
from tests.ui.headless import Headless, run


def window(world: World, desk: Desk | None = None, size: tuple[float, float] = (1280, 800)) -> Headless:
    made = desk or Desk(make_cases(world))
    return Headless(lambda page: open_window(page, made), size)


async def unlock(app: Headless, profile: str = "p-ana", first: str = "page.today") -> None:
    await app.press(f"unlock.profile.{profile}")
    await app.write("unlock.passphrase", PASSPHRASE)
    await app.press("unlock.open")
    await app.until(lambda: first in app.ids())


def test_the_passphrase_opens_the_fieldworkers_first_screen() -> None:
    async def story() -> None:
        async with window(World()) as app:
            assert "unlock.passphrase" not in app.ids(), "nobody is chosen yet"
            await unlock(app)
            assert "Ana Exemplu" in app.words()
            assert [one for one in app.ids() if one.startswith("nav.")][:4] == [
                "nav.today", "nav.households", "nav.sent", "nav.settings",
            ]  # fmt: skip

    run(story)


def test_a_wrong_passphrase_says_that_nothing_is_lost_and_empties_the_field() -> None:
    async def story() -> None:
        async with window(World()) as app:
            await app.press("language.en")
            await app.press("unlock.profile.p-ana")
            await app.write("unlock.passphrase", "greșit")
            await app.submit("unlock.passphrase")
            await app.until(lambda: "unlock.problem" in app.ids())
            assert "does not open" in app.words("unlock.problem")
            assert "Nothing is lost" in app.words("unlock.problem")
            assert app.field("unlock.passphrase").value == ""

    run(story)


def test_an_empty_passphrase_is_not_tried() -> None:
    async def story() -> None:
        world = World()
        async with window(world) as app:
            await app.press("unlock.profile.p-ana")
            await app.press("unlock.open")
            assert world.tries == 0
            assert "fraza de acces" in app.words("unlock.problem")

    run(story)


def test_after_five_wrong_tries_the_button_counts_down() -> None:
    async def story() -> None:
        world = World(tries=4)
        async with window(world) as app:
            await app.press("unlock.profile.p-ana")
            await app.write("unlock.passphrase", "greșit")
            await app.press("unlock.open")
            await app.until(lambda: "0:2" in app.words("unlock.open"))
            assert app.tagged("unlock.open").disabled
            before = app.words("unlock.open")
            await app.until(lambda: app.words("unlock.open") != before, 3)

    run(story)


def test_the_language_is_chosen_before_unlocking_and_kept() -> None:
    async def story() -> None:
        world = World()
        async with window(world) as app:
            assert "Cine lucrează astăzi?" in app.words()
            await app.press("language.en")
            assert "Who is working today?" in app.words()
            assert world.settings.language == "en"

    run(story)


def test_two_windows_speak_two_languages() -> None:
    async def story() -> None:
        async with window(World()) as one, window(World()) as other:
            await other.press("language.en")
            assert "Cine lucrează" in one.words()
            assert "Who is working" in other.words()

    run(story)


def test_locking_closes_the_profile_and_goes_back_to_the_same_place() -> None:
    async def story() -> None:
        world = World()
        async with window(world) as app:
            await unlock(app)
            await app.press("nav.sent")
            await app.press("nav.lock")
            assert world.locked == ["p-ana"]
            assert "Familia" not in app.words(), "nothing of the people stays on the screen"
            await unlock(app, first="page.sent")

    run(story)


def test_somebody_else_does_not_land_on_the_place_that_was_left() -> None:
    async def story() -> None:
        async with window(World()) as app:
            await unlock(app)
            await app.press("nav.households")
            await app.press("households.row.h12")
            await app.press("nav.lock")
            await unlock(app, "p-mihai")

    run(story)


def test_an_idle_window_locks_by_itself_and_a_touched_one_does_not() -> None:
    async def story() -> None:
        world = World()
        desk = Desk(make_cases(world))
        async with window(world, desk) as app:
            await unlock(app)
            world.now += timedelta(minutes=4)
            await app.press("nav.sent")
            world.now += timedelta(minutes=4)
            assert not desk.lock_when_idle()
            world.now += timedelta(minutes=1)
            assert desk.lock_when_idle()
            await app.settle()
            assert "unlock.profile.p-ana" in app.ids()
            assert world.locked == ["p-ana"]

    run(story)


def test_coming_back_to_the_front_after_long_locks_first() -> None:
    async def story() -> None:
        world = World()
        desk = Desk(make_cases(world))
        kept: list[int] = []
        desk.keep.subscribe(lambda: kept.append(1))
        async with window(world, desk) as app:
            await unlock(app)
            await app.event("app_lifecycle_state_change", {"state": "pause"})
            assert kept, "what is written goes to the store before the system may end the app"
            world.now += timedelta(minutes=30)
            await app.event("app_lifecycle_state_change", {"state": "resume"})
            assert "unlock.profile.p-ana" in app.ids()

    run(story)


def test_a_second_window_keeps_the_profile_open_when_the_first_is_closed() -> None:
    async def story() -> None:
        world = World()
        worker = make_cases(world).unlock(None, "p-ana", PASSPHRASE)
        shared = make_cases(world, unlock=lambda services, profile, words: worker)
        async with window(world, Desk(shared)) as kept:
            await unlock(kept)
            async with window(world, Desk(shared)) as closed:
                await unlock(closed)
            assert world.locked == []
            assert "page.today" in kept.ids()
        assert world.locked == ["p-ana"]

    run(story)
