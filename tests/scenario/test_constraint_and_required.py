"""What is accepted, what must be answered, and the messages that say so."""

# ruff: noqa: E501 - the tables are wide

from tests.scenario.dsl import Scenario, xform

FORM = """
    | survey |
    |        | type    | name | label | constraint              | constraint_message | required | required_message |
    |        | integer | age  | Age   | . >= 0 and . <= ${most} | At most ${most}    |          |                  |
    |        | integer | most | Most  |                         |                    |          |                  |
    |        | text    | name | Name  |                         |                    | yes      | Who is it?       |
"""


def test_a_wrong_answer_is_data_and_keeps_what_was_typed() -> None:
    s = Scenario.from_md(FORM).answers(most=100, age=150)
    assert s.validity("age") == ("constraint", "At most 100")
    assert s.answer_of("age") == "150"
    assert s.answer("age", 50).validity("age") == ("", "")


def test_a_limit_that_moves_is_checked_again() -> None:
    s = Scenario.from_md(FORM).answers(most=100, age=50)
    assert s.answer("most", 40).validity("age") == ("constraint", "At most 40")
    assert s.answer("most", 60).validity("age") == ("", "")


def test_blank_answers_are_not_checked_against_a_limit() -> None:
    assert Scenario.from_md(FORM).answer("age", "").validity("age") == ("", "")


def test_required_and_its_message() -> None:
    s = Scenario.from_md(FORM)
    assert s.at("name").required and s.validity("name") == ("required", "Who is it?")
    assert s.answer("name", "Ana").validity("name") == ("", "")


def test_required_can_be_a_condition() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type    | name | label | required  |
        |        | integer | n    | N     |           |
        |        | text    | why  | Why   | ${n} > 5  |
    """)
    assert s.problems() == []
    assert s.answer("n", 6).problems() == [("why", "required")]
    assert s.answer("n", 5).problems() == []


def test_problems_come_in_form_order_with_instances() -> None:
    s = (
        Scenario.from_md("""
        | survey |
        |        | type         | name | label | required | constraint |
        |        | text         | a    | A     | yes      |            |
        |        | begin_repeat | r    | R     |          |            |
        |        | integer      | n    | N     | yes      | . < 10     |
        |        | end_repeat   |      |       |          |            |
        |        | text         | z    | Z     | yes      |            |
    """)
        .add_repeat("r")
        .answer("r[1]/n", 50)
    )
    assert s.problems() == [
        ("a", "required"),
        ("r[1]/n", "constraint"),
        ("r[2]/n", "required"),
        ("z", "required"),
    ]


def test_an_answer_of_the_wrong_type_is_a_problem_of_its_own() -> None:
    s = Scenario.from_md(FORM).answer("age", "many")
    assert s.validity("age")[0] == "type" and s.answer_of("age") == "many"
    assert s.validity("age")[1], "a message says what is wanted"
    assert s.answer("age", "").validity("age") == ("", "")


def test_messages_follow_the_language() -> None:
    s = Scenario.from_md("""
        | survey  |
        |         | type    | name | label::English (en) | label::Română (ro) | constraint | constraint_message::English (en) | constraint_message::Română (ro) |
        |         | integer | n    | N                   | N                  | . < 5      | Less than 5                      | Sub 5                           |
        | settings |
        |         | default_language |
        |         | English (en)     |
    """).answer("n", 7)
    assert s.validity("n") == ("constraint", "Less than 5")
    assert s.speak("Română (ro)").validity("n") == ("constraint", "Sub 5")


def test_a_constraint_may_read_its_own_repeat_instance() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type         | name  | label | constraint   |
        |        | begin_repeat | r     | R     |              |
        |        | date         | start | Start |              |
        |        | date         | end   | End   | . >= ${start} |
        |        | end_repeat   |       |       |              |
    """).add_repeat("r")
    s.answer("r[1]/start", "2025-05-01").answer("r[2]/start", "2020-05-01")
    s.answer("r[1]/end", "2024-01-01").answer("r[2]/end", "2024-01-01")
    assert s.problems() == [("r[1]/end", "constraint")]


def test_messages_without_translation_are_taken_as_they_are() -> None:
    s = Scenario.from_xml(
        xform(
            "<a/>",
            '<bind nodeset="/data/a" type="int" required="true()" jr:requiredMsg="Please answer" '
            'constraint=". &gt; 1" jr:constraintMsg="More than 1"/>',
            '<input ref="/data/a"><label>A</label></input>',
        )
    )
    assert s.validity("a") == ("required", "Please answer")
    assert s.answer("a", "1").validity("a") == ("constraint", "More than 1")


def test_readonly_can_be_a_condition() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type    | name | label | readonly |
        |        | integer | n    | N     |          |
        |        | text    | t    | T     | ${n} = 1 |
    """)
    assert not s.at("t").readonly
    assert s.answer("n", 1).at("t").readonly
