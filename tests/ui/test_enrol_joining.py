"""Joining on a tablet, without a client: the code, the passphrase, the six words, the welcome, and every way out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.protocol.errors import Problem
from app.ui.app import open_window
from app.ui.desk import Desk
from app.ui.enrol.model import joining_of
from app.usecases.problems import problem_text
from app.usecases.views import ProfileCard, SyncOutcome
from tests.ui import sample
from tests.ui.enrolment_fakes import ANSWER, CODE, OTHER_WORDS, REQUEST, SUGGESTIONS, WORDS, Book, words_in
from tests.ui.fakes import PASSPHRASE, World, make_cases
from tests.ui.headless import Headless, run


@pytest.fixture(autouse=True)
def no_defect(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A screen that could not be drawn, or a handler that failed, is told calmly and logged: here it fails."""
    yield
    assert "unexpected" not in caplog.text


OWN = "mărul nostru roșu cade departe"


class Tablet:
    """An empty tablet's window; `profiles` are those who use it already."""

    def __init__(
        self, book: Book, profiles: Any = (), language: str = "en", size: tuple[float, float] = (1280, 800)
    ) -> None:
        self.world = World()
        self.world.settings = replace(self.world.settings, language=language)
        cases = make_cases(self.world, profiles=lambda services: list(profiles), enrolment=book.cases())
        self.desk = Desk(cases)
        self.model = joining_of(self.desk)
        self.model.poll_s = 0.02
        self._app = Headless(lambda page: open_window(page, self.desk), size)

    async def __aenter__(self) -> Headless:
        return await self._app.__aenter__()

    async def __aexit__(self, *failure: object) -> None:
        self.model.close()
        await self._app.__aexit__(*failure)


async def to_person(app: Headless) -> None:
    await app.press("unlock.enrol")
    await app.write("enrol.code", CODE)
    await app.press("enrol.code.next")
    assert "page.enrol.person" in app.ids()


async def to_words(app: Headless) -> None:
    await to_person(app)
    await app.write("enrol.name", "Ioana Model")
    await app.press("enrol.suggestion.use")
    await app.write("enrol.passphrase.typed", SUGGESTIONS[0])
    await app.press("enrol.person.next")
    await app.until(lambda: "page.enrol.words" in app.ids())


@pytest.mark.parametrize("size", [(1280, 800), (800, 1280), (390, 844)])
def test_an_empty_tablet_is_enrolled_and_shows_today(size: tuple[float, float]) -> None:
    async def story() -> None:
        book = Book()
        async with Tablet(book, size=size) as app:
            await to_words(app)
            assert book.began == [("Ioana Model", SUGGESTIONS[0])]
            assert words_in(app.words("enrol.words"), WORDS)
            assert "Waiting for your supervisor" in app.words()
            await app.until(lambda: book.polls > 1)
            book.joining = "accepted"
            await app.until(lambda: "page.today" in app.ids())
            assert "page.enrol.welcome" not in app.ids()

    run(story)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_the_welcome_names_the_person_while_the_first_sync_runs(size: tuple[float, float]) -> None:
    async def story() -> None:
        book = Book()
        tablet = Tablet(book, size=size)
        tablet.world.sync_pause = 0.02
        async with tablet as app:
            await to_words(app)
            book.joining = "accepted"
            await app.until(lambda: "enrol.first_sync" in app.ids())
            assert "Welcome, Ioana" in app.words()
            await app.until(lambda: "page.today" in app.ids())

    run(story)


def test_a_first_sync_that_fails_may_be_tried_again_or_left_for_later() -> None:
    async def story() -> None:
        book = Book()
        tablet = Tablet(book)
        tablet.world.outcome = SyncOutcome(0, 0, 0, sample.AWAY)
        async with tablet as app:
            await to_words(app)
            book.joining = "accepted"
            await app.until(lambda: "enrol.sync.again" in app.ids())
            assert "could not be reached" in app.words("enrol.problem").lower()
            await app.press("enrol.start")
            assert "page.today" in app.ids()

    run(story)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Paste it or type it"),
        (CODE[:60], "Not whole yet"),
        (CODE, "The code is whole. Server: https://sync.exemplu.invalid"),
        (CODE.lower(), "The code is whole."),
        (" ".join(CODE[at : at + 4] for at in range(0, len(CODE), 4)), "The code is whole."),
        (REQUEST, "belongs to another step"),
    ],
)
def test_the_code_is_judged_while_it_is_written(typed: str, said: str) -> None:
    async def story() -> None:
        async with Tablet(Book()) as app:
            await app.press("unlock.enrol")
            await app.write("enrol.code", typed)
            assert said in app.words("enrol.code.verdict")

    run(story)


def test_a_code_that_is_not_whole_does_not_lead_on() -> None:
    async def story() -> None:
        async with Tablet(Book()) as app:
            await app.press("unlock.enrol")
            await app.press("enrol.code.next")
            assert "Paste or type the code first" in app.words("enrol.code.verdict")
            await app.write("enrol.code", CODE[:40])
            await app.press("enrol.code.next")
            assert "page.enrol.code" in app.ids()

    run(story)


