"""Repeats: adding, removing, nesting, counted ones, sums over them, and references between their instances."""

# ruff: noqa: E501 - the tables are wide

import pytest

from forms.errors import AnswerRefused
from tests.scenario.dsl import Scenario, xform

PEOPLE = """
    | survey |
    |        | type         | name   | label  | calculation                          | relevant   |
    |        | begin_repeat | people | Person |                                      |            |
    |        | text         | name   | Name   |                                      |            |
    |        | integer      | age    | Age    |                                      |            |
    |        | text         | school | School |                                      | ${age} < 18 |
    |        | calculate    | line   |        | concat(position(..), '. ', ${name})  |            |
    |        | end_repeat   |        |        |                                      |            |
    |        | calculate    | total  |        | sum(${age})                          |            |
    |        | calculate    | number |        | count(${people})                     |            |
    |        | calculate    | names  |        | join(', ', ${name})                  |            |
    |        | calculate    | oldest |        | max(${age})                          |            |
"""


def household() -> Scenario:
    s = Scenario.from_md(PEOPLE).add_repeat("people")
    s.answer("people[1]/name", "Ana").answer("people[1]/age", 34)
    return s.answer("people[2]/name", "Ion").answer("people[2]/age", 6)


def test_a_form_starts_with_one_instance() -> None:
    s = Scenario.from_md(PEOPLE)
    assert s.count("people") == 1 and s.answer_of("number") == "1"


def test_aggregates_follow_answers() -> None:
    s = household()
    assert (s.answer_of("total"), s.answer_of("number"), s.answer_of("names")) == ("40", "2", "Ana, Ion")
    assert s.answer_of("oldest") == "34"
    s.answer("people[2]/age", 7)
    assert s.answer_of("total") == "41"


def test_references_stay_inside_their_instance() -> None:
    s = household()
    assert not s.relevant("people[1]/school") and s.relevant("people[2]/school")


def test_removing_moves_the_later_ones_up() -> None:
    s = household().add_repeat("people").answer("people[3]/name", "Mara").answer("people[3]/age", 2)
    s.remove_repeat("people[1]")
    assert s.texts("people", "name") == ["Ion", "Mara"]
    assert s.texts("people", "line") == ["1. Ion", "2. Mara"]
    assert (s.answer_of("total"), s.answer_of("number")) == ("8", "2")
    assert not s.exists("people[3]")


def test_all_instances_can_go() -> None:
    s = household().remove_repeat("people[2]").remove_repeat("people[1]")
    assert s.count("people") == 0
    assert (s.answer_of("total"), s.answer_of("number"), s.answer_of("names")) == ("0", "0", "")
    s.add_repeat("people").answer("people[1]/age", 5)
    assert s.answer_of("total") == "5"


def test_instances_survive_a_reload_also_none_of_them() -> None:
    s = household().save_and_reload()
    assert s.texts("people", "name") == ["Ana", "Ion"] and s.answer_of("total") == "40"
    s.remove_repeat("people[1]").remove_repeat("people[1]").save_and_reload()
    assert s.count("people") == 0


NESTED = """
    | survey |
    |        | type         | name   | label  | calculation                  |
    |        | begin_repeat | house  | House  |                              |
    |        | text         | street | Street |                              |
    |        | begin_repeat | room   | Room   |                              |
    |        | decimal      | m2     | Size   |                              |
    |        | calculate    | where  |        | concat(${street}, '/', position(../..), '.', position(..)) |
    |        | end_repeat   |        |        |                              |
    |        | calculate    | area   |        | sum(${m2})                   |
    |        | end_repeat   |        |        |                              |
    |        | calculate    | all    |        | sum(${m2})                   |
"""


def test_nested_repeats() -> None:
    s = Scenario.from_md(NESTED).add_repeat("house").add_repeat("house[1]/room").add_repeat("house[2]/room")
    s.answer("house[1]/street", "Pata").answer("house[2]/street", "Lunga")
    for ref, size in {"house[1]/room[1]": 10, "house[1]/room[2]": 5.5, "house[2]/room[1]": 20}.items():
        s.answer(f"{ref}/m2", size)
    assert (s.answer_of("house[1]/area"), s.answer_of("house[2]/area"), s.answer_of("all")) == (
        "15.5",
        "20",
        "35.5",
    )
    assert s.answer_of("house[1]/room[2]/where") == "Pata/1.2"
    s.remove_repeat("house[1]")
    assert (s.answer_of("all"), s.answer_of("house[1]/room[1]/where")) == ("20", "Lunga/1.1")


def test_a_new_instance_has_the_defaults_of_the_template() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type         | name | label | default |
        |        | begin_repeat | r    | R     |         |
        |        | integer      | n    | N     | 5       |
        |        | end_repeat   |      |       |         |
    """)
    s.answer("r[1]/n", 9).add_repeat("r")
    assert s.texts("r", "n") == ["9", "5"]


def test_a_fixed_count() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type         | name | label | repeat_count |
        |        | begin_repeat | r    | R     | 3            |
        |        | integer      | n    | N     |              |
        |        | end_repeat   |      |       |              |
    """)
    assert s.count("r") == 3
    with pytest.raises(AnswerRefused):
        s.add_repeat("r")
    with pytest.raises(AnswerRefused):
        s.remove_repeat("r[1]")


