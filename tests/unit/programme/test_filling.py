"""The synthetic dozen and the scripted visits through the real forms: no question left over, entities as specified."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from app.demo.population import demo_households
from app.demo.population_people import equivalent_size, rooms_needed
from app.demo.population_steps import Step
from app.demo.population_visit import demo_last_visit, demo_visit_steps
from app.programme.answers import read_answers
from app.programme.entities import EntityStore
from app.programme.households import household_rows
from app.programme.last_visit import last_answers
from app.programme.people import people_of
from app.programme.risk import RiskInputs, assess
from app.programme.risk_words import reasons
from app.programme.timeline import arrears, timeline
from app.programme.visits import visits_of
from tests.unit.programme.filling import as_record, context, form, problems, start, take
from tests.unit.programme.made import CONFIG, TOML, record

TODAY = date(2026, 11, 21)
DOZEN = demo_households(TODAY)
FIRST = DOZEN[0]
BASELINE, VISIT = "household_baseline", "post_relocation_visit"


@cache
def baseline(number: int) -> Any:
    """(the filled instance, what finishing it gave)"""
    one = DOZEN[number - 1]
    instance = start(BASELINE, one.baseline_on, seed=number)
    take(instance, one.steps)
    assert problems(instance) == []
    return instance, instance.finalise()


def household_id(number: int) -> str:
    return next(one.entity_id for one in baseline(number)[1].entities if one.list_name == "households")


@cache
def register() -> tuple[dict[str, Any], ...]:
    """The published programme with the homes of the dozen, and their baselines."""
    homes = [one.tenancy_operation(household_id(one.number)) for one in DOZEN]
    source = {"id": VISIT, "version": "1", "xml": form_xml(), "media": {}}
    body = {"name": "pata_cluj", "version": "1", "toml": TOML, "forms": [source], "lists": {}}
    published = record(
        "programme", {**body, "entities": [one for one in homes if one]}, revision="p", index=0
    )
    baselines = [
        as_record(BASELINE, f"b{one.number}", one.number, one.baseline_on, baseline(one.number)[1],
                  household=household_id(one.number))
        for one in DOZEN
    ]  # fmt: skip
    return (published, *baselines)


@cache
def form_xml() -> str:
    import forms
    from tests.unit.library.sheets import FOLDER

    return forms.compile_xlsform(FOLDER.xlsforms()[VISIT]).xform_xml.decode()


def visited(steps: list[Step], on: date, index: int, *before: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A visit filled in with the entity lists as they stand then: (instance, record)."""
    store = EntityStore.from_records([*register(), *before])
    instance = start(VISIT, on, store.rows(), seed=100 + index)
    take(instance, steps)
    assert problems(instance) == []
    assert FIRST.tenancy is not None
    home = FIRST.tenancy["entity_id"]
    made = as_record(
        VISIT, f"v{index}", index, on, instance.finalise(), household=household_id(1), tenancy=home
    )
    return instance, made


@cache
def earlier() -> tuple[Any, dict[str, Any]]:
    before = demo_last_visit(FIRST, TODAY)
    return visited(list(before.steps), before.on, 20)


@cache
def present() -> tuple[Any, dict[str, Any]]:
    return visited(demo_visit_steps(FIRST, TODAY), TODAY, 21, earlier()[1])


@pytest.mark.parametrize("number", range(1, 13))
def test_a_baseline_fills_in_without_problems_and_gives_its_entities(number: int) -> None:
    form(BASELINE)
    one, (instance, finished) = DOZEN[number - 1], baseline(number)
    lists = [entity.list_name for entity in finished.entities]
    assert lists.count("households") == 1 and lists.count("persons") == len(one.members)
    assert all(entity.operation == "create" for entity in finished.entities)
    household = next(entity for entity in finished.entities if entity.list_name == "households")
    assert household.label == f"{one.code} {one.label}"
    assert household.properties["code"] == one.code
    assert household.properties["n_people"] == str(len(one.members))
    assert household.properties["baseline_on"] == one.baseline_on.isoformat()
    assert instance.at("/data/z_calc/rooms_needed").text == str(rooms_needed(one.members, one.baseline_on))
    assert float(instance.at("/data/z_calc/eq_size").text) == pytest.approx(
        equivalent_size(one.members, one.baseline_on)
    )


