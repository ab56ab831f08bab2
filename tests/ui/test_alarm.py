"""A standing alarm is on the page until a person says what they found; the answer is asked back once."""

from app.protocol.errors import Problem
from app.usecases.problems import problem_text
from tests.ui.headless import run
from tests.ui.test_shell_screens import Unlocked, english

FOUND = problem_text(Problem("server.fork"))


def test_the_answer_is_asked_back_and_settles_it() -> None:
    async def story() -> None:
        stands, said = [FOUND], []

        def settle(worker: object) -> None:
            said.append("seen")
            stands.clear()

        cases = {"standing_alarm": lambda worker: stands[0] if stands else None, "alarm_looked_into": settle}
        async with Unlocked(english(), **cases) as app:
            await app.press("nav.sent")
            assert "Nothing is deleted on this device" in app.words()
            await app.press("alarm.seen")
            await app.press("alarm.cancel")
            assert said == [] and "alarm.seen" in app.ids()
            await app.press("alarm.seen")
            await app.press("alarm.confirm")
            await app.until(lambda: "alarm" not in app.ids())
            assert said == ["seen"]

    run(story)


def test_a_supervisor_sees_it_too_and_nobody_where_none_stands() -> None:
    async def story() -> None:
        async with Unlocked(
            english(), "p-rodica", standing_alarm=lambda worker: FOUND, queue=lambda *asked: []
        ) as app:
            await app.press("nav.synced")
            assert "alarm.seen" in app.ids()
        async with Unlocked(english()) as app:
            await app.press("nav.sent")
            assert "alarm" not in app.ids()

    run(story)
