"""The form screen on a headless window: typing, choosing, leaving, finishing, and what is drawn again."""

import asyncio
from datetime import UTC, datetime

import flet as ft
import pytest

from app.ui.form.fields import typed
from app.usecases.views import Comment
from tests.ui.form_desk import context
from tests.ui.form_fake import FakeFilling, visit
from tests.ui.form_headless import FormWindow
from tests.ui.headless import run

RENT, PAID, NEXT_ON, STORY = (
    "q__data_start_rent",
    "q__data_start_paid",
    "q__data_start_next_on",
    "q__data_start_story",
)


def test_a_section_shows_its_questions_and_not_those_of_others() -> None:
    async def story() -> None:
        async with FormWindow(visit()) as form:
            assert "Câtă chirie este neplătită astăzi, în lei?" in form.words()
            assert "Familia Exemplu 12" in form.words()
            assert form.shows(RENT) and form.shows(f"{PAID}__part")
            assert not form.shows(NEXT_ON), "not relevant yet"
            assert not form.shows("q__data_rest_gps"), "another section"

    run(story)


def test_fast_typing_is_kept_to_the_last_letter_and_the_field_is_never_drawn_again(monkeypatch) -> None:
    drawn: list[str] = []
    real = typed.bare_field
    monkeypatch.setattr(
        typed, "bare_field", lambda c, s, model, **more: drawn.append(model.ref) or real(c, s, model, **more)
    )
    text = "Țepeș spune că plătește în rate; chiria e mare, iarna vine, copiii merg la școală."

    async def story() -> None:
        filling = visit()
        async with FormWindow(filling) as form:
            drawn.clear()
            field = await form.type(STORY, text, leave=False, pace=0.01)
            assert drawn == [], "the field was drawn while it was typed in"
            assert field is form.field(STORY)
            await form.blur(STORY)
            assert filling.instance.answers["/data/start/story"] == text
            assert len(filling.journal) > 2, "kept while typing, not only at the end"

    run(story)


def test_a_choice_is_kept_at_once_and_its_follow_up_appears() -> None:
    async def story() -> None:
        filling = visit()
        async with FormWindow(filling) as form:
            await form.press(f"{PAID}__part")
            assert filling.journal == [("/data/start/paid", "part")]
            assert form.shows(NEXT_ON)
            card = next(one for one in form.find(ft.Semantics, identifier=f"{PAID}__part"))
            assert card.checked is True
            await form.press(f"{PAID}__part")
            assert filling.instance.answers["/data/start/paid"] == ""
            assert not form.shows(NEXT_ON)

    run(story)


def test_several_choices_are_kept_in_the_lists_order() -> None:
    async def story() -> None:
        filling = visit()
        async with FormWindow(filling) as form:
            for value in ("bills", "work"):
                await form.press(f"q__data_start_why__{value}")
            assert filling.instance.answers["/data/start/why"] == "work bills"

    run(story)


def test_messages_come_when_they_should() -> None:
    async def story() -> None:
        async with FormWindow(visit()) as form:
            await form.type(RENT, "12400", leave=False)
            await asyncio.sleep(0.25)
            assert "Cel mult 5000" not in form.words()
            await form.blur(RENT)
            assert "Cel mult 5000" in form.words()
            await form.press("form.next")
            await form.press("form.previous")
            assert "Not answered yet. It is needed before you finish." in form.words()

    run(story)


def test_finish_leads_to_every_open_question_and_then_finishes() -> None:
    async def story() -> None:
        filling = visit()
        async with FormWindow(filling) as form:
            await form.press("form.section.data_rest")
            await form.press("form.next")
            assert "4 things before you finish" in form.words()
            await form.press("form.problem.data_people_person_1__age")
            assert "Câți ani are" in form.words()
            await form.type("q__data_people_person_1__age", "34")
            await form.type("q__data_people_person_1__name", "Maria Exemplu")
            await form.press("form.check")
            assert "2 things before you finish" in form.words()
            await form.press("form.first")
            await form.type(RENT, "0")
            await form.press(f"{PAID}__no")
            await form.press("form.check")
            assert "Nothing is missing" in form.words()
            await form.press("form.finish")
            await form.until(lambda: form.outcomes)
            assert form.outcomes == ["finished"] and filling.finished

    run(story)


def test_keep_as_a_draft_and_the_back_arrow_leave_with_everything_kept() -> None:
    async def story() -> None:
        filling = visit()
        async with FormWindow(filling) as form:
            await form.type(RENT, "310", leave=False)
            await form.press("form.back")
            assert form.outcomes == ["kept"]
            assert filling.journal == [("/data/start/rent", "310")]

    run(story)


def test_an_app_that_goes_out_of_sight_keeps_what_was_just_typed() -> None:
    async def story() -> None:
        filling = visit()
        async with FormWindow(filling) as form:
            await form.type(RENT, "310", leave=False)
            form.c.desk.keep.emit()
            assert filling.journal == [("/data/start/rent", "310")]

    run(story)


def test_the_back_gesture_goes_one_step_out_before_it_leaves_the_form() -> None:
    async def story() -> None:
        async with FormWindow(visit()) as form:
            nav = form.c.desk.nav
            await form.press("form.next")
            await form.press("q__data_people_person_1_")
            assert form.shows("q__data_people_person_1__age")
            assert nav.back()
            await form.settle()
            assert form.shows("q__data_people_person__add")
            assert not nav.back(), "nothing left to go back to inside the form"

    run(story)


