"""Entities: create, update, upsert, several in a form and in repeats (2022.1 to 2025.1)."""

from tests.scenario.dsl import Scenario

CREATE = """
    | survey |
    |        | type    | name | label | save_to |
    |        | text    | head | Head  | head    |
    |        | integer | size | Size  | size    |
    |        | text    | note | Note  |         |
    | entities |
    |        | list_name  | label   | create_if   |
    |        | households | ${head} | ${size} > 0 |
"""
LIST = [
    {
        "name": "11111111-1111-4111-8111-111111111111",
        "label": "Old",
        "head": "Ana",
        "__version": "3",
        "__trunkVersion": "2",
        "__branchId": "",
    }
]


def test_a_form_creates_an_entity() -> None:
    s = Scenario.from_md(CREATE).answers(head="Ana", size=4, note="x")
    (entity,) = s.finalise().entities
    assert (entity.list_name, entity.operation, entity.label) == ("households", "create", "Ana")
    assert entity.properties == {"head": "Ana", "size": "4"} and entity.base_version in (None, "")
    assert len(entity.entity_id) == 36


def test_the_entity_keeps_its_id_over_drafts() -> None:
    s = Scenario.from_md(CREATE).answers(head="Ana", size=4)
    first = s.finalise().entities[0].entity_id
    assert s.save_and_reload().finalise().entities[0].entity_id == first


def test_without_its_condition_no_entity_is_made() -> None:
    assert Scenario.from_md(CREATE).answers(head="Ana", size=0).finalise().entities == []


UPDATE = """
    | survey |
    |        | type                                | name | label | save_to |
    |        | select_one_from_file households.csv | h    | H     |         |
    |        | text                                | head | Head  | head    |
    | entities |
    |        | list_name  | entity_id | label |
    |        | households | ${h}      | {label} |
"""


def test_a_form_updates_an_entity() -> None:
    s = Scenario.from_md(UPDATE.replace("{label}", ""), entities={"households": LIST})
    s.answers(h=LIST[0]["name"], head="Ioana")
    (entity,) = s.finalise().entities
    assert (entity.operation, entity.entity_id, entity.base_version) == ("update", LIST[0]["name"], "3")
    assert entity.properties == {"head": "Ioana"} and not entity.label


def test_an_update_may_rename() -> None:
    s = Scenario.from_md(UPDATE.replace("{label}", "${head}"), entities={"households": LIST})
    s.answers(h=LIST[0]["name"], head="Ioana")
    assert s.finalise().entities[0].label == "Ioana"


def test_a_question_that_is_hidden_saves_nothing() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type    | name | label | save_to | relevant  |
        |        | integer | size | Size  | size    |           |
        |        | text    | note | Note  | remark  | ${size} > 5 |
        | entities |
        |        | list_name  | label   |
        |        | households | ${size} |
    """).answers(size=9, note="kept")
    assert s.finalise().entities[0].properties == {"size": "9", "remark": "kept"}
    assert s.answer("size", 2).finalise().entities[0].properties == {"size": "2"}


UPSERT = """
    | survey |
    |        | type | name | label | save_to |
    |        | text | id   | Id    |         |
    |        | text | head | Head  | head    |
    |        | csv-external | households | | |
    | entities |
    |        | list_name  | entity_id | label   | create_if | update_if |
    |        | households | ${id}     | ${head} | ${id} = 'new' | ${id} != 'new' |
"""


def test_an_upsert_creates_or_updates() -> None:
    s = Scenario.from_md(UPSERT, entities={"households": LIST}).answers(id=LIST[0]["name"], head="Ioana")
    assert s.finalise().entities[0].operation == "update"
    assert s.answer("id", "new").finalise().entities[0].operation == "create"


def test_entities_of_a_repeat() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type         | name   | label  | save_to |
        |        | begin_repeat | people | People |         |
        |        | text         | name   | Name   | called  |
        |        | integer      | age    | Age    | age     |
        |        | end_repeat   |        |        |         |
        | entities |
        |        | list_name | label   |
        |        | persons   | ${name} |
    """).add_repeat("people")
    s.answer("people[1]/name", "Ana").answer("people[2]/name", "Ion").answer("people[2]/age", 6)
    made = s.finalise().entities
    assert [(e.list_name, e.operation, e.label) for e in made] == [
        ("persons", "create", "Ana"),
        ("persons", "create", "Ion"),
    ]
    assert made[1].properties == {"called": "Ion", "age": "6"} and made[0].entity_id != made[1].entity_id


def test_several_entities_in_one_form() -> None:
    s = (
        Scenario.from_md("""
        | survey |
        |        | type         | name   | label  | save_to           |
        |        | text         | street | Street | households#street |
        |        | begin_repeat | people | People |                   |
        |        | text         | name   | Name   | persons#called    |
        |        | end_repeat   |        |        |                   |
        | entities |
        |        | list_name  | label     |
        |        | households | ${street} |
        |        | persons    | ${name}   |
    """)
        .answer("street", "Pata")
        .answer("people[1]/name", "Ana")
    )
    assert {(e.list_name, e.label) for e in s.finalise().entities} == {
        ("households", "Pata"),
        ("persons", "Ana"),
    }


def test_the_entity_stands_in_the_sent_xml() -> None:
    sent = Scenario.from_md(CREATE).answers(head="Ana", size=4).sent()
    assert 'dataset="households"' in sent and "entity" in sent and ">Ana</label>" in sent
