"""People and devices, without a client: the list, inviting, comparing, letting in, removing, replacing."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.ui.app import open_window
from app.ui.desk import Desk
from app.ui.people.invitation_model import invitation_of
from tests.ui.enrolment_fakes import ANSWER, CODE, OTHER_WORDS, REQUEST, WORDS, Book, words_in
from tests.ui.fakes import PASSPHRASE, World, make_cases
from tests.ui.headless import Headless, run


@pytest.fixture(autouse=True)
def no_defect(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A screen that could not be drawn, or a handler that failed, is told calmly and logged: here it fails."""
    yield
    assert "unexpected" not in caplog.text


class Supervisor:
    """A supervisor's window on the page of people."""

    def __init__(
        self,
        book: Book,
        language: str = "en",
        size: tuple[float, float] = (1280, 800),
        profile: str = "p-rodica",
        first: str = "people",
    ) -> None:
        self.world = World()
        self.world.settings = replace(self.world.settings, language=language)
        self.desk = Desk(make_cases(self.world, enrolment=book.cases(), queue=lambda *asked: []))
        self._profile, self._first = profile, first
        self._app = Headless(lambda page: open_window(page, self.desk), size)

    async def __aenter__(self) -> Headless:
        app = await self._app.__aenter__()
        await self.desk.unlock(self._profile, PASSPHRASE)
        await app.settle()
        await app.press(f"nav.{self._first}")
        if self._first == "people":
            await app.until(lambda: "people.device.d1" in app.ids())
        return app

    async def __aexit__(self, *failure: object) -> None:
        await self._app.__aexit__(*failure)


async def invite(app: Headless, name: str = "Ioana Model") -> None:
    await app.press("people.invite")
    await app.write("invite.name", name)
    await app.press("invite.make")
    await app.until(lambda: "invitation.qr" in app.ids())


async def answered(app: Headless, book: Book, words: tuple[str, ...] = WORDS) -> None:
    book.offer("i1", words)
    await app.press("invitation.check")
    await app.until(lambda: "invitation.words" in app.ids())


@pytest.mark.parametrize("size", [(1280, 800), (800, 1280), (390, 844)])
def test_the_list_names_everybody_with_their_devices(size: tuple[float, float]) -> None:
    async def story() -> None:
        async with Supervisor(Book(), size=size) as app:
            words = app.words("page.people")
            assert "3 people · 3 devices in use" in words
            assert words.index("Mihai Probă") < words.index("No longer with us") < words.index("Ion Model")
            assert "This device" in app.words("people.device.d1")
            assert "in use since 4 Mar" in app.words("people.device.d2")
            assert "in use from 4 Mar to 19 Oct" in app.words("people.device.d3")
            assert "Removed" in app.words("people.device.d3")

    run(story)


def test_a_fieldworker_has_no_such_screen() -> None:
    async def story() -> None:
        supervisor = Supervisor(Book(), profile="p-ana", first="today")
        async with supervisor as app:
            assert "nav.people" not in app.ids()
            await supervisor.desk.follow("/people")
            await app.settle()
            assert "page.people" not in app.ids()

    run(story)


def test_an_organisation_of_one_is_told_what_to_do_next() -> None:
    async def story() -> None:
        book = Book()
        book.people = book.people[:1]
        async with Supervisor(book) as app:
            assert "Invite the first colleague" in app.words("people.alone")

    run(story)


def test_inviting_shows_the_code_as_picture_and_text() -> None:
    async def story() -> None:
        book = Book()
        async with Supervisor(book) as app:
            await invite(app)
            one = book.invitations[0]
            assert (one.name, one.role, one.member) == ("Ioana Model", "fieldworker", "")
            assert "".join(app.words("invitation.text").split()) == CODE
            assert "works until tomorrow, 10:42" in app.words()
            assert "Waiting for the tablet" in app.words("invitation.waiting")
            await app.press("invitation.back")
            await app.until(lambda: "people.invitation.i1" in app.ids())
            assert "Waiting for the tablet" in app.words("people.invitation.i1")

    run(story)


def test_an_invitation_needs_a_name() -> None:
    async def story() -> None:
        book = Book()
        async with Supervisor(book) as app:
            await app.press("people.invite")
            await app.press("invite.make")
            assert "Write the name" in app.words("invite.wrong")
            await app.press("invite.known")
            await app.press("invite.make")
            assert "Choose the person" in app.words("invite.wrong")
            assert not book.invitations

    run(story)