def test_what_is_private_is_in_no_entity() -> None:
    form(BASELINE)
    private = CONFIG.forms[BASELINE].private
    for number in range(1, 13):
        for entity in baseline(number)[1].entities:
            assert not private & set(entity.properties)
            assert not {"roma", "romanian", "hungarian"} & set(entity.properties.values())


def test_the_first_question_decides_whether_anything_is_registered() -> None:
    form(BASELINE)
    instance = start(BASELINE, TODAY)
    for ref, value in [
        ("round", "reference"), ("listing", "syn001"), ("result", "refused"), ("attempts", "2"),
    ]:  # fmt: skip
        instance.at(f"/data/a_contact/{ref}").answer(value)
    assert problems(instance) == []
    finished = instance.finalise()
    assert list(finished.entities) == []
    assert finished.instance_name == "SYN-001 refused"


def test_details_open_when_the_roster_is_complete() -> None:
    form(BASELINE)
    one = DOZEN[0]
    steps = list(one.steps)
    done = next(n for n, step in enumerate(steps) if step.ref.endswith("roster_done"))
    instance = start(BASELINE, one.baseline_on)
    take(instance, steps[:done])
    assert not instance.at("/data/b_people/person[1]/p_details").relevant
    take(instance, steps[done : done + 1])
    assert instance.at("/data/b_people/person[1]/p_details").relevant


def test_households_people_and_homes_come_out_of_the_records() -> None:
    form(BASELINE)
    store = EntityStore.from_records(register())
    rows = household_rows(store, visits_of(register(), CONFIG), CONFIG, TODAY)
    assert [row.code for row in rows] == [one.code for one in DOZEN]
    assert [row.label for row in rows] == [one.label for one in DOZEN]
    assert [row.n_people for row in rows] == [len(one.members) for one in DOZEN]
    assert {person.name for person in people_of(store, household_id(1), TODAY)} == {
        one.name for one in FIRST.members
    }
    assert store.conflicts == ()


def test_the_earlier_visit_updates_people_and_home() -> None:
    form(VISIT)
    instance, made = earlier()
    operations = made["body"]["entities"]
    kinds = [(one["list_name"], one["operation"]) for one in operations]
    assert kinds.count(("persons", "update")) == len(FIRST.members)
    assert kinds.count(("tenancies", "update")) == 1 and kinds.count(("steps", "create")) == 1
    home = next(one["properties"] for one in operations if one["list_name"] == "tenancies")
    assert (home["last_visit_kind"], home["last_rent_ron"], home["missed_visits"]) == ("m9", "300", "0")
    assert home["last_visit_on"] == "2026-08-21"
    assert instance.at("/data/a_start/t_rent").text == "300"
    assert len(instance.at("/data/b_people/person").children) == len(FIRST.members)


def test_the_present_visit_shows_what_the_earlier_one_said() -> None:
    form(VISIT)
    instance, made = present()
    assert instance.at("/data/c_rent/rent_ron_last").value == 300
    assert instance.at("/data/e_life/income_last").value == 2900
    assert instance.at("/data/i_steps/step[1]/st_text").text == "Cerere pentru ajutorul de încălzire"
    found = last_answers(
        [*register(), earlier()[1], made], VISIT, household_id(1), excluding={made["record"]}
    )
    assert found is not None and found.on == date(2026, 8, 21)

    def at(ref: str) -> str:
        return str(instance.at(ref).text)

    assert found.answer("/data/c_rent/rent_ron", at) == "300"
    assert found.answer("/data/b_people/person[2]/v_here", at) == "here"
    assert found.answer("/data/i_steps/step[2]/st_text_in", at) == ""


def test_points_of_the_form_and_of_the_app_are_the_same() -> None:
    form(VISIT)
    for instance, made in (earlier(), present()):
        answers = read_answers(made["body"]["xml"])
        risk = assess(RiskInputs.from_answers(answers, answers.day("visit_on") or TODAY), CONFIG.risk)
        assert str(risk.points) == instance.at("/data/k_risk/risk_score").text
        assert risk.level == instance.at("/data/k_risk/risk_level").text
        assert {one.code for one in risk.signals} == set(instance.at("/data/k_risk/risk_codes").text.split())


