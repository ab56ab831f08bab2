"""Every question type: what an answer becomes, what the node says of itself, ranges, ranks, media, or_other."""

# ruff: noqa: E501 - the tables are wide

from datetime import date, time

import pytest

from tests.scenario.dsl import Scenario

ALL = """
    | survey |
    |        | type               | name   | label | parameters            | appearance | default |
    |        | text               | t      | T     |                       | multiline  |         |
    |        | integer            | i      | I     |                       | thousands-sep | |
    |        | decimal            | d      | D     |                       |            |         |
    |        | date               | day    | Day   |                       | month-year |         |
    |        | time               | hour   | Hour  |                       |            |         |
    |        | dateTime           | when   | When  |                       |            |         |
    |        | geopoint           | gp     | GP    |                       | placement-map |      |
    |        | geotrace           | gt     | GT    |                       |            |         |
    |        | geoshape           | gs     | GS    |                       |            |         |
    |        | select_one ls      | s1     | S1    |                       | likert     |         |
    |        | select_multiple ls | sm     | SM    |                       |            |         |
    |        | rank ls            | rk     | RK    |                       |            |         |
    |        | range              | rg     | RG    | start=1 end=10 step=2 |            |         |
    |        | image              | img    | IMG   |                       | signature  |         |
    |        | audio              | aud    | AUD   |                       |            |         |
    |        | video              | vid    | VID   |                       |            |         |
    |        | file               | doc    | DOC   |                       |            |         |
    |        | barcode            | bc     | BC    |                       |            |         |
    |        | acknowledge        | ok     | OK    |                       |            |         |
    |        | note               | nt     | NT    |                       |            |         |
    |        | hidden             | hid    |       |                       |            | x       |
    | choices |
    |        | list_name | name | label |
    |        | ls        | a    | A     |
    |        | ls        | b    | B     |
    |        | ls        | c    | C     |
"""


@pytest.fixture(name="form")
def fixture_form() -> Scenario:
    return Scenario.from_md(ALL)


@pytest.mark.parametrize(
    ("name", "answer", "text", "value"),
    [
        ("t", "ăîș\n2", "ăîș\n2", "ăîș\n2"),
        ("i", 5, "5", 5),
        ("i", "-7", "-7", -7),
        ("d", 2.5, "2.5", 2.5),
        ("day", date(2025, 1, 2), "2025-01-02", date(2025, 1, 2)),
        ("hour", time(9, 5), "09:05:00.000", time(9, 5)),
        ("gp", "46.77 23.6 300 5", "46.77 23.6 300 5", (46.77, 23.6, 300, 5)),
        ("s1", "b", "b", "b"),
        ("sm", ["a", "c"], "a c", ["a", "c"]),
        ("rk", ["c", "a", "b"], "c a b", ["c", "a", "b"]),
        ("rg", 3, "3", 3),
        ("img", "photo.jpg", "photo.jpg", "photo.jpg"),
        ("bc", "5941", "5941", "5941"),
        ("ok", "OK", "OK", "OK"),
    ],
)
def test_answers_of_every_type(form: Scenario, name: str, answer: object, text: str, value: object) -> None:
    form.answer(name, answer)
    assert form.answer_of(name) == text and form.value_of(name) == value
    assert form.save_and_reload().value_of(name) == value
    assert form.answer(name, "").value_of(name) is None


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("i", "2.5"),
        ("d", "much"),
        ("day", "yesterday"),
        ("hour", "25:00"),
        ("when", "soon"),
        ("gp", "95 0"),
        ("gt", "0 0"),
        ("gs", "0 0;0 1;1 1"),
    ],
)
def test_answers_that_do_not_fit(form: Scenario, name: str, wrong: str) -> None:
    assert form.answer(name, wrong).validity(name)[0] == "type"


@pytest.mark.parametrize(
    ("name", "control", "type_name", "appearance"),
    [
        ("t", "input", "string", "multiline"),
        ("i", "input", "int", "thousands-sep"),
        ("s1", "select1", "string", "likert"),
        ("sm", "select", "string", ""),
        ("rk", "rank", None, ""),
        ("rg", "range", "int", ""),
        ("img", "upload", "binary", "signature"),
        ("ok", "trigger", None, ""),
        ("gp", "input", "geopoint", "placement-map"),
        ("bc", "input", "barcode", ""),
        ("hid", None, "string", ""),
    ],
)
def test_what_a_node_says_of_itself(
    form: Scenario, name: str, control: str | None, type_name: str | None, appearance: str
) -> None:
    node = form.at(name)
    assert node.control == control and node.appearance == appearance
    assert type_name is None or node.type in (type_name, "select1", "select")