def test_role_and_time_are_chosen() -> None:
    async def story() -> None:
        book = Book()
        async with Supervisor(book) as app:
            await app.press("people.invite")
            await app.write("invite.name", "Radu Probă")
            await app.press("invite.role.supervisor")
            await app.press("invite.hours.168")
            assert app.field("invite.name").value == "Radu Probă"
            await app.press("invite.make")
            await app.until(lambda: book.invitations)
            one = book.invitations[0]
            assert one.role == "supervisor"
            assert (one.expires - book.now).days == 7

    run(story)


def test_matching_words_let_the_tablet_in_and_seal_earlier_records() -> None:
    async def story() -> None:
        book = Book(pause=0.02)
        supervisor = Supervisor(book)
        async with supervisor as app:
            await invite(app)
            await answered(app, book)
            assert words_in(app.words("invitation.words"), WORDS)
            pressed = asyncio.create_task(app.press("invitation.match"))
            await app.until(lambda: "of 340 earlier records for Ioana Model" in app.words())
            await pressed
            await app.until(lambda: "invitation.done" in app.ids())
            assert book.approved == ["i1"]
            assert "Ioana Model is in" in app.words("invitation.done")
            await app.until(lambda: supervisor.desk.sync.outcome is not None)
            await app.press("invitation.list")
            await app.until(lambda: "people.device.d9" in app.ids())
            assert "people.invitation.i1" not in app.ids()

    run(story)


def test_sealing_may_be_left_for_the_next_sync() -> None:
    async def story() -> None:
        book = Book(pause=0.03)
        async with Supervisor(book) as app:
            await invite(app)
            await answered(app, book)
            pressed = asyncio.create_task(app.press("invitation.match"))
            await app.until(lambda: "invitation.stop" in app.ids())
            await app.press("invitation.stop")
            await pressed
            await app.until(lambda: "invitation.done" in app.ids())
            assert "sealed for them with the next sync" in app.words()

    run(story)


def test_words_that_differ_withdraw_the_invitation_and_say_why() -> None:
    async def story() -> None:
        book = Book()
        async with Supervisor(book) as app:
            await invite(app)
            await answered(app, book, OTHER_WORDS)
            await app.press("invitation.differ")
            assert "Somebody may have seen the code" in app.words("invitation.differ_dialog")
            await app.press("invitation.differ_dialog.cancel")
            assert not book.withdrawn
            await app.press("invitation.differ")
            await app.press("invitation.differ_dialog.confirm")
            await app.until(lambda: "page.people" in app.ids())
            assert book.withdrawn == ["i1"] and not book.approved

    run(story)


def test_an_open_invitation_can_be_withdrawn() -> None:
    async def story() -> None:
        book = Book()
        async with Supervisor(book) as app:
            await invite(app)
            await app.press("invitation.withdraw")
            await app.press("invitation.withdraw_dialog.confirm")
            await app.until(lambda: "page.people" in app.ids())
            assert book.withdrawn == ["i1"]

    run(story)


def test_a_tablet_without_connection_is_let_in_by_codes() -> None:
    async def story() -> None:
        book = Book()
        async with Supervisor(book) as app:
            await invite(app)
            await app.press("invitation.unconnected")
            await app.write("invitation.request", "falsch")
            await app.press("invitation.request.use")
            await app.until(lambda: "invitation.problem" in app.ids())
            await app.write("invitation.request", REQUEST)
            await app.press("invitation.request.use")
            await app.until(lambda: "invitation.words" in app.ids())
            assert not book.approved, "the words are compared first"
            await app.press("invitation.match")
            await app.until(lambda: "invitation.done" in app.ids())
            assert "".join(app.words("invitation.answer.text").split()) == ANSWER

    run(story)


def test_an_answer_that_the_server_could_not_hand_over_is_shown() -> None:
    async def story() -> None:
        book = Book(handed_over=False)
        async with Supervisor(book) as app:
            await invite(app)
            await answered(app, book)
            await app.press("invitation.match")
            await app.until(lambda: "invitation.answer.qr" in app.ids())

    run(story)


