"""The margin note: the last met visit's answer to the same question, people and steps matched by who they are."""

from datetime import date
from typing import Any

from app.programme.last_visit import LastVisit, is_twin, last_answers, twins
from tests.unit.programme.made import published, review, submission, visit, visit_xml


def card(person: str, school: str) -> str:
    return f"<person><v_id>{person}</v_id><v_more><v_school>{school}</v_school></v_more></person>"


INSIDE = f"""<b_people>{card("p1", "school")}{card("p2", "no")}</b_people>
<c_rent><rent_ron>610</rent_ron></c_rent><d_home><repair><rp_what>water</rp_what></repair></d_home>"""
LAST = visit("v1", visit_xml("m1", "2026-10-12", inside=INSIDE), 2)
OLDER = visit("v0", visit_xml("w2", "2026-09-26"), 1)
ABSENT = visit("v2", visit_xml("m2", "2026-11-12", "absent"), 3)
ALL = [published(), OLDER, LAST, ABSENT]
FORM = "post_relocation_visit"


def last(*records: dict[str, Any], **more: Any) -> LastVisit:
    found = last_answers([*ALL, *records], FORM, "h1", **more)
    assert found is not None
    return found


def test_the_last_met_visit_with_what_opens_it() -> None:
    found = last()
    assert (found.record, found.on, found.form, found.form_version) == ("v1", date(2026, 10, 12), FORM, "1")
    assert found.xml == LAST["body"]["xml"]


def test_a_correction_counts_and_the_record_being_corrected_does_not() -> None:
    corrected = {**LAST, "revision": "v1b", "parents": ["v1"], "index": 9}
    corrected["body"] = {**LAST["body"], "xml": visit_xml("m1", "2026-10-13")}
    assert last(corrected).revision == "v1b"
    assert last(excluding={"v1"}).record == "v0"


def test_rejected_visits_and_other_households_do_not_count() -> None:
    other = submission(household="h2", form=FORM, record="x", index=8, xml=visit_xml("m3", "2026-11-20"))
    assert last(other, review(LAST, "rejected", index=9)).record == "v0"
    assert last_answers(ALL, FORM, "") is None
    assert last_answers(ALL, FORM, "h3") is None


def test_of_two_on_one_day_the_approved_one_counts() -> None:
    twin = visit("v3", visit_xml("m1", "2026-10-12"), 7)
    assert last(twin, review(LAST, "approved", index=8)).record == "v1"
    assert last(twin, review(twin, "approved", index=8)).record == "v3"


def test_people_are_matched_by_who_they_are_not_by_their_place() -> None:
    present = {"/data/b_people/person[1]/v_id": "p2", "/data/b_people/person[2]/v_id": "p9"}
    found = last()

    def at(ref: str) -> str:
        return present.get(ref, "")

    assert found.answer("/data/b_people/person[1]/v_more/v_school", at) == "no"
    assert (
        found.ref_for("/data/b_people/person[1]/v_more/v_school", at)
        == "/data/b_people/person[2]/v_more/v_school"
    )
    assert found.answer("/data/b_people/person[2]/v_more/v_school", at) == ""
    assert found.answer("/data/b_people/person[3]/v_more/v_school", at) == ""
    assert found.answer("/data/d_home/repair[1]/rp_what", at) == ""
    refs = ["/data/c_rent/rent_ron", "/data/b_people/person[1]/v_more/v_school", "/data/j_worker/next_on"]
    assert found.beside(refs, at) == {refs[0]: "610", refs[1]: "no"}


def test_one_known_person_alone_in_the_list() -> None:
    alone = visit(
        "v5", visit_xml("m3", "2026-11-19", inside=f"<b_people>{card('p1', 'second')}</b_people>"), 9
    )
    found = last(alone)
    assert found.answer("/data/b_people/person[1]/v_more/v_school", lambda ref: "p1") == "second"


def test_twins_are_paired_by_name_within_their_place() -> None:
    school, twin = "/data/p[1]/v_school", "/data/p[1]/v_school_last"
    refs = ["/data/c/rent_ron", "/data/c/rent_ron_last", school, twin, "/data/z_last"]
    assert twins(refs) == {
        "/data/c/rent_ron": "/data/c/rent_ron_last",
        "/data/p/v_school": "/data/p/v_school_last",
    }
    assert is_twin("/data/p[2]/v_school_last", refs)
    assert not is_twin("/data/z_last", refs)
