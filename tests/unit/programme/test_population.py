"""The synthetic dozen: the same every time, marked as synthetic, and true to the rules it was made by."""

from datetime import date
from typing import Any

import pytest

from app.demo.population import DemoHousehold, demo_households
from app.demo.population_people import rooms_needed
from app.demo.population_visit import demo_last_visit, demo_visit_steps
from app.programme.entities import EntityStore
from app.programme.households import HouseholdRow, household_rows
from tests.unit.programme.made import CONFIG, operation, published

TODAY = date(2026, 11, 21)
DOZEN = demo_households(TODAY)


def answer(household: DemoHousehold, ref: str) -> str:
    found = [step.value for step in household.steps if step.ref == ref]
    assert len(found) == 1, ref
    return found[0]


def test_the_same_on_every_run() -> None:
    assert demo_households(TODAY) == DOZEN
    assert len(DOZEN) == 12


def test_everything_says_that_it_is_synthetic() -> None:
    for one in DOZEN:
        assert one.code == f"SYN-{one.number:03}" and one.label == f"Familia Exemplu {one.number}"
        assert all(f"Exemplu {one.number}" in member.name for member in one.members)
        assert "Synthetic" in answer(one, "/data/f_close/worker_note")
    assert len({one.name for household in DOZEN for one in household.members}) == sum(
        len(one.members) for one in DOZEN
    )


@pytest.mark.parametrize("one", DOZEN, ids=lambda one: one.code)
def test_no_contradictions(one: DemoHousehold) -> None:
    on = one.baseline_on
    head = one.members[0]
    assert head.relation == "head" and head.age(on) >= 18
    assert sum(member.partner for member in one.members) in (0, 2)
    assert all(member.born < on for member in one.members)
    assert all(member.age(on) <= head.age(on) - 18 for member in one.members if member.relation == "child")
    needed, rooms = rooms_needed(one.members, on), int(answer(one, "/data/c_home/rooms"))
    assert rooms < needed or one.number == 9


def test_a_known_family_needs_its_rooms() -> None:
    """One room for all, one for the couple, one for each pair of small children."""
    sizes = {one.number: rooms_needed(one.members, one.baseline_on) for one in DOZEN}
    ages = {one.number: [member.age(one.baseline_on) for member in one.members] for one in DOZEN}
    assert sizes[11] == 2 and len(ages[11]) == 1
    assert all(count >= 2 for count in sizes.values())


@pytest.mark.parametrize(
    "today", [date(2026, 11, 21), date(2027, 2, 28), date(2028, 2, 29), date(2026, 12, 31)]
)
def test_homes_give_late_due_and_coming_visits_whatever_the_day(today: date) -> None:
    states = [row.next_visit.state for row in rows(today) if row.next_visit]
    assert states.count("overdue") >= 2 and states.count("due") >= 3 and states.count("upcoming") >= 2
    assert len(states) == 9


def test_the_first_household_is_due_today() -> None:
    first = rows(TODAY)[0]
    assert first.next_visit is not None
    assert (first.next_visit.kind, first.next_visit.due_on, first.next_visit.state) == ("m12", TODAY, "due")


def test_some_homes_ask_for_attention() -> None:
    levels = [row.risk.level for row in rows(TODAY) if row.risk]
    assert {"steady", "watch", "high"} <= set(levels)


def test_a_household_without_a_home_cannot_be_visited() -> None:
    with pytest.raises(ValueError, match="SYN-012"):
        demo_visit_steps(DOZEN[11], TODAY)
    assert DOZEN[11].tenancy_operation("h") is None


def test_the_visit_before_left_a_step_that_this_one_closes() -> None:
    before, now = demo_last_visit(DOZEN[0], TODAY), demo_visit_steps(DOZEN[0], TODAY)
    assert before.on == date(2026, 8, 21)
    assert [step.ref for step in before.steps if "st_text_in" in step.ref] == [
        "/data/i_steps/step[1]/st_text_in"
    ]
    refs = [step.ref for step in now if "/step[" in step.ref]
    assert refs[0] == "/data/i_steps/step[1]/st_out" and "/data/i_steps/step[2]/st_text_in" in refs
    assert next(step.ref for step in now if step.prefilled) == "/data/a_start/tenancy"


def rows(today: date) -> list[HouseholdRow]:
    operations: list[dict[str, Any]] = []
    for one in demo_households(today):
        identity = f"h{one.number:02}"
        operations.append(
            operation("create", "households", identity, f"{one.code} {one.label}", code=one.code)
        )
        home = one.tenancy_operation(identity)
        operations += [home] if home else []
    return household_rows(EntityStore.from_records([published(entities=operations)]), {}, CONFIG, today)
