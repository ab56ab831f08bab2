"""Relevance: shown or not, inherited, and what becomes of hidden answers."""

from tests.scenario.dsl import Scenario

NESTED = """
    | survey |
    |        | type        | name  | label | relevant     | required |
    |        | integer     | age   | Age   |              |          |
    |        | begin_group | adult | Adult | ${age} >= 18 |          |
    |        | text        | job   | Job   |              | yes      |
    |        | text        | boss  | Boss  | ${job} != '' |          |
    |        | end_group   |       |       |              |          |
"""


def test_a_question_appears_when_its_condition_holds() -> None:
    s = Scenario.from_md(NESTED)
    assert not s.relevant("adult") and not s.relevant("adult/job")
    s.answer("age", 20)
    assert s.relevant("adult") and s.relevant("adult/job") and not s.relevant("adult/boss")
    s.answer("adult/job", "tailor")
    assert s.relevant("adult/boss")


def test_relevance_is_inherited_from_the_group() -> None:
    s = Scenario.from_md(NESTED).answers(age=20)
    s.answer("adult/job", "tailor")
    assert s.relevant("adult/boss")
    s.answer("age", 10)
    assert not s.relevant("adult/boss")


def test_a_hidden_answer_counts_as_empty_and_comes_back() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name | label | relevant     | calculation         |
        |        | integer   | age  | Age   |              |                     |
        |        | text      | job  | Job   | ${age} >= 18 |                     |
        |        | calculate | seen |       |              | concat('<', ${job}) |
    """).answers(age=20, job="tailor")
    assert s.answer_of("seen") == "<tailor"
    s.answer("age", 3)
    assert s.answer_of("seen") == "<"
    s.answer("age", 30)
    assert (s.answer_of("job"), s.answer_of("seen")) == ("tailor", "<tailor")


def test_what_is_hidden_is_neither_required_nor_checked_nor_sent() -> None:
    s = Scenario.from_md(NESTED).answers(age=20)
    assert s.problems() == [("adult/job", "required")]
    s.answer("adult/job", "tailor")
    s.answer("age", 10)
    assert s.problems() == []
    assert "tailor" not in s.sent() and "<adult" not in s.sent()
    assert "tailor" in s.xml(), "a draft keeps what is hidden"


def test_a_draft_keeps_hidden_answers_over_a_reload() -> None:
    s = Scenario.from_md(NESTED).answers(age=20)
    s.answer("adult/job", "tailor").answer("age", 10).save_and_reload().answer("age", 40)
    assert s.answer_of("adult/job") == "tailor"


def test_an_empty_group_disappears_with_its_last_relevant_question() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type        | name | label | relevant   |
        |        | select_one yn | q  | Q     |            |
        |        | begin_group | g    | G     | ${q} = 'y' |
        |        | note        | n    | N     |            |
        |        | end_group   |      |       |            |
        | choices |
        |        | list_name | name | label |
        |        | yn        | y    | Yes   |
        |        | yn        | n    | No    |
    """)
    assert not s.relevant("g/n")
    assert s.answer("q", "y").relevant("g/n")
    assert not s.answer("q", "").relevant("g/n")


def test_relevance_over_a_long_chain() -> None:
    rows = "\n".join(f"| | integer | q{n} | Q | ${{q{n - 1}}} = {n - 1} |" for n in range(1, 60))
    s = Scenario.from_md(
        f"| survey |\n| | type | name | label | relevant |\n| | integer | q0 | Q | |\n{rows}"
    )
    for n in range(60):
        assert s.relevant(f"q{n}")
        s.answer(f"q{n}", n)
    s.answer("q0", 9)
    assert [s.relevant(f"q{n}") for n in (1, 2, 59)] == [False, False, False]
