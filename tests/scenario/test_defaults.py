"""Defaults: fixed ones, worked-out ones, and when they apply."""

from tests.scenario.dsl import Scenario


def test_fixed_defaults_of_every_kind() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type               | name | label | default    |
        |        | integer            | i    | I     | 5          |
        |        | decimal            | d    | D     | 1.5        |
        |        | text               | t    | T     | it's       |
        |        | date               | day  | Day   | 2025-01-02 |
        |        | select_one yn      | s    | S     | y          |
        |        | select_multiple yn | m    | M     | y n        |
        | choices |
        |        | list_name | name | label |
        |        | yn        | y    | Yes   |
        |        | yn        | n    | No    |
    """)
    assert [s.answer_of(name) for name in ("i", "d", "t", "day", "s", "m")] == [
        "5",
        "1.5",
        "it's",
        "2025-01-02",
        "y",
        "y n",
    ]


def test_a_worked_out_default_is_set_once() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type | name | label | default |
        |        | date | day  | Day   | today() |
        |        | text | t    | T     | concat('a', 1 + 1) |
    """)
    assert (s.answer_of("day"), s.answer_of("t")) == ("2025-03-04", "a2")
    s.answer("day", "2020-01-01").wait(days=3)
    assert s.save_and_reload().answer_of("day") == "2020-01-01"


def test_a_default_may_read_another_default() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type    | name | label | default   |
        |        | integer | a    | A     | 4         |
        |        | integer | b    | B     | ${a} * 10 |
    """)
    assert s.answer_of("b") == "40"
    assert s.answer("a", 1).answer_of("b") == "40", "a default is not a calculation"


def test_defaults_of_new_instances_are_worked_out_for_each() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type         | name | label | default        |
        |        | integer      | base | Base  | 100            |
        |        | begin_repeat | r    | R     |                |
        |        | integer      | n    | N     | ${base} + position(..) |
        |        | end_repeat   |      |       |                |
    """).add_repeat("r")
    assert s.texts("r", "n") == ["101", "102"]
    s.answer("base", 200).add_repeat("r")
    assert s.texts("r", "n") == ["101", "102", "203"]


def test_a_reopened_draft_is_not_given_defaults_again() -> None:
    s = (
        Scenario.from_md("""
        | survey |
        |        | type    | name | label | default |
        |        | integer | n    | N     | 2 + 3   |
    """)
        .answer("n", "")
        .save_and_reload()
    )
    assert s.answer_of("n") == ""


def test_hidden_calculations_and_hidden_fields() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type   | name | label | default |
        |        | hidden | h    |       | kept    |
        |        | note   | n    | N     |         |
    """)
    assert s.answer_of("h") == "kept" and s.at("h").control is None