COUNTED = """
    | survey |
    |        | type         | name  | label | repeat_count | calculation |
    |        | integer      | many  | Many  |              |             |
    |        | begin_repeat | r     | R     | ${many}      |             |
    |        | integer      | n     | N     |              |             |
    |        | end_repeat   |       |       |              |             |
    |        | calculate    | total |       |              | sum(${n})   |
"""


def test_a_computed_count_follows_its_answer() -> None:
    s = Scenario.from_md(COUNTED)
    assert s.count("r") == 0
    s.answer("many", 3)
    assert s.count("r") == 3
    for n in (1, 2, 3):
        s.answer(f"r[{n}]/n", n)
    assert s.answer_of("total") == "6"
    s.answer("many", 2)
    assert (s.count("r"), s.answer_of("total")) == (2, "3")
    s.answer("many", "")
    assert s.count("r") == 0


def test_a_computed_count_survives_a_reload() -> None:
    s = Scenario.from_md(COUNTED).answer("many", 2)
    s.answer("r[2]/n", 8).save_and_reload()
    assert (s.count("r"), s.answer_of("r[2]/n"), s.answer_of("total")) == (2, "8", "8")


def test_a_group_around_a_repeat_hides_its_instances() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type         | name  | label | relevant   | calculation |
        |        | integer      | show  | Show  |            |             |
        |        | begin_repeat | r     | R     | ${show} = 1 |            |
        |        | integer      | n     | N     |            |             |
        |        | end_repeat   |       |       |            |             |
        |        | calculate    | total |       |            | sum(${n})   |
    """).answer("show", 1)
    s.answer("r[1]/n", 4)
    assert s.answer_of("total") == "4"
    s.answer("show", 0)
    assert not s.relevant("r[1]") and not s.relevant("r[1]/n") and s.answer_of("total") == "0"
    assert "<r>" not in s.sent()


def test_the_previous_instance_can_be_read() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type         | name  | label | calculation |
        |        | begin_repeat | r     | R     | |
        |        | integer      | n     | N     | |
        |        | calculate    | sofar |       | ${n} + coalesce(../../r[position() = position(current()/..) - 1]/sofar, 0) |
        |        | end_repeat   |       |       | |
    """).add_repeat("r", 2)
    for n, value in enumerate((1, 10, 100), start=1):
        s.answer(f"r[{n}]/n", value)
    assert s.texts("r", "sofar") == ["1", "11", "111"]
    s.answer("r[1]/n", 5)
    assert s.texts("r", "sofar") == ["5", "15", "115"]
    s.remove_repeat("r[2]")
    assert s.texts("r", "sofar") == ["5", "105"]


def test_a_template_is_not_an_instance() -> None:
    s = Scenario.from_xml(
        xform(
            '<r jr:template=""><n>7</n></r><r><n>1</n></r><all/>',
            '<bind nodeset="/data/r/n" type="int"/><bind nodeset="/data/all" calculate="sum(/data/r/n)"/>',
            '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/n"/></repeat></group>',
        )
    )
    assert (s.count("r"), s.answer_of("all")) == (1, "1")
    s.add_repeat("r")
    assert (s.texts("r", "n"), s.answer_of("all")) == (["1", "7"], "8")
    assert "template" not in s.sent()


def test_unknown_instances_are_refused() -> None:
    s = household()
    with pytest.raises(AnswerRefused):
        s.remove_repeat("people[9]")
    with pytest.raises(AnswerRefused):
        s.add_repeat("nowhere")


ONE_MORE = """
    | survey |
    |        | type         | name  | label | repeat_count | calculation |
    |        | calculate    | many  |       |              | count(${r}) |
    |        | calculate    | want  |       |              | if(${many} = 0 or indexed-repeat(${more}, ${r}, ${many}) = 'yes', ${many} + 1, ${many}) |
    |        | begin_repeat | r     | R     | ${want}      |             |
    |        | integer      | n     | N     |              |             |
    |        | text         | more  | More? |              |             |
    |        | end_repeat   |       |       |              |             |
    |        | calculate    | total |       |              | sum(${n})   |
"""


def test_one_more_as_long_as_the_last_answer_is_yes() -> None:
    s = Scenario.from_md(ONE_MORE)
    assert (s.count("r"), s.answer_of("many"), s.answer_of("want")) == (1, "1", "1")
    s.answer("r[1]/n", 4).answer("r[1]/more", "yes")
    assert s.count("r") == 2
    s.answer("r[2]/n", 5).answer("r[2]/more", "yes").answer("r[3]/more", "no")
    assert (s.count("r"), s.answer_of("total")) == (3, "9")
    s.save_and_reload()
    assert (s.count("r"), s.answer_of("total"), s.answer_of("r[2]/n")) == (3, "9", "5")


def test_a_count_that_never_settles_is_a_problem_not_a_hang() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type         | name | label | repeat_count    |
        |        | begin_repeat | r    | R     | count(${r}) + 1 |
        |        | text         | t    | T     |                 |
        |        | end_repeat   |      |       |                 |
    """
    )
    assert s.count("r") < 1000