def test_a_picture_of_the_code_fills_the_field() -> None:
    async def story() -> None:
        book = Book()
        tablet = Tablet(book)
        async with tablet as app:
            await app.press("unlock.enrol")
            from app.ui.enrol.reader import from_picture

            assert await from_picture(_ctx(tablet), tablet.model, b"png") == ""
            await app.settle()
            assert app.field("enrol.code").value == CODE
            assert "The code is whole." in app.words("enrol.code.verdict")
            book.picture = None
            assert "no QR code" in await from_picture(_ctx(tablet), tablet.model, b"png")
            book.reader = False
            assert "camera app" in await from_picture(_ctx(tablet), tablet.model, b"png")

    run(story)


def _ctx(tablet: Tablet) -> Any:
    from app.ui.ctx import Ctx

    return Ctx(1280, 800, desk=tablet.desk)


@pytest.mark.parametrize(
    ("answers", "wrong", "said"),
    [
        ({"name": ""}, "enrol.name.wrong", "Write your name"),
        ({"typed": "scurt", "again": "scurt"}, "enrol.typed.wrong", "at least 5 words"),
        ({"again": OWN + "!"}, "enrol.again.wrong", "do not match"),
    ],
)
def test_what_is_missing_is_told_at_its_field(answers: dict[str, str], wrong: str, said: str) -> None:
    async def story() -> None:
        book = Book()
        async with Tablet(book) as app:
            await to_person(app)
            await app.press("enrol.own")
            given = {"name": "Ioana Model", "typed": OWN, "again": OWN} | answers
            await app.write("enrol.name", given["name"])
            await app.write("enrol.passphrase.typed", given["typed"])
            await app.write("enrol.passphrase.again", given["again"])
            await app.press("enrol.person.next")
            assert said in app.words(wrong)
            assert not book.began

    run(story)


def test_a_suggestion_has_to_be_typed_once() -> None:
    async def story() -> None:
        book = Book()
        async with Tablet(book) as app:
            await to_person(app)
            await app.write("enrol.name", "Ioana Model")
            first = app.words("enrol.suggestion")
            await app.press("enrol.suggestion.another")
            assert app.words("enrol.suggestion") != first
            await app.press("enrol.person.next")
            assert "not the five words" in app.words("enrol.typed.wrong")
            await app.write("enrol.passphrase.typed", SUGGESTIONS[1])
            await app.press("enrol.person.next")
            await app.until(lambda: book.began)
            assert book.began == [("Ioana Model", SUGGESTIONS[1])]

    run(story)


@pytest.mark.parametrize(
    ("typed", "pin", "said"),
    [
        ("abc", False, "five words or more"),
        ("abc", True, "six digits or more"),
        ("204817", True, "enough on this device"),
        (OWN, False, "Good"),
        (OWN + " tare", False, "Strong"),
    ],
)
def test_strength_is_said_in_words(typed: str, pin: bool, said: str) -> None:
    async def story() -> None:
        async with Tablet(Book(pin=pin)) as app:
            await to_person(app)
            await app.press("enrol.own")
            await app.write("enrol.passphrase.typed", typed)
            assert said in app.words("enrol.strength")

    run(story)


def test_a_server_that_is_away_is_told_and_nothing_written_is_lost() -> None:
    async def story() -> None:
        book = Book(away=True)
        async with Tablet(book) as app:
            await to_person(app)
            await app.write("enrol.name", "Ioana Model")
            await app.press("enrol.suggestion.use")
            await app.write("enrol.passphrase.typed", SUGGESTIONS[0])
            await app.press("enrol.person.next")
            await app.until(lambda: "enrol.problem" in app.ids())
            assert app.field("enrol.name").value == "Ioana Model"
            assert app.field("enrol.passphrase.typed").value == SUGGESTIONS[0]
            book.away = False
            await app.press("enrol.person.next")
            await app.until(lambda: "page.enrol.words" in app.ids())

    run(story)


def test_without_a_connection_codes_do_it() -> None:
    async def story() -> None:
        book = Book(joining="unsent")
        async with Tablet(book) as app:
            await to_words(app)
            assert "not been reached" in app.words("enrol.waiting")
            await app.press("enrol.unconnected")
            assert "enrol.request.qr" in app.ids()
            assert REQUEST in "".join(app.words("enrol.request.text").split())
            await app.write("enrol.answer", "falsch")
            await app.press("enrol.answer.use")
            await app.until(lambda: "enrol.problem" in app.ids())
            await app.write("enrol.answer", ANSWER)
            await app.press("enrol.answer.use")
            await app.until(lambda: "page.today" in app.ids())

    run(story)


