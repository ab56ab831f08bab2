"""What a screen is told: after each change the nodes that look different, once, and nothing else."""

# ruff: noqa: E501 - the table is wide

from typing import Any

from tests.scenario.dsl import Scenario

FORM = """
    | survey |
    |        | type          | name  | label         | relevant     | calculation | choice_filter | constraint | required |
    |        | text          | who   | Who           |              |             |               |            |          |
    |        | integer       | age   | Age of ${who} |              |             |               | . < ${most} |         |
    |        | integer       | most  | Most          |              |             |               |            |          |
    |        | begin_group   | adult | Adult         | ${age} >= 18 |             |               |            |          |
    |        | text          | job   | Job           |              |             |               |            | ${who} != '' |
    |        | end_group     |       |               |              |             |               |            |          |
    |        | calculate     | twice |               |              | ${age} * 2  |               |            |          |
    |        | select_one ls | pick  | Pick          |              |             | kind = ${who} |            |          |
    |        | begin_repeat  | r     | R             |              |             |               |            |          |
    |        | text          | t     | T             |              |             |               |            |          |
    |        | end_repeat    |       |               |              |             |               |            |          |
    |        | calculate     | many  |               |              | count(${r}) |               |            |          |
    | choices |
    |        | list_name | name | label | kind |
    |        | ls        | a    | A     | Ana  |
    |        | ls        | b    | B     | Ion  |
"""


def watched() -> tuple[Scenario, list[set[str]]]:
    s = Scenario.from_md(FORM).answer("most", 100)
    seen: list[set[str]] = []

    def note(nodes: Any) -> None:
        seen.append({node.ref.removeprefix("/data/") for node in nodes})

    s.instance.subscribe(note)
    return s, seen


def test_an_answer_tells_of_all_that_looks_different() -> None:
    s, seen = watched()
    s.answer("who", "Ana")
    assert len(seen) == 1
    assert {"who", "age", "pick", "adult/job"} <= seen[0], "its label, its choices, whether it is required"
    assert not seen[0] & {"most", "twice", "many"}


def test_relevance_and_calculations_are_told() -> None:
    s, seen = watched()
    s.answer("age", 20)
    assert {"age", "adult", "adult/job", "twice"} <= seen[-1] and "who" not in seen[-1]


def test_a_moved_limit_tells_of_the_answer_it_breaks() -> None:
    s, seen = watched()
    s.answer("age", 50).answer("most", 40)
    assert "age" in seen[-1] and s.validity("age")[0] == "constraint"


def test_repeats_are_told() -> None:
    s, seen = watched()
    s.add_repeat("r")
    assert {"r", "many"} <= seen[-1]
    s.remove_repeat("r[1]")
    assert {"r", "many"} <= seen[-1]


def test_an_answer_that_changes_nothing_tells_nothing_of_others() -> None:
    s, seen = watched()
    s.answer("who", "Ana")
    seen.clear()
    s.answer("who", "Ana")
    assert set().union(*seen) <= {"who"}


def test_a_language_tells_of_every_text() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type          | name | label::English (en) | label::Română (ro) |
        |        | text          | who  | Who                 | Cine               |
        |        | select_one ls | pick | Pick                | Alege              |
        | choices |
        |        | list_name | name | label::English (en) | label::Română (ro) |
        |        | ls        | a    | A                   | A                  |
    """
    ).speak("English (en)")
    seen: list[set[str]] = []
    s.instance.subscribe(lambda nodes: seen.append({node.name for node in nodes}))
    s.speak("Română (ro)")
    assert len(seen) == 1 and {"who", "pick"} <= seen[0]
