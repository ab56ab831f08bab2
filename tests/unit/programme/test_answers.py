"""Refs of a submission's answers are those of the form engine."""

from datetime import date

import pytest

from app.programme.answers import AnswersError, first_answers, plain, read_answers, repeats_of
from app.programme.published import config_in, repeats_in
from tests.unit.programme.made import XFORM, published

XML = """<data id="x" xmlns:orx="http://openrosa.org/xforms"><n>2</n><d>2026-11-12T00:00:00.000+02:00</d>
<b_people><person><v_id>p1</v_id><meta><entity id="p1"/></meta></person><person><v_id>p2</v_id></person></b_people>
<i_steps><step><st_id>s1</st_id></step></i_steps><empty/>
<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"""


def test_every_leaf_by_ref_with_instance_numbers() -> None:
    answers = read_answers(XML, repeats_of(XFORM))
    assert answers.texts == {
        "/data/n": "2",
        "/data/d": "2026-11-12T00:00:00.000+02:00",
        "/data/b_people/person[1]/v_id": "p1",
        "/data/b_people/person[2]/v_id": "p2",
        "/data/i_steps/step[1]/st_id": "s1",
        "/data/empty": "",
    }


def test_values_by_name() -> None:
    answers = read_answers(XML)
    assert (answers.integer("n"), answers.number("empty"), answers.get("nothing")) == (2, None, "")
    assert answers.day("d") == date(2026, 11, 12) and answers.day("n") is None
    assert [text for _, text in answers.each("v_id")] == ["p1", "p2"]


def test_plain_ref() -> None:
    assert plain("/data/a[12]/b[1]/c") == "/data/a/b/c"


@pytest.mark.parametrize("xml", ["", "<data>", "<!DOCTYPE x [<!ENTITY a 'b'>]><data>&a;</data>"])
def test_what_is_no_submission_is_refused(xml: str) -> None:
    with pytest.raises(AnswersError):
        read_answers(xml)


def test_first_answers_reads_no_further_than_it_must() -> None:
    long = f"<data><a><x>1</x><y/><z>3</z></a>{'<b>later</b>' * 1000}<c>"
    assert first_answers(long, ["/data/a/x", "/data/a/y", ""]) == {"/data/a/x": "1", "/data/a/y": ""}
    with pytest.raises(AnswersError):
        first_answers(long.replace("<a>", "<<"), ["/data/a/x"])
    assert first_answers("<data><a><x>1</x></a></data>", ["/data/a/none"]) == {}


def test_the_published_programme_tells_rules_and_repeats() -> None:
    config = config_in([published()])
    assert config is not None and config.name == "pata_cluj"
    assert repeats_in([published()])["post_relocation_visit"] == {
        "/data/b_people/person",
        "/data/i_steps/step",
        "/data/d_home/repair",
    }
    assert config_in([]) is None and repeats_in([]) == {}