def test_a_server_that_is_away_leaves_the_list_and_says_what_is_not_known() -> None:
    async def story() -> None:
        book = Book()
        supervisor = Supervisor(book)
        async with supervisor as app:
            await invite(app)
            book.away = True
            await app.press("invitation.check")
            await app.until(lambda: "invitation.problem" in app.ids())
            assert "invitation.qr" in app.ids(), "the code can still be shown"
            await app.press("invitation.back")
            await app.until(lambda: "people.away" in app.ids())
            assert "people.device.d1" in app.ids()
            book.away = False
            await app.press("people.again")
            await app.until(lambda: "people.away" not in app.ids())

    run(story)


def test_an_invitation_that_is_over_leads_to_a_new_one() -> None:
    async def story() -> None:
        book = Book()
        async with Supervisor(book) as app:
            await invite(app)
            book._state("i1", "expired")
            await app.press("invitation.check")
            await app.until(lambda: "invitation.expired" in app.ids())
            await app.press("invitation.again")
            assert "invite.name" in app.ids()

    run(story)


def test_removing_a_device_says_what_happens_first() -> None:
    async def story() -> None:
        book = Book()
        async with Supervisor(book) as app:
            await app.press("people.device.d2")
            assert words_in(app.words("people.device.words"), OTHER_WORDS)
            await app.press("people.device.remove")
            said = app.words("people.remove_dialog")
            for fact in ("no new record is sealed", "still taken", "locks itself", "new period"):
                assert fact in said
            await app.press("people.remove_dialog.cancel")
            assert not book.removed
            await app.press("people.device.d2")
            await app.press("people.device.remove")
            await app.press("people.remove_dialog.confirm")
            await app.until(lambda: "Removed" in app.words("people.device.d2"))
            assert book.removed == ["d2"]
            assert "was removed" in app.words("notice")

    run(story)


def test_the_device_in_use_cannot_remove_itself() -> None:
    async def story() -> None:
        async with Supervisor(Book()) as app:
            await app.press("people.device.d1")
            assert "people.device.words" in app.ids()
            assert "people.device.remove" not in app.ids()

    run(story)


def test_another_role_asks_first() -> None:
    async def story() -> None:
        book = Book()
        async with Supervisor(book) as app:
            await app.press("people.device.d2")
            await app.press("people.device.role")
            assert "read every record" in app.words("people.role_dialog")
            await app.press("people.role_dialog.confirm")
            await app.until(lambda: "The role was changed" in app.words())
            assert next(one for one in book.people if one.member == "m2").role == "supervisor"

    run(story)


def test_a_lost_tablet_is_replaced_and_then_removed() -> None:
    async def story() -> None:
        book = Book(unsealed=0)
        async with Supervisor(book) as app:
            await app.press("people.device.d2")
            await app.press("people.device.replace")
            assert "A new tablet for Ana Exemplu" in app.words()
            assert "invite.name" not in app.ids()
            await app.press("invite.make")
            await app.until(lambda: "invitation.qr" in app.ids())
            assert book.invitations[0].member == "m2"
            await answered(app, book)
            await app.press("invitation.match")
            await app.until(lambda: "invitation.remove_old" in app.ids())
            assert not book.removed
            await app.press("invitation.remove_old")
            await app.press("invitation.remove_old_dialog.confirm")
            await app.until(lambda: "invitation.old_gone" in app.ids())
            assert book.removed == ["d2"]

    run(story)


def test_the_page_looks_by_itself_and_stops_when_left() -> None:
    async def story() -> None:
        book = Book()
        asked: list[int] = []
        supervisor = Supervisor(book)
        async with supervisor as app:
            await invite(app)
            model = invitation_of(supervisor.desk, "i1")
            real = model.check

            async def counted() -> None:
                asked.append(1)
                await real()

            model.check = counted  # type: ignore[method-assign]
            task = asyncio.create_task(model.watch(0.01))
            await app.until(lambda: len(asked) > 1)
            book.offer("i1")
            await app.until(lambda: "invitation.words" in app.ids())
            task.cancel()

    run(story)


def test_in_romanian() -> None:
    async def story() -> None:
        async with Supervisor(Book(), language="ro") as app:
            assert "Persoane și dispozitive" in app.words("page.people")
            await app.press("people.invite")
            assert "Asistent social" in app.words()

    run(story)
