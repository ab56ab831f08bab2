"""The household list, the people, the homes and what asks for a visit, from a small register and two visits."""

from datetime import date
from typing import Any

import pytest

from app.programme.entities import EntityStore
from app.programme.extra_visits import extra_visits
from app.programme.households import HouseholdRow, household_rows
from app.programme.people import people_of
from app.programme.tenancies import current, tenancies
from app.programme.visits import visits_of
from tests.unit.programme.made import CONFIG, operation, published, review, submission, visit, visit_xml

TODAY = date(2026, 11, 21)
FAMILY = operation(
    "create", "households", "h1", "SYN-001 Familia Exemplu 1", code="SYN-001", area="area_a", phase="community",
    n_people="3", may_contact="yes", geometry="46.7 23.6 0 0",
)  # fmt: skip
SHY = operation(
    "create",
    "households",
    "h2",
    "SYN-002 Familia Exemplu 2",
    code="SYN-002",
    may_contact="no",
    geometry="1 2",
)
HOME = operation(
    "create", "tenancies", "t1", "EX1-01 2026-10-12", household="h1", flat_code="EX1-01", kind="permanent",
    status="active", start_on="2026-10-12", rent="300", visits_ok="yes",
)  # fmt: skip
PEOPLE = [
    operation("create", "persons", "p2", "Ana", household="h1", full_name="Ana Exemplu 1", relation="partner",
              birth_year="1994", status="present"),
    operation("create", "persons", "p1", "Dan", household="h1", full_name="Dan Exemplu 1", relation="head",
              birth_year="1990", status="present"),
    operation("create", "persons", "p3", "Ioana", household="h1", full_name="Ioana Exemplu 1", relation="child",
              birth_year="2015", status="moved"),
]  # fmt: skip
BASE = published(entities=[FAMILY, SHY, HOME, *PEOPLE])
OWED = "<c_rent><rent_months>2</rent_months><rent_ron>600</rent_ron><plan>no</plan></c_rent>"


def store_of(*records: dict[str, Any]) -> EntityStore:
    return EntityStore.from_records([BASE, *records])


def rows_of(*records: dict[str, Any], today: date = TODAY) -> dict[str, HouseholdRow]:
    found = visits_of([BASE, *records], CONFIG)
    return {row.code: row for row in household_rows(store_of(*records), found, CONFIG, today)}


def test_a_row_says_who_where_and_what_next() -> None:
    row = rows_of()["SYN-001"]
    assert (row.label, row.code, row.area, row.address) == (
        "Familia Exemplu 1",
        "SYN-001",
        "area_a",
        "EX1-01",
    )
    assert (row.n_people, row.n_children, row.phase, row.synthetic) == (2, 0, "moved", True)
    assert row.next_visit is not None and (row.next_visit.kind, row.next_visit.state) == ("m1", "overdue")
    assert row.last_visit_on is None and row.risk is None


def test_no_position_without_the_consent_to_be_contacted() -> None:
    rows = rows_of()
    assert rows["SYN-001"].geometry == "46.7 23.6 0 0"
    assert (rows["SYN-002"].geometry, rows["SYN-002"].may_contact) == ("", False)


def test_a_visit_changes_the_row_and_its_risk_says_why() -> None:
    row = rows_of(visit("v1", visit_xml("m1", "2026-11-12", inside=OWED), 1))["SYN-001"]
    assert row.last_visit_on == date(2026, 11, 12)
    assert row.next_visit is not None and row.next_visit.kind == "m2"
    assert row.risk is not None and (row.risk.points, row.risk.level) == (3, "watch")
    assert [one.code for one in row.risk.signals] == ["R1", "R5"]


def test_a_rejected_visit_changes_nothing() -> None:
    made = visit("v1", visit_xml("m1", inside=OWED), 1)
    row = rows_of(made, review(made, "rejected", index=2))["SYN-001"]
    assert row.last_visit_on is None and row.risk is None


def test_risk_comes_from_the_tenancy_where_the_visit_is_not_here() -> None:
    kept = operation("update", "tenancies", "t1", last_visit_on="2026-11-10", risk_level="high", risk_score="6",
                     risk_codes="R1 R5")  # fmt: skip
    row = rows_of(submission(kept, record="elsewhere", index=1))["SYN-001"]
    assert row.risk is not None and (row.risk.level, row.risk.points) == ("high", 6)
    assert [one.variant for one in row.risk.signals] == ["plain", "plain"]


