"""Who visits a household: chosen by a supervisor on its page; a fieldworker never sees the choice."""

from dataclasses import replace

from app.usecases.visitors import Visitor
from tests.ui.headless import run
from tests.ui.test_shell_screens import Unlocked, english

PEOPLE = [Visitor("m1", "Ana Exemplu", True), Visitor("m2", "Ion Exemplu", False)]


def test_a_supervisor_chooses_and_saves_once() -> None:
    async def story() -> None:
        people, asked = list(PEOPLE), []

        def choose(worker: object, household: str, members: list[str]) -> None:
            asked.append((household, members))
            people[:] = [replace(one, assigned=one.member in members) for one in people]

        cases = {"visitors": lambda worker, household: list(people), "choose_visitors": choose}
        async with Unlocked(english(), "p-rodica", **cases) as app:
            await app.press("nav.households")
            await app.press("households.row.h12")
            assert "household.visitors.save" not in app.ids(), "nothing to save yet"
            await app.press("household.visitor.m2")
            assert "earlier records" in app.words()
            await app.press("household.visitor.m2")
            assert "household.visitors.save" not in app.ids(), "back to what it was"
            await app.press("household.visitor.m2")
            await app.press("household.visitor.m1")
            await app.press("household.visitors.save")
            assert asked == [("h12", ["m2"])]
            assert "household.visitors.save" not in app.ids()
            assert "Saved" in app.words("notice")

    run(story)


def test_without_fieldworkers_it_says_what_to_do() -> None:
    async def story() -> None:
        async with Unlocked(english(), "p-rodica", visitors=lambda worker, household: []) as app:
            await app.press("nav.households")
            await app.press("households.row.h12")
            assert "Invite somebody under People" in app.words()

    run(story)


def test_a_fieldworker_does_not_choose() -> None:
    async def story() -> None:
        async with Unlocked(english(), visitors=lambda worker, household: list(PEOPLE)) as app:
            await app.press("nav.households")
            await app.press("households.row.h12")
            assert "Who visits here" not in app.words()

    run(story)