def test_the_household_after_the_visit() -> None:
    form(VISIT)
    records = [*register(), earlier()[1], present()[1]]
    store = EntityStore.from_records(records)
    row = household_rows(store, visits_of(records, CONFIG), CONFIG, TODAY)[0]
    assert row.last_visit_on == TODAY
    assert row.next_visit is not None and (row.next_visit.kind, row.next_visit.state) == ("m18", "upcoming")
    assert row.risk is not None and row.risk.level == "high"
    shown, more = reasons(row.risk, CONFIG.risk, "en")
    assert shown[0] == "2 months of rent are unpaid (610 lei)." and more == 2
    open_steps = store.where("steps", household=row.id, status="open")
    assert [one.label for one in open_steps] == ["Cerem împreună un plan de plată"]
    items = timeline(records, row.id, CONFIG)
    assert [one.form for one in items] == [VISIT, VISIT, BASELINE]
    assert arrears(items) == [(date(2026, 8, 21), 300), (TODAY, 610)]
    assert store.conflicts == ()


def test_nobody_home_asks_nothing_more_and_counts_a_missed_visit() -> None:
    form(VISIT)
    store = EntityStore.from_records(register())
    instance = start(VISIT, TODAY, store.rows())
    short = [step for step in demo_visit_steps(FIRST, TODAY) if step.ref.startswith("/data/a_start")][:4]
    take(instance, [*short, Step("answer", "/data/a_start/outcome", "absent")])
    assert problems(instance) == []
    (home,) = [one for one in instance.finalise().entities]
    assert home.list_name == "tenancies" and home.properties["missed_visits"] == "1"


def test_safety_answers_reach_no_entity_and_open_only_when_alone() -> None:
    form(VISIT)
    alone = "/data/g_guard/alone"
    steps = [replace(one, value="yes") if one.ref == alone else one for one in demo_visit_steps(FIRST, TODAY)]
    store = EntityStore.from_records([*register(), earlier()[1]])
    instance = start(VISIT, TODAY, store.rows())
    take(instance, steps)
    assert not instance.at("/data/g_guard/g_safe").relevant
    instance.at("/data/g_guard/safe_ok").answer("yes")
    instance.at("/data/g_guard/g_safe/safe_fear").answer("yes")
    instance.at("/data/g_guard/g_safe/safe_now").answer("no")
    assert instance.at("/data/g_guard/g_safe/danger_note").relevant
    finished = instance.finalise()
    assert b"<safe_fear>yes</safe_fear>" in finished.xml
    names = {name for one in finished.entities for name in one.properties}
    assert not {name for name in names if "safe" in name or "distress" in name}
    instance.at("/data/g_guard/alone").answer("no")
    assert b"<safe_fear>yes</safe_fear>" not in instance.finalise().xml


def test_a_corrected_baseline_keeps_its_ids() -> None:
    form(BASELINE)
    finished = baseline(1)[1]
    again = form(BASELINE).open(finished.xml, context(TODAY, seed=77), edit=True)
    again.at("/data/b_people/person[2]/p_who/p_first").answer("Ana Maria")
    assert problems(again) == []
    corrected = again.finalise()
    before = {one.entity_id: one for one in finished.entities}
    after = {one.entity_id: one for one in corrected.entities}
    assert set(before) == set(after)
    changed = [one for one in after.values() if one.label != before[one.entity_id].label]
    assert [one.label for one in changed] == [f"Ana Maria {FIRST.members[1].last}"]
    revision = as_record(BASELINE, "b1", 50, TODAY, corrected, household=household_id(1))
    revision |= {"revision": "b1b", "parents": ["b1"]}
    store = EntityStore.from_records([*register(), revision])
    assert "Ana Maria Exemplu 1" in {one.name for one in people_of(store, household_id(1), TODAY)}
    assert store.conflicts == ()


def test_a_later_sync_does_not_move_the_cards_of_a_draft() -> None:
    form(VISIT)
    store = EntityStore.from_records(register())
    instance = start(VISIT, TODAY, store.rows())
    take(instance, [step for step in demo_visit_steps(FIRST, TODAY) if "/step[" not in step.ref][:12])
    card = "/data/b_people/person[2]/v_id"
    known = instance.at(card).text
    rows = {name: list(found) for name, found in store.rows().items()}
    stranger = {**rows["persons"][0], "name": "new-one", "label": "Nou", "household": household_id(1)}
    resumed = form(VISIT).open(
        instance.to_xml(), context(TODAY, {**rows, "persons": [stranger, *rows["persons"]]}), edit=False
    )
    assert resumed.at(card).text == known
    assert len(resumed.at("/data/b_people/person").children) == len(FIRST.members)