def test_people_reference_person_first_and_those_gone_only_on_request() -> None:
    store = store_of()
    assert [one.name for one in people_of(store, "h1", TODAY)] == ["Dan Exemplu 1", "Ana Exemplu 1"]
    everybody = people_of(store, "h1", TODAY, everybody=True)
    assert [(one.name, one.age, one.present) for one in everybody][-1] == ("Ioana Exemplu 1", 11, False)
    assert people_of(store, "nobody", TODAY) == []


def test_month_of_the_follow_up() -> None:
    (home,) = tenancies(store_of(), CONFIG.schedule)["h1"]
    assert (home.month(TODAY), home.rent, home.active) == (2, 300, True)


def test_a_new_flat_of_ours_goes_on_with_the_first_clock() -> None:
    end = operation("update", "tenancies", "t1", status="ended", end_on="2027-03-01")
    new = operation("create", "tenancies", "t2", "EX2-01", household="h1", kind="permanent", status="active",
                    start_on="2027-03-10")  # fmt: skip
    late = operation("create", "tenancies", "t3", "EX3-01", household="h1", kind="permanent", status="active",
                     start_on="2028-03-10")  # fmt: skip
    homes = tenancies(store_of(submission(end, new, late, record="moves", index=1)), CONFIG.schedule)["h1"]
    assert [one.clock_from for one in homes] == [date(2026, 10, 12), date(2026, 10, 12), date(2028, 3, 10)]
    found = current(homes)
    assert found is not None and found.id == "t3"
    assert current([]) is None


def wanted(*records: dict[str, Any], today: date = TODAY) -> list[tuple[str, date]]:
    store = store_of(*records)
    (home,) = tenancies(store, CONFIG.schedule)["h1"]
    visits = visits_of([BASE, *records], CONFIG).get("t1", [])
    return [(one.trigger, one.due_on) for one in extra_visits(home, visits, store, CONFIG.schedule, today)]


def kept(**properties: str) -> dict[str, Any]:
    return operation("update", "tenancies", "t1", **properties)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"risk_level": "steady"}, []),
        ({"risk_level": "watch"}, [("watch", date(2026, 12, 12))]),
        ({"risk_level": "high"}, [("high", date(2026, 11, 26))]),
        ({"risk_level": "urgent"}, [("urgent", date(2026, 11, 17))]),
        ({"deadline_on": "2026-11-16"}, [("letter", date(2026, 11, 14))]),
        ({"deadline_on": "2026-12-30"}, [("letter", date(2026, 11, 19))]),
    ],
)
def test_extra_visits_by_what_the_tenancy_kept(
    properties: dict[str, str], expected: list[tuple[str, date]]
) -> None:
    change = kept(last_visit_on="2026-11-12", **properties)
    assert wanted(submission(change, record="x", index=1)) == expected


def test_a_met_visit_settles_it() -> None:
    urgent = submission(kept(last_visit_on="2026-11-12", risk_level="urgent"), record="x", index=1)
    assert wanted(urgent, visit("v2", visit_xml("extra", "2026-11-14"), 2)) == []


def test_extra_visits_by_what_the_last_visit_said() -> None:
    upset = "<h_well><distress>upset</distress></h_well><b_people><person><v_here>died</v_here></person></b_people>"
    assert wanted(visit("v1", visit_xml("m1", "2026-11-12", inside=upset), 1)) == [
        ("distress", date(2026, 11, 14)),
        ("change", date(2026, 11, 26)),
    ]


def not_met(number: int) -> dict[str, Any]:
    body = {"entities": [kept(missed_visits=str(number))]}
    return visit(f"v{number}", visit_xml("m1", f"2026-11-1{number}", "absent"), number, body=body)


def test_two_missed_visits_and_a_late_step() -> None:
    missed = [not_met(1), not_met(2)]
    assert wanted(*missed) == [("missed", date(2026, 11, 19))]
    step = operation("create", "steps", "s1", "Call", tenancy="t1", status="open", due_on="2026-11-01")
    assert wanted(submission(step, record="s", index=1)) == [("step", date(2026, 11, 22))]
    assert wanted(submission(step, record="s", index=1), today=date(2026, 11, 14)) == []


def test_a_home_brought_in_from_a_register_misses_nothing_before_it() -> None:
    old = operation("create", "tenancies", "t1", "EX1-01", household="h1", status="active", start_on="2025-11-21",
                    last_visit_on="2026-08-20", last_visit_kind="m9")  # fmt: skip
    records = [published(entities=[FAMILY, old])]
    (row,) = household_rows(EntityStore.from_records(records), {}, CONFIG, TODAY)
    assert row.next_visit is not None and (row.next_visit.kind, row.next_visit.due_on) == ("m12", TODAY)
    assert {one.state for one in row.planned} == {"not_here", "held", "due", "upcoming"}
