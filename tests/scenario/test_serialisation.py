"""XML out and in: drafts, submissions, other versions, namespaces, strange text, broken and foreign input."""

import pytest

from forms.errors import FormError
from tests.scenario.dsl import Scenario, xform

FORM = """
    | survey |
    |        | type         | name | label | relevant   |
    |        | text         | a    | A     |            |
    |        | begin_group  | g    | G     |            |
    |        | integer      | n    | N     | ${a} = 'x' |
    |        | end_group    |      |       |            |
    |        | begin_repeat | r    | R     |            |
    |        | text         | t    | T     |            |
    |        | end_repeat   |      |       |            |
"""
NASTY = "<&>\"' ]]> \u202e ăîșț 😀\n\tend"


def test_any_text_survives_a_draft() -> None:
    s = Scenario.from_md(FORM).answer("a", NASTY).save_and_reload()
    assert s.answer_of("a") == NASTY


def test_saving_twice_gives_the_same() -> None:
    s = Scenario.from_md(FORM).answer("a", "x").add_repeat("r").answer("r[2]/t", "two")
    first = s.xml()
    assert s.save_and_reload().xml() == first


def test_what_is_sent_leaves_hidden_nodes_out_and_keeps_empty_ones() -> None:
    sent = Scenario.from_md(FORM).answer("a", "y").sent()
    assert "<n" not in sent and "<a>y</a>" in sent and ("<t/>" in sent or "<t></t>" in sent)


def test_namespaces_attributes_and_meta() -> None:
    sent = Scenario.from_md(FORM).sent()
    assert sent.startswith("<") and "instanceID>uuid:" in sent
    assert 'xmlns:orx="http://openrosa.org/xforms"' in sent or 'xmlns="http://openrosa.org/xforms"' in sent


def test_an_earlier_version_opens_with_both_differences_kept() -> None:
    old = Scenario.from_md(FORM.replace("| a    | A     |", "| old  | Old   |").replace("${a}", "${old}"))
    draft = old.answer("old", "kept").answer("r[1]/t", "one").xml()
    s = Scenario.from_md(FORM.replace("type ", "type", 1), instance_xml=draft)
    assert s.answer_of("r[1]/t") == "one" and s.answer_of("a") == ""
    assert "kept" in s.xml(), "what the form does not know is kept"


def test_unknown_parts_survive_the_next_draft_too() -> None:
    xml = Scenario.from_md(FORM).xml().replace("<g>", "<stranger>secret</stranger><g>", 1)
    s = Scenario.from_md(FORM, instance_xml=xml)
    assert "secret" in s.save_and_reload().xml()


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "no xml",
        "<data>",
        "<data id='t'/><data/>",
        "<html/>",
        "<!DOCTYPE d [<!ENTITY a 'b'>]><data>&a;</data>",
        "<data>" * 3000 + "</data>" * 3000,
    ],
)
def test_broken_or_hostile_records_are_refused(xml: str) -> None:
    with pytest.raises(FormError) as caught:
        Scenario.from_md(FORM, instance_xml=xml)
    assert caught.value.mend


def test_a_record_of_another_form_is_refused() -> None:
    other = Scenario.from_xml(
        xform("<a/>", "", '<input ref="/data/a"/>').replace('id="t"', 'id="other"')
    ).xml()
    with pytest.raises(FormError):
        Scenario.from_xml(xform("<a/>", "", '<input ref="/data/a"/>'), instance_xml=other)


def test_a_form_may_have_a_root_of_any_name_and_namespace() -> None:
    s = Scenario.from_xml(
        xform("<a/>", '<bind nodeset="/visit/a"/>', '<input ref="/visit/a"><label>A</label></input>')
        .replace('<data id="t" version="1">', '<visit xmlns="urn:visit" id="t" version="1">')
        .replace("</data>", "</visit>")
    )
    s.answer("a", "1")
    assert 'xmlns="urn:visit"' in s.sent() and "<a>1</a>" in s.sent()
    assert s.save_and_reload().answer_of("a") == "1"


def test_a_finished_form_is_not_changed_by_finishing_it() -> None:
    s = Scenario.from_md(FORM).answer("a", "y")
    before = s.xml()
    s.finalise()
    assert s.xml() == before


VERSION_2 = """
    | survey |
    |        | type         | name | label | default | calculation |
    |        | integer      | a    | A     |         |             |
    |        | integer      | new  | New   | 7       |             |
    |        | begin_repeat | r    | R     |         |             |
    |        | text         | t    | T     |         |             |
    |        | text         | y    | Y     | why     |             |
    |        | end_repeat   |      |       |         |             |
    |        | calculate    | c    |       |         | ${a} + 1    |
"""


def test_a_later_version_fills_in_what_is_new_and_reports_both_sides() -> None:
    old = Scenario.from_md(FORM).answer("a", "1").answer("r[1]/t", "one").add_repeat("r")
    s = Scenario.from_md(VERSION_2, instance_xml=old.answer("r[2]/t", "two").xml())
    assert (s.answer_of("a"), s.answer_of("c"), s.answer_of("new")) == ("1", "2", "7")
    assert s.texts("r", "t") == ["one", "two"] and s.texts("r", "y") == ["why", "why"]
    migration = s.instance.migration
    assert {"/data/new", "/data/r/y"} <= set(migration.added) and "/data/g" in migration.unknown


def test_a_correction_keeps_the_start_and_renews_the_end() -> None:
    form = """
        | survey |
        |        | type  | name  | label | default |
        |        | start | start |       |         |
        |        | end   | end   |       |         |
        |        | text  | a     | A     | 5 + 5   |
    """
    s = Scenario.from_md(form).answer("a", "mine")
    s.sent()
    s.wait(hours=1).save_and_reload(edit=True)
    assert s.answer_of("a") == "mine", "a default is not worked out again"
    sent = s.sent()
    assert "<start>2025-03-04T12:30:15.250-07:00<" in sent and "<end>2025-03-04T13:30:15.250-07:00<" in sent