@pytest.mark.parametrize("state", ["expired", "withdrawn"])
def test_an_invitation_that_is_over_leads_back_to_the_beginning(state: str) -> None:
    async def story() -> None:
        book = Book()
        async with Tablet(book) as app:
            await to_words(app)
            book.joining = state
            await app.until(lambda: "enrol.over" in app.ids())
            assert state in app.words("enrol.over")
            await app.press("enrol.again")
            await app.until(lambda: "page.enrol.code" in app.ids())
            assert book.cancelled == 1
            assert app.field("enrol.code").value == ""

    run(story)


def test_polling_stops_when_the_page_is_left() -> None:
    async def story() -> None:
        book = Book()
        async with Tablet(book) as app:
            await to_words(app)
            await app.until(lambda: book.polls > 0)
            await app.press("enrol.later")
            assert "unlock.nobody" in app.ids()
            assert book.closed == 1, "what waits is locked again"
            await app.settle(30)
            seen = book.polls
            await app.settle(60)
            assert book.polls == seen
            assert book.cancelled == 0

    run(story)


def test_giving_up_asks_first() -> None:
    async def story() -> None:
        book = Book()
        async with Tablet(book) as app:
            await to_words(app)
            await app.press("enrol.give_up")
            assert "thrown away" in app.words("enrol.give_up_dialog")
            await app.press("enrol.give_up_dialog.cancel")
            assert book.cancelled == 0
            await app.press("enrol.give_up")
            await app.press("enrol.give_up_dialog.confirm")
            await app.until(lambda: "unlock.nobody" in app.ids())
            assert book.cancelled == 1

    run(story)


def test_a_profile_that_waits_goes_on_after_its_passphrase() -> None:
    async def story() -> None:
        pending = ProfileCard("p-ioana", "Ioana Model", "pending", pending=True)
        async with Tablet(Book(), [*sample.PROFILES, pending]) as app:
            assert "Waiting for the supervisor" in app.words("unlock.profile.p-ioana")
            await app.press("unlock.profile.p-ioana")
            await app.write("unlock.passphrase", "greșit")
            await app.press("unlock.open")
            await app.until(lambda: "unlock.problem" in app.ids())
            await app.write("unlock.passphrase", PASSPHRASE)
            await app.press("unlock.open")
            await app.until(lambda: "page.enrol.words" in app.ids())
            assert words_in(app.words("enrol.words"), WORDS)

    run(story)


def test_the_first_supervisor_is_let_in_by_the_root_key() -> None:
    async def story() -> None:
        book = Book()
        async with Tablet(book) as app:
            await app.press("unlock.enrol")
            await app.press("enrol.first")
            await app.write("enrol.name", "Rodica Test")
            await app.press("enrol.suggestion.use")
            await app.write("enrol.passphrase.typed", SUGGESTIONS[0])
            await app.press("enrol.person.next")
            await app.until(lambda: "page.enrol.words" in app.ids())
            assert "app.admin" in app.words("enrol.command")
            assert words_in(app.words("enrol.words"), WORDS)
            await app.settle(30)
            assert book.polls == 0, "there is no server to ask yet"
            await app.write("enrol.answer", ANSWER)
            await app.press("enrol.answer.use")
            await app.until(lambda: "enrol.root" in app.ids())
            assert words_in(app.words("enrol.root"), OTHER_WORDS)
            assert "nav.review" not in app.ids(), "the organisation's own words are compared first"
            await app.press("enrol.root.match")
            await app.until(lambda: "nav.review" in app.ids())

    run(story)


def test_a_list_that_does_not_name_the_tablet_is_told_and_tried_again() -> None:
    async def story() -> None:
        book = Book()
        tablet = Tablet(book)
        refusals = [Problem("enrol.not_in_roster")]

        async with tablet as app:
            begin = book.begin

            def stubborn(services: Any, code: str, label: str, passphrase: str) -> Any:
                joining = begin(services, code, label, passphrase)
                finish = joining.finish

                def not_yet() -> Any:
                    if refusals:
                        raise refusals.pop()
                    return finish()

                joining.finish = not_yet
                return joining

            object.__setattr__(tablet.desk.cases.enrolment, "begin", stubborn)
            await to_words(app)
            book.joining = "accepted"
            await app.until(lambda: "page.today" in app.ids())
            assert not refusals

    run(story)


def test_a_problem_of_the_server_while_waiting_is_calm() -> None:
    async def story() -> None:
        book = Book()
        async with Tablet(book) as app:
            await to_words(app)
            book.joining_problem = problem_text(Problem("sync.server_away"))
            await app.until(lambda: "enrol.problem" in app.ids())
            book.joining_problem = None
            await app.until(lambda: "enrol.problem" not in app.ids())

    run(story)


def test_in_romanian() -> None:
    async def story() -> None:
        async with Tablet(Book(), language="ro") as app:
            assert "Înrolează tableta" in app.words("unlock.enrol")
            await app.press("unlock.enrol")
            assert "Cod de invitație" in app.words()
            await app.press("enrol.cancel")
            assert "unlock.nobody" in app.ids()

    run(story)
