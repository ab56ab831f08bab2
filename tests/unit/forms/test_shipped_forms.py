"""The two forms that must run first, filled in from end to end with synthetic people."""

from functools import cache
from pathlib import Path
from typing import Any

import forms
from tests.unit.forms.making import context, texts

LIBRARY = Path(forms.__file__).parent / "library" / "pata_cluj"
PERSON = {"household": "h1", "status": "present", "sex": "f"}
LISTS: dict[str, list[dict[str, str]]] = {
    "tenancies": [
        {"name": "t1", "label": "A12", "household": "h1", "flat_code": "A12", "status": "active", "rent": "300",
         "last_visit_on": "2026-10-01", "__version": "3"},
        {"name": "t0", "label": "B1", "household": "h0", "status": "ended"},
    ],
    "persons": [
        {"name": "p1", "label": "Exemplu Unu", "full_name": "Exemplu Unu", "birth_year": "1990", "__version": "1",
         **PERSON},
        {"name": "p2", "label": "Exemplu Doi", "full_name": "Exemplu Doi", "birth_year": "2015",
         "school_now": "school", "__version": "2", **PERSON},
        {"name": "p3", "label": "Plecat", "full_name": "Plecat", "household": "h1", "status": "moved"},
    ],
    "steps": [{"name": "s1", "label": "Plata", "tenancy": "t1", "status": "open", "theme": "rent", "__version": "1"}],
}  # fmt: skip


@cache
def shipped(name: str) -> forms.Form:
    path = LIBRARY / f"{name}.xlsx"
    compiled = forms.compile_xlsform(path)
    return forms.load_xform(compiled.xform_xml, media=compiled.media)


def answer(instance: Any, place: str, **answers: str) -> None:
    for name, value in answers.items():
        instance.at(f"{place}/{name}").answer(value)


def test_a_household_is_registered_with_its_people() -> None:
    instance = shipped("household_baseline").new(context())
    contact, person = "/data/a_contact", "/data/b_people/person"
    listing = instance.at(f"{contact}/listing").choices[0].value
    answer(instance, contact, round="reference", listing=listing, result="interviewed", attempts="1", can_talk="yes",
           resp_adult="yes", consent_how="read", c_study="yes", c_health="no", c_ethnicity="no", c_contact="yes",
           c_photo="no")  # fmt: skip
    assert texts(instance, f"{contact}/go") == ["1"]
    instance.add_repeat(person)
    answer(instance, f"{person}[1]/p_who", p_first="Exemplu", p_last="Unu", p_relation="head", p_sex="f")
    answer(instance, f"{person}[2]/p_who", p_first="Exemplu", p_last="Doi", p_relation="head", p_sex="m")
    assert instance.at(f"{person}[2]/p_who/p_relation").validity.condition == "constraint"
    answer(instance, f"{person}[2]/p_who", p_relation="child")
    answer(instance, "/data/b_people", roster_done="yes")
    answer(instance, f"{person}[1]/p_details", p_age_how="year", p_birth_year_in="1990")
    answer(instance, f"{person}[2]/p_details", p_age_how="guess", p_age_guess="4")
    assert texts(instance, "b_people/n_people", "b_people/n_child") == ["2", "1"]
    done = instance.finalise()
    homes = [e for e in done.entities if e.list_name == "households"]
    people = [e for e in done.entities if e.list_name == "persons"]
    assert [e.operation for e in done.entities] == ["create"] * 3
    assert homes[0].properties["n_people"] == "2"
    assert {e.properties["household"] for e in people} == {homes[0].entity_id}
    assert [e.properties["birth_year"] for e in people] == ["1990", "2022"]


def test_without_consent_nobody_is_registered() -> None:
    instance = shipped("household_baseline").new(context())
    answer(instance, "/data/a_contact", result="interviewed", resp_adult="yes", c_study="no")
    assert instance.at("/data/a_contact/stop_note").relevant
    assert not instance.at("/data/b_people").relevant
    done = instance.finalise()
    assert done.entities == [] and b"<b_people" not in done.xml


def visit(lists: dict[str, list[dict[str, str]]]) -> Any:
    instance = shipped("post_relocation_visit").new(context(entities=lists))
    answer(instance, "/data/a_start", tenancy="t1", visit_kind="m1", visit_mode="home", outcome="met",
           consent_still="yes", short="full")  # fmt: skip
    return instance


def test_a_visit_starts_from_what_is_known() -> None:
    instance = shipped("post_relocation_visit").new(context(entities=LISTS))
    assert [choice.value for choice in instance.at("/data/a_start/tenancy").choices] == ["t1"]
    assert instance.at("/data/b_people/person").children == []
    instance = visit(LISTS)
    assert texts(instance, "a_start/household", "a_start/t_rent", "a_start/visit_on") == [
        "h1",
        "300",
        "2026-11-21",
    ]
    assert "Exemplu Unu, Exemplu Doi" in instance.at("/data/b_people/names_note").label
    assert len(instance.at("/data/b_people/person").children) == 2
    assert texts(instance, "i_steps/step[1]/st_text") == ["Plata"]


def test_a_visit_updates_the_known_and_creates_the_new() -> None:
    instance = visit(LISTS)
    answer(instance, "/data/b_people", n_new="1")
    cards = [card.ref for card in instance.at("/data/b_people/person").children]
    for card in cards:
        answer(instance, card, v_here="here")
    answer(instance, cards[2], v_first="Exemplu Trei")
    answer(instance, cards[1], v_here="moved")
    done = {entity.label or entity.list_name: entity for entity in instance.finalise().entities}
    assert (done["Exemplu Unu"].operation, done["Exemplu Unu"].base_version) == ("update", "1")
    assert done["Exemplu Doi"].properties["status"] == "moved"
    assert (done["Exemplu Trei"].operation, done["Exemplu Trei"].base_version) == ("create", None)
    assert done["tenancies"].properties["last_visit_on"] == "2026-11-21"


def test_a_later_sync_does_not_move_the_cards() -> None:
    draft = visit(LISTS).to_xml()
    early = {"name": "p0", "label": "Mai nou", "full_name": "Mai nou", **PERSON}
    later = {**LISTS, "persons": [early, *LISTS["persons"]]}
    reopened = shipped("post_relocation_visit").open(draft, context(entities=later))
    cards = reopened.at("/data/b_people/person").children
    assert [reopened.at(f"{card.ref}/v_id").text for card in cards] == ["p1", "p2"]
