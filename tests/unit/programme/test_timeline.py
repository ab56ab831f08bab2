"""The timeline of one household: its submissions by the day they speak of, with states and harmless facts."""

from datetime import date

from app.programme.timeline import arrears, timeline
from tests.unit.programme.made import CONFIG, operation, published, review, submission, visit, visit_xml


def owed(ron: int) -> str:
    return f"<c_rent><rent_ron>{ron}</rent_ron></c_rent><h_well><wb_life>2</wb_life></h_well>"


FIRST = visit("v1", visit_xml("m1", "2026-09-12", inside=owed(120)), 3)
SECOND = visit("v2", visit_xml("m2", "2026-11-12", inside=owed(610)), 2)
BASELINE = submission(
    operation("create", "households", "h1", "SYN-001"), record="b", index=1, form="household_baseline",
    created="2025-05-01T10:00:00Z",
)  # fmt: skip
OTHER = submission(household="h2", record="o", index=4)
ALL = [published(), BASELINE, FIRST, SECOND, OTHER, review(SECOND, "hasIssues", ("/data/a", "?"), index=5)]


def test_newest_day_first_whatever_the_order_of_arrival() -> None:
    items = timeline(ALL, "h1", CONFIG)
    assert [(one.record, one.on) for one in items] == [
        ("v2", date(2026, 11, 12)),
        ("v1", date(2026, 9, 12)),
        ("b", date(2025, 5, 1)),
    ]
    assert [(one.state, one.comments, one.visit) for one in items] == [
        ("hasIssues", 1, True),
        ("received", 0, True),
        ("received", 0, False),
    ]


def test_facts_hold_nothing_private() -> None:
    facts = timeline(ALL, "h1", CONFIG)[0].facts
    assert facts == {"visit_kind": "m2", "outcome": "met", "visit_mode": "home", "rent_ron": "610"}


def test_arrears_in_order_for_the_chart() -> None:
    assert arrears(timeline(ALL, "h1", CONFIG)) == [(date(2026, 9, 12), 120), (date(2026, 11, 12), 610)]


def test_a_record_that_cannot_be_read_still_has_its_line() -> None:
    broken = visit("v9", "<data", 9, created="2026-11-20T08:00:00Z")
    items = timeline([published(), broken], "h1", CONFIG)
    assert [(one.record, one.on, dict(one.facts)) for one in items] == [("v9", date(2026, 11, 20), {})]


def test_nobody_has_no_timeline() -> None:
    assert timeline(ALL, "", CONFIG) == []
