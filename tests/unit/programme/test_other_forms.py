"""The other forms of the programme through the real engine: what they ask, and which entities they leave."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.programme.entities import EntityStore
from app.programme.households import household_rows
from app.programme.tenancies import tenancies
from tests.unit.programme.filling import as_record, form, problems, start
from tests.unit.programme.made import CONFIG, operation, published

TODAY = date(2026, 11, 21)
BASE = published(
    entities=[
        operation("create", "households", "h1", "SYN-001 Familia Exemplu 1", code="SYN-001", phase="community"),
        operation("create", "persons", "p1", "Dan", household="h1", full_name="Dan Exemplu 1", status="present"),
        operation("create", "persons", "p2", "Ana", household="h1", full_name="Ana Exemplu 1", status="present"),
        operation("create", "persons", "p3", "Radu", household="h1", full_name="Radu Exemplu 1", status="moved"),
        operation("create", "persons", "p9", "Mara", household="h9", full_name="Mara Exemplu 9", status="present"),
    ]
)  # fmt: skip


def fill(
    form_id: str, answers: dict[str, str], *before: dict[str, Any], cards: tuple[str, ...] = ()
) -> tuple[Any, dict[str, Any]]:
    """The finished instance and its record, after the records that came before it."""
    form(form_id)
    store = EntityStore.from_records([BASE, *before])
    instance = start(form_id, TODAY, store.rows(), seed=len(before) + 7)
    for ref, value in answers.items():
        node = instance.at(f"/data/{ref}")
        assert node.relevant, ref
        node.answer(value)
    assert problems(instance) == []
    record = as_record(
        form_id, f"{form_id}-{len(before)}", len(before) + 1, TODAY, instance.finalise(), household="h1"
    )
    return instance, record


MOVE = {
    "a/household": "h1",
    "a/flat_code": "flat106",
    "a/kind": "permanent",
    "a/start_on": "2026-11-20",
    "a/contract_on": "2026-11-18",
    "a/contract_end": "2031-11-18",
    "a/rent": "310",
    "a/rent_day": "15",
    "a/rooms": "2",
    "b/movers": "p1 p2",
    "c/m_el": "1200.5",
    "item[1]/it_what": "kitchen",
    "item[1]/it_state": "used",
    "e/info": "rent bills contact",
    "f/c_visits": "yes",
    "f/c_photo": "no",
    "f/first_on": "2026-11-27",
}


def test_move_in_starts_the_tenancy_and_the_schedule() -> None:
    instance, record = fill("move_in", MOVE)
    movers = instance.at("/data/b/movers")
    assert [one.value for one in movers.choices] == ["p1", "p2"]
    store = EntityStore.from_records([BASE, record])
    (home,) = tenancies(store, CONFIG.schedule)["h1"]
    assert (home.flat_code, home.rent, home.start_on, home.active) == (
        "EX1-06",
        310,
        date(2026, 11, 20),
        True,
    )
    assert home.label == "EX1-06 2026-11-20"
    (row,) = household_rows(store, {}, CONFIG, TODAY)
    assert (row.phase, row.address) == ("moved", "EX1-06")
    assert row.next_visit is not None and row.next_visit.due_on == date(2026, 11, 27)
    household = store.get("households", "h1")
    assert household is not None and household.get("tenancy") == home.id


def test_a_flat_that_is_taken_is_not_offered() -> None:
    form("move_in")
    instance = start("move_in", TODAY, EntityStore.from_records([BASE]).rows())
    offered = [one.value for one in instance.at("/data/a/flat_code").choices]
    assert "flat106" in offered and "flat101" not in offered


REFERRAL = {
    "a/household": "h1",
    "a/person": "p1",
    "a/minor": "no",
    "b/institution": "ajofm",
    "b/need": "work",
    "b/what": "Consiliere pentru un loc de muncă",
    "b/urgency": "month",
    "c/consent": "yes",
    "c/share": "name phone need",
    "c/go_with": "no",
    "d/how": "phone",
    "d/due_on": "2026-12-20",
}


def test_a_referral_and_its_outcome() -> None:
    instance, sent = fill("referral", REFERRAL)
    assert [one.value for one in instance.at("/data/b/contact").choices] == ["ajofm_1"]
    store = EntityStore.from_records([BASE, sent])
    (referral,) = store.all("referrals")
    assert (referral.get("status"), referral.get("due_on"), referral.get("sent_on")) == (
        "sent",
        "2026-12-20",
        "2026-11-21",
    )
    assert "Consiliere" not in " ".join(referral.properties.values())
    outcome = {
        "a/referral": referral.id,
        "a/source": "person",
        "a/reached": "yes",
        "a/state": "closed_met",
    }
    _, closed = fill("referral_outcome", outcome, sent)
    (after,) = EntityStore.from_records([BASE, sent, closed]).all("referrals")
    assert (after.get("status"), after.get("closed_on"), after.get("due_on")) == (
        "closed_met",
        "2026-11-21",
        "2026-12-20",
    )


def test_without_consent_nothing_is_sent() -> None:
    form("referral")
    instance = start("referral", TODAY, EntityStore.from_records([BASE]).rows())
    for ref, value in REFERRAL.items():
        if not ref.startswith(("d/", "c/share")):
            instance.at(f"/data/{ref}").answer("no" if ref == "c/consent" else value)
    assert not instance.at("/data/d").relevant
    assert problems(instance) == []
    assert list(instance.finalise().entities) == []


def test_a_child_is_referred_only_with_a_guardian_or_by_law() -> None:
    form("referral")
    instance = start("referral", TODAY, EntityStore.from_records([BASE]).rows())
    instance.at("/data/a/minor").answer("yes")
    instance.at("/data/c/consent").answer("yes")
    guardian = instance.at("/data/c/guardian")
    guardian.answer("no")
    assert guardian.relevant and guardian.validity.condition == "constraint"
    instance.at("/data/c/consent").answer("law")
    assert not instance.at("/data/c/guardian").relevant
    assert instance.at("/data/c/law_why").required


PREVENTION = {
    "a/stage": "first",
    "a/threat": "rent bills",
    "a/letter": "formal",
    "a/letter_by": "2026-12-05",
    "b/rent_months": "3",
    "b/rent_ron": "900",
    "b/util_ron": "300",
    "b/income": "2400",
    "b/needs": "1500",
    "b/rent_now": "500",
    "c/why": "less",
    "d/plan": "new",
    "d/inst": "200",
    "d/first_on": "2026-12-01",
    "d/owner_ok": "asked",
    "act[1]/act_what": "Cerere de eșalonare",
    "act[1]/act_who": "both",
    "act[1]/act_due": "2026-11-28",
    "f/fund": "no",
    "f/case": "open",
    "f/review_on": "2026-12-20",
}


def test_a_plan_against_eviction_is_worked_out_and_kept_with_the_home() -> None:
    _, moved = fill("move_in", MOVE)
    (home,) = EntityStore.from_records([BASE, moved]).all("tenancies")
    instance, record = fill("eviction_prevention", {"a/tenancy": home.id, **PREVENTION}, moved)
    assert instance.at("/data/b/left").text == "400"
    assert instance.at("/data/d/n_inst").text == "6"
    assert not instance.at("/data/d/inst_hard").relevant
    (after,) = tenancies(EntityStore.from_records([BASE, moved, record]), CONFIG.schedule)["h1"]
    assert after.deadline_on == date(2026, 12, 5)
    kept = EntityStore.from_records([BASE, moved, record]).get("tenancies", home.id)
    assert kept is not None
    assert [kept.get(name) for name in ("prevention", "plan", "last_rent_ron", "rent")] == [
        "open",
        "new",
        "900",
        "310",
    ]
    instance.at("/data/d/inst").answer("450")
    assert instance.at("/data/d/inst_hard").relevant


@pytest.mark.parametrize(("registered", "status"), [("yes", "yes"), ("no", None)])
def test_a_service_changes_the_person_only_when_a_doctor_is_confirmed(
    registered: str, status: str | None
) -> None:
    answers = {
        "a/given_on": "2026-11-20",
        "a/scope": "person",
        "a/household": "h1",
        "a/person": "p1",
        "b/domain": "medical",
        "b/kind": "doctor_list",
        "c/result": "done",
        "c/doc_reg": registered,
    }
    _, record = fill("service_log", answers)
    operations = record["body"]["entities"]
    assert [one["properties"].get("family_doctor") for one in operations] == ([status] if status else [])


def test_an_assessment_adds_its_points_in_the_open() -> None:
    answers = {
        "a/household": "h1",
        "a/c_assess": "yes",
        "a/c_panel": "yes",
        "b/n_people": "5",
        "b/n_child": "3",
        "b/rooms_short": "3",
        "b/home_kind": "makeshift",
        "b/lack": "water toilet bath",
        "b/threat": "told",
        "b/single": "no",
        "b/years": "9",
        "c/where": "area_a area_b",
        "e/score_ok": "yes",
        "f/appeal": "OK",
    }
    instance, record = fill("relocation_assessment", answers)
    parts = [int(instance.at(f"/data/e/p{n}").text) for n in range(1, 9)]
    assert parts == [10, 20, 9, 9, 8, 0, 0, 4] and instance.at("/data/e/score").text == str(sum(parts))
    household = EntityStore.from_records([BASE, record]).get("households", "h1")
    assert household is not None
    assert [household.get(name) for name in ("phase", "assess_score")] == ["assessed", "60"]


def test_a_crisis_opens_an_emergency_stay_without_the_36_months() -> None:
    answers = {
        "a/danger": "cold",
        "a/safe_call": "yes",
        "b/known": "yes",
        "b/household": "h1",
        "b/n_adult": "2",
        "b/n_child": "1",
        "b/alone_child": "no",
        "b/consent": "given",
        "c/cause": "fire",
        "c/since": "2026-11-20",
        "c/from": "street",
        "c/lost": "no",
        "d/place": "flat",
        "d/flat": "flat307",
        "d/until": (TODAY + timedelta(days=20)).isoformat(),
        "d/hours": "5",
        "e/lead": "Ana Exemplu",
        "e/next_on": "2026-11-23",
    }
    _, record = fill("housing_crisis", answers)
    store = EntityStore.from_records([BASE, record])
    (row,) = household_rows(store, {}, CONFIG, TODAY)
    assert row.tenancy is not None and (row.tenancy.kind, row.address) == ("emergency", "EX3-07")
    assert row.planned == ()


def test_a_meeting_and_a_session_leave_only_their_record() -> None:
    meeting = {
        "a/building": "building1",
        "a/held_on": "2026-11-20",
        "a/kind": "regular",
        "a/n_ours": "3",
        "a/n_neigh": "8",
        "a/n_w": "6",
        "a/admin": "yes",
        "issue[1]/is_what": "noise",
        "issue[1]/is_by": "neigh",
        "issue[1]/is_state": "agreed",
        "agree[1]/ag_text": "Liniște după ora 22",
        "agree[1]/ag_who": "toți",
        "d/climate": "4",
        "d/spoke": "yes",
        "d/hostile": "no",
    }
    _, record = fill("building_meeting", meeting)
    assert record["body"]["entities"] == []
    session = {
        "a/group": "parents1",
        "a/kind": "parents",
        "a/topic": "Bugetul casei",
        "a/minutes": "60",
        "b/present": "p1 p2",
        "c/x_women": "4",
        "c/x_new": "1",
    }
    instance, record = fill("group_session", session)
    assert instance.at("/data/d/total").text == "6"
    assert [one.value for one in instance.at("/data/d/follow").choices] == ["p1", "p2"]
    assert record["body"]["entities"] == []


def test_a_newcomer_is_kept_only_with_agreement_and_the_language_can_change_midway() -> None:
    answers = {
        "a/ui_lang": "ar",
        "a/interp": "none",
        "a/consent": "yes",
        "a/adult": "yes",
        "b/citizen": "np",
        "b/here_long": "b",
        "b/why": "work",
        "b/work": "contract",
        "b/speak": "little",
        "b/home": "employer",
        "b/hard": "language papers",
        "b/help": "language",
        "c/sex": "m",
        "d/follow": "no",
    }
    instance, record = fill("newcomer_interview", answers)
    assert record["body"]["entities"] == []
    question = instance.at("/data/b/citizen")
    instance.language = "العربية (ar)"
    assert question.label == "ما هي جنسيتك؟"
    instance.language = "Română (ro)"
    assert question.label == "Ce cetățenie aveți?"
    more = {**answers, "d/follow": "yes", "d/nick": "Exemplu 1", "d/contact": "0700 000 001"}
    _, kept = fill("newcomer_interview", more)
    (newcomer,) = EntityStore.from_records([BASE, kept]).all("newcomers")
    assert (newcomer.label, newcomer.get("language"), newcomer.get("first_on")) == (
        "Exemplu 1",
        "ar",
        "2026-11-21",
    )
