"""The two shipped forms on the real engine, filled in through the form screen."""

import asyncio
import time

import flet as ft
import pytest

from app.ui.form.fields import typed
from tests.ui.form_headless import FormWindow
from tests.ui.form_real import MemoryFilling, filling
from tests.ui.headless import run

A = "q__data_a_contact_"
PERSON = "q__data_b_people_person"
CONSENTS = ("can_talk", "resp_adult", "c_study", "c_health", "c_ethnicity", "c_contact", "c_photo")
NOTE = "Familia Exemplu plătește în rate; Ionuț merge la școală, iar bunica vine săptămânal."


def consented() -> MemoryFilling:
    """A baseline whose contact section is answered."""
    made = filling("household_baseline")
    at = "/data/a_contact/"
    made.answer(f"{at}round", "reference")
    made.answer(f"{at}listing", made.instance.at(f"{at}listing").choices[0].value)
    made.answer(f"{at}result", "interviewed")
    made.answer(f"{at}attempts", "1")
    made.answer(f"{at}consent_how", "read")
    for name in CONSENTS:
        made.answer(f"{at}{name}", "yes")
    return made


def visit(full: bool = True) -> MemoryFilling:
    """A visit whose first section is answered."""
    made = filling("post_relocation_visit")
    at = "/data/a_start/"
    answers = {
        "visit_mode": "home",
        "outcome": "met",
        "consent_still": "yes",
        "short": "full" if full else "short",
    }
    for name, value in answers.items():
        made.answer(at + name, value)
    return made


def test_saying_no_at_the_door_asks_nothing_more() -> None:
    async def story() -> None:
        made = filling("household_baseline")
        async with FormWindow(made) as form:
            await form.press(f"{A}result__interviewed")
            for name in ("can_talk", "resp_adult"):
                await form.press(f"{A}{name}__yes")
            await form.press(f"{A}c_study__no")
            assert "Mulțumiți persoanei. Nu mai întrebăm nimic" in form.words()
            assert not form.shows(f"{A}c_health__yes")
            assert [one.ref for one in made.sections()] == ["/data/a_contact"]

    run(story)


def test_names_come_first_and_details_after_the_roster_is_complete() -> None:
    async def story() -> None:
        made = consented()
        async with FormWindow(made) as form:
            assert form.shows(f"{PERSON}__add"), "opens at the first section with something to do"
            for name in ("Maria", "Dan", "Ionuț"):
                await form.write(f"{PERSON}__name", name)
                await form.submit(f"{PERSON}__name")
            await form.press(f"{PERSON}_2_")
            assert form.field(f"{PERSON}_2__p_who_p_first").value == "Dan"
            assert not form.shows(f"{PERSON}_2__p_details_p_absent__here")
            await form.press("form.done")
            await form.press("q__data_b_people_roster_done__yes")
            await form.press(f"{PERSON}_2_")
            assert "Unde este Dan în prezent?" in form.words()
            await form.type(f"{PERSON}_2__p_who_p_last", "Exemplu")
            await form.press("form.done")
            assert "Dan Exemplu" in form.words(PERSON), "the card is named by the entity's label"

    run(story)


def test_a_first_person_who_is_not_the_reference_is_told_so_at_the_question() -> None:
    async def story() -> None:
        async with FormWindow(consented()) as form:
            await form.write(f"{PERSON}__name", "Maria")
            await form.press(f"{PERSON}__add")
            await form.press(f"{PERSON}_1_")
            await form.press(f"{PERSON}_1__p_who_p_relation__child")
            assert "Prima fișă este persoana de referință, celelalte nu" in form.words()
            await form.press(f"{PERSON}_1__p_who_p_relation__head")
            assert "Prima fișă este persoana de referință, celelalte nu" not in form.words()

    run(story)


def test_last_visit_stands_in_the_margin_and_its_twin_is_not_a_question() -> None:
    async def story() -> None:
        async with FormWindow(visit()) as form:
            await form.press("form.section.data_c_rent")
            assert "Luni de chirie restante, data trecută" not in form.words()
            await form.type("q__data_c_rent_rent_months", "2")
            await form.type("q__data_c_rent_rent_ron", "610")
            words = form.words()
            assert "240 lei" in words and "370 more" in words
            assert "Chitanțe și facturi văzute" in words
            assert "118" in form.words("q__data_c_rent_util_ron_last"), (
                "no question of its own: shown, locked"
            )

    run(story)


