"""The follow-up schedule: when each visit is planned, and in which state it is."""

from datetime import date, timedelta

import pytest

from app.programme.calendar_days import add_months, add_working_days, months_between
from app.programme.schedule import PlannedVisit, TenancyDates, next_planned, planned_visits
from app.programme.visits import Visit
from tests.shared_material import shared
from tests.unit.programme.made import CONFIG

RULES = CONFIG.schedule
START = date(2026, 1, 10)
TENANCY = TenancyDates(START)


def plan(*visits: Visit, today: date, tenancy: TenancyDates = TENANCY) -> dict[str, PlannedVisit]:
    return {one.kind: one for one in planned_visits(tenancy, visits, RULES, today)}


def met(kind: str, on: date, mode: str = "home") -> Visit:
    return Visit(on=on, kind=kind, outcome="met", mode=mode)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 1, 10), 36, date(2029, 1, 10)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_calendar_months_end_on_the_last_day_where_the_day_is_missing(
    start: date, months: int, end: date
) -> None:
    assert add_months(start, months) == end


def test_months_between_counts_whole_months() -> None:
    assert months_between(date(2026, 1, 31), date(2026, 2, 27)) == 0
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert months_between(date(2025, 9, 12), date(2026, 11, 21)) == 14
    assert months_between(date(2026, 11, 21), date(2026, 11, 1)) == 0


def test_working_days_skip_the_weekend() -> None:
    assert add_working_days(date(2026, 11, 20), 3) == date(2026, 11, 25)  # Friday → Wednesday


def test_twelve_visits_on_their_days() -> None:
    days = {kind: one.due_on for kind, one in plan(today=START).items()}
    assert days == {
        "w1": date(2026, 1, 17),
        "w2": date(2026, 1, 24),
        "m1": date(2026, 2, 10),
        "m2": date(2026, 3, 10),
        "m3": date(2026, 4, 10),
        "m6": date(2026, 7, 10),
        "m9": date(2026, 10, 10),
        "m12": date(2027, 1, 10),
        "m18": date(2027, 7, 10),
        "m24": date(2028, 1, 10),
        "m30": date(2028, 7, 10),
        "m36": date(2029, 1, 10),
    }


def test_windows_are_those_of_the_written_schedule() -> None:
    """Reads `-3 / +3 days`, `+7 days` … from the table and compares the limits day by day."""
    lines = shared("forms", "schedule.md").read_text(encoding="utf-8").splitlines()
    table = {
        cells[1].strip(" `"): cells for line in lines if (cells := line.split("|")) and line.startswith("| `")
    }
    rules = {one.kind: one for one in RULES.visits}
    assert [kind for kind in table if kind in rules] == list(rules)
    for kind, rule in rules.items():
        _, _, due, grace, missed, *_ = (
            cell.replace("−", "-").replace("days", "").strip() for cell in table[kind]
        )
        early, late = (int(part) for part in grace.split("/"))
        number = int(due.split()[0].lstrip("+"))
        assert (-early, late, int(missed)) == (rule.early, rule.grace, rule.missed), kind
        assert number == (rule.after_days or rule.after_months), kind


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 2, 4), "upcoming"),
        (date(2026, 2, 5), "due"),
        (date(2026, 2, 10), "due"),
        (date(2026, 2, 17), "due"),
        (date(2026, 2, 18), "overdue"),
        (date(2026, 2, 24), "overdue"),
        (date(2026, 2, 25), "missed"),
    ],
)
def test_state_of_month_1_day_by_day(today: date, state: str) -> None:
    assert plan(today=today)["m1"].state == state


@pytest.mark.parametrize(
    ("on", "state", "on_time"),
    [
        (date(2026, 2, 5), "held", True),
        (date(2026, 2, 17), "held", True),
        (date(2026, 2, 18), "held_late", False),
        (date(2026, 3, 30), "held_late", False),
        (date(2026, 2, 1), "held", False),
    ],
)
def test_a_met_visit_of_the_kind_satisfies_it(on: date, state: str, on_time: bool) -> None:
    found = plan(met("m1", on), today=date(2026, 6, 1))["m1"]
    assert (found.state, found.held_on, found.on_time) == (state, on, on_time)