def test_cards_are_added_by_name_opened_and_removed_after_a_question() -> None:
    async def story() -> None:
        filling = visit()
        person = "q__data_people_person"
        async with FormWindow(filling) as form:
            await form.press("form.next")
            for name in ("Maria Exemplu", "Dan Exemplu"):
                await form.write(f"{person}__name", name)
                await form.press(f"{person}__add")
            assert form.field(f"{person}__name").value == ""
            assert "Maria Exemplu" in form.words() and "Dan Exemplu" in form.words()
            await form.press(f"{person}_2___remove")
            assert "Remove Dan Exemplu?" in form.words()
            assert filling.instance.counts["/data/people/person"] == 2, "nothing before the answer"
            await form.press(f"{person}__removing.confirm")
            assert filling.instance.counts["/data/people/person"] == 1
            await form.press(f"{person}_1_")
            assert form.shows(f"{person}_1__age")
            await form.press("form.done")
            assert form.shows(f"{person}__add")

    run(story)


def test_the_sheet_of_a_long_list_is_searched_and_answers() -> None:
    async def story() -> None:
        filling = visit()
        school = "q__data_rest_school"
        async with FormWindow(filling) as form:
            await form.press("form.section.data_rest")
            await form.press(school)
            await form.write(f"{school}__search", "scoala 33")
            assert form.shows(f"{school}__s33") and not form.shows(f"{school}__s12")
            await form.press(f"{school}__s33")
            assert filling.instance.answers["/data/rest/school"] == "s33"
            assert "Școala nr. 33" in form.words(school)

    run(story)


def test_every_kind_of_question_can_be_answered() -> None:
    async def story() -> None:
        filling = visit()
        answers = filling.instance.answers
        async with FormWindow(filling) as form:
            await form.press("form.section.data_rest")
            await form.type("q__data_rest_month_on", "11.2026")
            await form.type("q__data_rest_at__date", "3.11.2026")
            await form.type("q__data_rest_at__time", "930")
            await form.press("q__data_rest_order__keep")
            await form.press("q__data_rest_order__c.up")
            await form.press("q__data_rest_life__7")
            await form.press("q__data_rest_ok__OK")
            await form.type("q__data_rest_gps", "46.77, 23.62")
            assert answers["/data/rest/month_on"] == "2026-11-01"
            assert answers["/data/rest/at"].startswith("2026-11-03T09:30:00.000")
            assert answers["/data/rest/order"] == "a c b"
            assert answers["/data/rest/life"] == "7"
            assert answers["/data/rest/ok"] == "OK"
            assert answers["/data/rest/gps"] == "46.77 23.62 0 0"
            assert "H-0112" in form.words("q__data_rest_code")
            assert "cannot take this kind of answer yet" in form.words("q__data_rest_voice")

    run(story)


def test_a_correction_shows_the_comments_at_the_top_and_at_their_question() -> None:
    said = Comment("/data/start/rent", "Câtă chirie?", "Verificați suma.", "Ioana Exemplu", datetime.now(UTC))

    async def story() -> None:
        async with FormWindow(visit(comments={"/data/start/rent": (said,)})) as form:
            assert "1 comment to answer" in form.words("form.comments")
            assert form.words().count("Verificați suma.") == 2
            assert "Ioana Exemplu" in form.words()

    run(story)


def test_a_tablet_that_is_full_says_so_and_keeps_the_answer_on_the_screen() -> None:
    async def story() -> None:
        filling = visit()
        async with FormWindow(filling) as form:
            filling.fails = True
            await form.type(RENT, "310")
            assert "Not saved" in form.words("form.saved")
            assert form.shows("form.trouble")
            assert form.field(RENT).value == "310"
            filling.fails = False
            await form.press(f"{PAID}__no")
            await form.press("form.next")
            assert "Saved" in form.words("form.saved")
            assert filling.journal[-1] == ("/data/start/rent", "310")

    run(story)


@pytest.mark.parametrize(
    "c",
    [
        context(390, 844),
        context(390, 844, scale=2.0, dark=True),
        context(800, 1280, language="ro"),
        context(1280, 800, rtl=True, language="ar"),
    ],
    ids=["phone", "phone 200 % dark", "tablet ro", "right to left"],
)
def test_every_section_is_drawn_in_every_room(c) -> None:
    async def story() -> None:
        filling = visit()
        async with FormWindow(filling, c) as form:
            for _ in range(2):
                assert not form.shows("problem")
                await form.press("form.next")
            assert form.shows("q__data_rest_gps")
            if not c.expanded:
                await form.press("form.outline.open")
                await form.press("form.section.data_start")
                assert form.shows(RENT)

    run(story)


def test_the_keyboard_that_opens_below_a_field_draws_no_question_again() -> None:
    from app.ui.form.kit import steady

    assert steady(context(390, 844), "ro") == steady(context(390, 420), "ro")
    assert steady(context(390, 844), "ro") != steady(context(844, 390), "ro")
    assert steady(context(800, 1280), "العربية (ar)").rtl
    assert not steady(context(800, 1280, rtl=True), "Română (ro)").rtl
    assert steady(context(800, 1280, rtl=True), "").rtl


def test_a_filling_hears_of_nothing_after_the_screen_is_gone() -> None:
    async def story() -> None:
        filling = FakeFilling(visit().instance)
        async with FormWindow(filling) as form:
            assert filling._listeners
            form.page.render(_empty)
            await form.settle()
            assert not filling._listeners

    run(story)


@ft.component
def _empty() -> ft.Control:
    return ft.Text("gone")