def test_a_twin_that_depends_on_the_card_is_found_when_its_question_appears() -> None:
    async def story() -> None:
        async with FormWindow(visit()) as form:
            await form.press("form.section.data_b_people")
            assert not form.shows(f"{PERSON}__add"), "the form itself counts these cards"
            assert "Ionuț Exemplu" in form.words(PERSON)
            await form.press(f"{PERSON}_3_")
            await form.press(f"{PERSON}_3__v_here__here")
            assert "At the last visit" in form.words()
            assert form.words().count("Carte de identitate valabilă") == 2, "the choice and the margin"

    run(story)


def test_the_safety_section_opens_only_alone_and_with_agreement() -> None:
    g, fear = "q__data_g_guard_", "q__data_g_guard_g_safe_safe_fear__yes"

    async def story() -> None:
        async with FormWindow(visit()) as form:
            await form.press("form.section.data_g_guard")
            assert not form.shows(f"{g}safe_ok__yes") and not form.shows(fear)
            await form.press(f"{g}alone__no")
            assert "Săriți această parte." in form.words() and not form.shows(f"{g}safe_ok__yes")
            await form.press(f"{g}alone__yes")
            assert "Săriți această parte." not in form.words() and not form.shows(fear)
            await form.press(f"{g}safe_ok__yes")
            assert form.shows(fear)
            await form.press(f"{g}alone__unsure")
            assert not form.shows(fear)

    run(story)


def test_the_language_changes_in_the_middle_of_the_form_and_everything_stays() -> None:
    async def story() -> None:
        made = visit()
        async with FormWindow(made) as form:
            await form.press("form.section.data_c_rent")
            await form.type("q__data_c_rent_rent_months", "2", leave=False)
            item = next(
                one
                for one in form.find(ft.PopupMenuItem)
                if any(
                    isinstance(part, ft.Semantics) and part.identifier == "form.language.en"
                    for part in form.walk(one)
                )
            )
            await form.session.dispatch_event(item._i, "click", None)
            await form.settle()
            assert "How many months of rent are unpaid?" in form.words()
            assert "C. Rent and bills" in form.words("form.title")
            assert form.field("q__data_c_rent_rent_months").value == "2"
            assert ("/data/c_rent/rent_months", "2") in made.journal

    run(story)


def test_typing_into_the_real_form_loses_nothing_and_draws_no_field(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = typed.bare_field
    monkeypatch.setattr(
        typed, "bare_field", lambda c, s, model, **more: drawn.append(model.ref) or real(c, s, model, **more)
    )

    async def story() -> None:
        made = consented()
        async with FormWindow(made) as form:
            await form.press("form.section.data_f_close")
            drawn.clear()
            began = time.perf_counter()
            await form.type("q__data_f_close_worker_note", NOTE, leave=False, pace=0.015)
            slowest = (time.perf_counter() - began) / len(NOTE)
            assert drawn == []
            await asyncio.sleep(0.25)
            assert made.instance.at("/data/f_close/worker_note").text == NOTE, (
                "kept without leaving the field"
            )
            assert slowest < 0.1, f"{slowest * 1000:.0f} ms a key"

    run(story)


def test_what_is_missing_is_said_at_its_section_and_led_to() -> None:
    async def story() -> None:
        async with FormWindow(visit(full=False)) as form:
            await form.press("form.section.data_z_tenancy")
            await form.press("form.next")
            assert form.shows("form.problem.data_c_rent_rent_seen")
            assert not form.shows("form.problem.data_g_guard_alone"), "not asked in a short visit"
            await form.press("form.problem.data_b_people_person_3__v_here")
            assert form.shows(f"{PERSON}_3__v_here__here")
            assert "Ionuț Exemplu" in form.words("form.title")
            await form.press("form.check")
            assert form.shows("form.problem.data_c_rent_rent_seen")

    run(story)