def test_a_mischosen_kind_satisfies_the_visit_whose_window_it_is_in() -> None:
    visits = [met("m1", date(2026, 2, 10)), met("m1", date(2026, 3, 8)), met("extra", date(2026, 4, 12))]
    found = plan(*visits, today=date(2026, 6, 1))
    assert [found[kind].held_on for kind in ("m1", "m2", "m3")] == [one.on for one in visits]


def test_the_nearest_of_several_in_the_window_counts_and_none_counts_twice() -> None:
    near, far = met("extra", date(2026, 7, 12)), met("extra", date(2026, 7, 25))
    found = plan(far, near, today=date(2026, 9, 1))
    assert found["m6"].held_on == near.on
    assert sum(one.held_on is not None for one in found.values()) == 1


def test_a_call_counts_from_month_2_but_never_twice_running() -> None:
    calls = [
        met(kind, day, "phone")
        for kind, day in [
            ("m1", date(2026, 2, 10)),
            ("m2", date(2026, 3, 10)),
            ("m3", date(2026, 4, 10)),
            ("m6", date(2026, 7, 10)),
        ]
    ]
    found = plan(*calls, today=date(2026, 12, 1))
    assert {kind: found[kind].state for kind in ("m1", "m2", "m3", "m6")} == {
        "m1": "missed",
        "m2": "held",
        "m3": "missed",
        "m6": "held",
    }
    assert found["m2"].by_phone
    assert all(not one.phone for one in RULES.visits if one.kind in ("w1", "w2", "m1", "m12", "m24", "m36"))


@pytest.mark.parametrize(("kind", "days"), [("w1", 3), ("m2", 7), ("m6", 14)])
def test_nobody_home_keeps_it_open_and_asks_to_try_again(kind: str, days: int) -> None:
    due = plan(today=START)[kind].due_on
    found = plan(Visit(due, kind, "absent"), today=due)[kind]
    assert (found.state, found.try_again_on) == ("due", due + timedelta(days=days))


def test_a_postponed_visit_is_excused_for_thirty_days() -> None:
    asked = Visit(date(2026, 2, 10), "m1", "postponed")
    assert plan(asked, today=date(2026, 3, 1))["m1"].state == "excused"
    assert plan(asked, today=date(2026, 3, 13))["m1"].state == "missed"
    far = Visit(date(2026, 2, 10), "m1", "postponed", next_on=date(2026, 4, 1))
    assert plan(far, today=date(2026, 2, 20))["m1"].state == "overdue"


def test_refused_visits_and_emergency_stays_have_no_plan() -> None:
    assert planned_visits(TenancyDates(START, visits_ok=False), [], RULES, START) == []
    assert planned_visits(TenancyDates(START, kind="emergency"), [], RULES, START) == []


def test_the_end_of_the_tenancy_cancels_what_comes_after() -> None:
    ended = TenancyDates(START, end_on=date(2026, 6, 30))
    found = plan(tenancy=ended, today=date(2027, 12, 1))
    assert {one.state for kind, one in found.items() if kind in ("m6", "m9", "m12", "m36")} == {"cancelled"}
    assert found["m3"].state == "missed"


def test_next_is_the_late_one_before_the_coming_one() -> None:
    today = date(2026, 2, 20)
    visits = [met("w1", date(2026, 1, 17)), met("w2", date(2026, 1, 24))]
    late = next_planned(list(plan(*visits, today=today).values()))
    assert late is not None and (late.kind, late.state) == ("m1", "overdue")
    calm = next_planned(list(plan(*visits, met("m1", today), today=today).values()))
    assert calm is not None and (calm.kind, calm.state) == ("m2", "upcoming")
    assert next_planned([]) is None


def test_a_register_without_records_begins_at_its_last_visit() -> None:
    brought_in = TenancyDates(START, known_until=date(2026, 4, 12), known_kind="m3")
    found = plan(tenancy=brought_in, today=date(2026, 7, 1))
    assert [found[kind].state for kind in ("w1", "m2", "m3", "m6", "m9")] == [
        "not_here",
        "not_here",
        "held",
        "due",
        "upcoming",
    ]
    later = plan(met("m6", date(2026, 7, 9)), tenancy=brought_in, today=date(2026, 12, 30))
    assert [later[kind].state for kind in ("m2", "m3", "m6", "m9")] == ["not_here", "held", "held", "missed"]
