"""Entity lists are what replaying the newest revisions in log order gives, on every device the same."""

from itertools import permutations
from typing import Any

from app.programme.entities import EntityStore
from tests.unit.programme.made import operation, published, review, submission

HOME = operation("create", "tenancies", "t1", "EX1-01", status="active", rent="300", missed_visits="0")


def values(store: EntityStore, *names: str) -> tuple[str, ...]:
    home = store.get("tenancies", "t1")
    assert home is not None
    return tuple(home.get(name) for name in names)


def visited(
    record_id: str, index: int | None, *, base: str | None = None, created: str = "", **changes: str
) -> Any:
    more = {"created": created} if created else {}
    return submission(
        operation("update", "tenancies", "t1", None, base, **changes), record=record_id, index=index, **more
    )


def test_create_then_update_counts_versions_and_keeps_what_was_not_said() -> None:
    store = EntityStore.from_records([published(entities=[HOME]), visited("v1", 1, rent="350")])
    assert values(store, "rent", "status") == ("350", "active")
    assert store.lists["tenancies"]["t1"].version == 2
    assert store.conflicts == ()


def test_rows_are_odk_rows_with_every_declared_property() -> None:
    rows = EntityStore.from_records([published(entities=[HOME])]).rows()
    row = rows["tenancies"][0]
    assert (row["name"], row["label"], row["__version"], row["rent"]) == ("t1", "EX1-01", "1", "300")
    assert row["last_visit_on"] == ""
    assert rows["persons"] == [] and rows["steps"] == []


def test_any_order_of_reading_gives_the_same_lists() -> None:
    records = [
        published(entities=[HOME]),
        visited("v1", 1, rent="350"),
        visited("v2", 2, rent="400"),
        visited("own", None, status="ended"),
    ]
    found = {
        tuple(values(EntityStore.from_records(list(order)), "rent", "status"))
        for order in permutations(records)
    }
    assert found == {("400", "ended")}


def test_only_the_newest_revision_counts_at_the_place_of_the_first() -> None:
    first = visited("v1", 1, rent="350", plan="kept")
    later = visited("v2", 2, rent="400")
    corrected = {**visited("v1", 3, rent="999"), "revision": "v1b", "parents": ["v1"]}
    store = EntityStore.from_records([published(entities=[HOME]), first, later, corrected])
    assert values(store, "rent", "plan") == ("400", "")


def test_a_rejected_submission_counts_for_nothing() -> None:
    wrong = visited("v1", 1, rent="9999")
    records = [published(entities=[HOME]), wrong]
    assert values(EntityStore.from_records([*records, review(wrong, "rejected", index=2)]), "rent") == (
        "300",
    )
    assert values(EntityStore.from_records([*records, review(wrong, "hasIssues", index=2)]), "rent") == (
        "9999",
    )


def test_of_two_visits_made_apart_the_later_in_the_log_stands_and_the_other_is_noted() -> None:
    """Tablet A's clock says the 1st and it synced last; tablet B's says the 5th: no clock decides an order."""
    b = visited("b", 1, base="1", created="2026-11-05T10:00:00Z", rent="500")
    a = visited("a", 2, base="1", created="2026-11-01T10:00:00Z", rent="400", plan="new")
    store = EntityStore.from_records([published(entities=[HOME]), b, a])
    assert values(store, "rent", "plan") == ("400", "new")
    (conflict,) = store.conflicts
    assert (conflict.reason, conflict.record, dict(conflict.differing)) == (
        "stale",
        "a",
        {"rent": ("400", "500")},
    )


def test_a_later_writing_from_an_older_state_overwrites_and_is_noted() -> None:
    one = visited("one", 1, base="1", created="2026-11-01T10:00:00Z", rent="400")
    two = visited("two", 2, base="1", created="2026-11-05T10:00:00Z", rent="500")
    store = EntityStore.from_records([published(entities=[HOME]), one, two])
    assert values(store, "rent") == ("500",)
    assert [dict(one.differing) for one in store.conflicts] == [{"rent": ("500", "400")}]


def test_one_record_changing_an_entity_twice_is_no_conflict() -> None:
    twice = submission(
        operation("update", "tenancies", "t1", None, "1", rent="1"),
        operation("update", "tenancies", "t1", None, "1", rent="2"),
        record="twice",
        index=1,
    )
    store = EntityStore.from_records([published(entities=[HOME]), twice])
    assert values(store, "rent") == ("2",) and store.conflicts == ()


def test_an_update_waits_for_its_entity_and_is_noted_when_it_never_comes() -> None:
    update = visited("v1", 0, rent="350")
    create = submission(HOME, record="move", index=5)
    assert values(EntityStore.from_records([update, create]), "rent") == ("350",)
    lonely = EntityStore.from_records([update])
    assert lonely.all("tenancies") == []
    assert [one.reason for one in lonely.conflicts] == ["missing"]


def test_upsert_creates_then_updates() -> None:
    upsert = operation("upsert", "steps", "s1", "Call", status="open")
    again = operation("upsert", "steps", "s1", None, status="done")
    store = EntityStore.from_records(
        [submission(upsert, record="a", index=1), submission(again, record="b", index=2)]
    )
    step = store.get("steps", "s1")
    assert step is not None and (step.label, step.get("status"), step.version) == ("Call", "done", 2)


def test_created_twice_keeps_the_first_and_says_so_but_a_register_may_come_again() -> None:
    twin = submission(operation("create", "tenancies", "t1", "Another", rent="1"), record="x", index=2)
    store = EntityStore.from_records([published(entities=[HOME]), published(1, [HOME]), twin])
    assert values(store, "rent") == ("300",)
    assert [(one.reason, one.record) for one in store.conflicts] == [("exists", "x")]


def test_where_finds_by_property() -> None:
    store = EntityStore.from_records([published(entities=[HOME])])
    assert [one.id for one in store.where("tenancies", status="active")] == ["t1"]
    assert store.where("tenancies", status="ended") == []
    assert store.where("nothing", a="b") == []


def corrected(revision: str, index: int, **changes: str) -> Any:
    return {**visited("v1", index, **changes), "revision": revision, "parents": ["v1"]}


def test_two_versions_of_a_record_both_count_field_by_field_and_are_noted() -> None:
    first = visited("v1", 1, rent="350", plan="old", status="active")
    one = corrected("a", 3, rent="310", plan="old", status="active", kept="yes")
    two = corrected("b", 4, rent="350", plan="new", status="ended")
    store = EntityStore.from_records([published(entities=[HOME]), first, one, two])
    assert values(store, "rent", "plan", "status", "kept") == ("310", "new", "ended", "yes")
    assert store.conflicts == ()  # nothing was changed by both
    both = corrected("c", 5, rent="320", plan="old", status="active")
    store = EntityStore.from_records([published(entities=[HOME]), first, one, both])
    assert values(store, "rent") == ("320",)
    assert [(one.reason, dict(one.differing)) for one in store.conflicts] == [
        ("heads", {"rent": ("320", "310")})
    ]


def test_a_rejected_version_counts_for_nothing_beside_the_other() -> None:
    one, two = corrected("a", 3, rent="310"), corrected("b", 4, rent="320", plan="x")
    records = [published(entities=[HOME]), visited("v1", 1, rent="350"), one, two]
    store = EntityStore.from_records([*records, review(two, "rejected", index=9)])
    assert values(store, "rent", "plan") == ("310", "") and store.conflicts == ()