def test_media_types(form: Scenario) -> None:
    assert [form.at(name).mediatype for name in ("img", "aud", "vid")] == ["image/*", "audio/*", "video/*"]


def test_a_note_is_read_only(form: Scenario) -> None:
    assert form.at("nt").readonly


def test_attachments_are_named_when_the_form_is_finished(form: Scenario) -> None:
    form.answers(img="p.jpg", aud="a.m4a")
    assert sorted(form.finalise().attachments) == ["a.m4a", "p.jpg"]


def test_a_rank_must_hold_every_choice_or_none(form: Scenario) -> None:
    assert form.choices_of("rk") == ["a", "b", "c"]
    assert form.answer("rk", ["b", "c", "a"]).validity("rk") == ("", "")


def test_or_other() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type                      | name | label |
        |        | select_one ls or_other    | s    | S     |
        | choices |
        |        | list_name | name | label |
        |        | ls        | a    | A     |
    """)
    assert s.choices_of("s") == ["a", "other"] and not s.relevant("s_other")
    assert s.answer("s", "other").relevant("s_other")
    assert s.answer("s_other", "a third way").problems() == []


def test_groups_appearances_and_table_lists() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type          | name | label | appearance | body::accuracyThreshold |
        |        | begin_group   | g    | G     | field-list |                         |
        |        | text          | t    | T     | w2         |                         |
        |        | end_group     |      |       |            |                         |
        |        | begin_group   | tl   | TL    | table-list |                         |
        |        | select_one ls | a    | A     |            |                         |
        |        | select_one ls | b    | B     |            |                         |
        |        | end_group     |      |       |            |                         |
        |        | geopoint      | p    | P     |            | 1.5                     |
        | choices |
        |        | list_name | name | label |
        |        | ls        | x    | X     |
    """)
    assert s.at("g").appearance == "field-list" and s.at("g/t").appearance == "w2"
    assert s.at("tl/a").appearance == "list-nolabel" and "field-list" in s.at("tl").appearance
    assert s.choices_of("tl/b") == ["x"]


def test_children_walk_in_form_order(form: Scenario) -> None:
    names = [child.ref.rpartition("/")[2] for child in form.instance.root.children]
    assert [n for n in names if n != "meta"][:5] == ["t", "i", "d", "day", "hour"]
    assert form.at("t").kind in ("question", "note") and form.instance.root.kind == "root"


def test_a_picture_of_the_form_itself_is_no_attachment_of_the_record() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type  | name | label | default | parameters     |
        |        | image | p    | P     | a.png   | max-pixels=640 |
    """,
        {"a.png": b"x"},
    )
    assert s.answer_of("p") == "jr://images/a.png" and s.finalise().attachments == []
    assert s.at("p").attributes["orx:max-pixels"] == "640"
    assert s.answer("p", "mine.jpg").finalise().attachments == ["mine.jpg"]


def test_choices_that_are_not_offered_are_marked() -> None:
    s = Scenario.from_md(ALL).answers(s1="zz", sm="a zz", rk="zz b")
    assert [ref for ref, condition in s.problems() if condition == "type"] == ["s1", "sm", "rk"]


def test_settings_reach_the_form_and_the_record() -> None:
    s = Scenario.from_md(
        """
        | survey   |
        |          | type | name | label | bind::custom | body::kb:flag |
        |          | text | n    | N     | yes          | 1             |
        | settings |
        |          | form_id | version | submission_url        | auto_send | style | namespaces  | attribute::xyz | name  |
        |          | f1      | 3       | https://example.org/s | yes       | pages | kb="urn:kb" | 5              | visit |
    """
    )
    assert s.form.submission["action"] == "https://example.org/s" and s.form.appearance == "pages"
    assert s.at("n").attributes["custom"] == "yes" and s.at("n").attributes["kb:flag"] == "1"
    assert s.sent().partition(">")[2].startswith("<visit ") and 'xyz="5"' in s.sent()


def test_odk_encryption_is_said_not_to_be_used() -> None:
    s = Scenario.from_md(
        """
        | survey   |
        |          | type | name | label |
        |          | text | n    | N     |
        | settings |
        |          | form_id | public_key      |
        |          | f1      | MIIBIjANBgkqhki |
    """
    )
    assert any("public_key" in warning for warning in s.form.warnings)
