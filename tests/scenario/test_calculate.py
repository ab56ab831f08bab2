"""Calculations: order, types, chains, blanks, and read-only questions that are calculated."""

import pytest

from forms.errors import FormError
from tests.scenario.dsl import Scenario, xform


def test_a_calculation_follows_its_questions() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name  | label | calculation     |
        |        | calculate | late  |       | ${twice} + 1    |
        |        | integer   | n     | N     |                 |
        |        | calculate | twice |       | ${n} * 2        |
    """).answer("n", 4)
    assert (s.answer_of("twice"), s.answer_of("late")) == ("8", "9")
    s.answer("n", "")
    assert (s.answer_of("twice"), s.answer_of("late")) in {("", ""), ("NaN", "NaN")}


def test_a_deep_chain_settles_in_one_answer() -> None:
    rows = "\n".join(f"| | calculate | c{n} | ${{c{n - 1}}} + 1 |" for n in range(1, 150))
    s = Scenario.from_md(
        f"| survey |\n| | type | name | calculation | label |\n| | integer | a | | A |\n"
        f"| | calculate | c0 | ${{a}} |\n{rows}"
    )
    s.answer("a", 1)
    assert s.answer_of("c149") == "150"
    s.answer("a", 5)
    assert s.answer_of("c149") == "154"


def test_the_result_takes_the_type_of_its_node() -> None:
    s = Scenario.from_xml(
        xform(
            "<a>7</a><i/><d/><t/><b/>",
            '<bind nodeset="/data/a" type="int"/><bind nodeset="/data/i" type="int" calculate="/data/a div 2"/>'
            '<bind nodeset="/data/d" type="decimal" calculate="/data/a div 2"/>'
            '<bind nodeset="/data/t" type="string" calculate="/data/a div 2"/>'
            '<bind nodeset="/data/b" type="boolean" calculate="/data/a &gt; 2"/>',
            '<input ref="/data/a"/>',
        )
    )
    assert [s.answer_of(name) for name in "idtb"] == ["3", "3.5", "3.5", "true"]
    assert [s.value_of(name) for name in "idtb"] == [3, 3.5, "3.5", True]


def test_a_calculated_question_can_show_and_is_read_only() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type    | name | label | calculation | readonly |
        |        | integer | n    | N     |             |          |
        |        | text    | m    | M     | ${n} + 1    | yes      |
    """).answer("n", 1)
    assert s.answer_of("m") == "2" and s.at("m").readonly


def test_a_typed_over_calculation_returns_when_its_source_changes() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type    | name | label | calculation |
        |        | integer | n    | N     |             |
        |        | text    | m    | M     | ${n} + 1    |
    """).answers(n=1, m="own")
    assert s.answer_of("m") == "own"
    assert s.answer("n", 2).answer_of("m") == "3"


def test_a_calculation_that_is_not_relevant_counts_as_empty() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name | label | calculation        | relevant |
        |        | integer   | n    | N     |                    |          |
        |        | calculate | m    |       | ${n} * 10          | ${n} > 5 |
        |        | calculate | seen |       | concat('m=', ${m}) |          |
    """).answer("n", 6)
    assert s.answer_of("seen") == "m=60"
    assert s.answer("n", 2).answer_of("seen") == "m="


@pytest.mark.parametrize("a", ["${b} + 1", "${a} + 1"])
def test_cycles_are_refused_and_named(a: str) -> None:
    with pytest.raises(FormError) as caught:
        Scenario.from_md(f"""
            | survey |
            |        | type      | name | calculation | label |
            |        | calculate | a    | {a}         |       |
            |        | calculate | b    | ${{a}} + 1  |       |
            |        | note      | n    |             | N     |
        """)
    assert "cycle" in caught.value.code and "/data/a" in str(caught.value)


def test_a_cycle_through_relevance_is_refused() -> None:
    with pytest.raises(FormError) as caught:
        Scenario.from_md("""
            | survey |
            |        | type | name | label | relevant |
            |        | text | a    | A     | ${b} = 1 |
            |        | text | b    | B     | ${a} = 1 |
        """)
    assert "cycle" in caught.value.code


def test_an_expression_that_cannot_be_worked_out_is_a_problem_at_its_question() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name | label | calculation                  |
        |        | text      | p    | P     |                              |
        |        | calculate | c    |       | digest('x', ${p})            |
        |        | calculate | ok   |       | concat(${p}, '!')            |
    """).answer("p", "nonsense")
    assert s.answer_of("ok") == "nonsense!", "the rest of the form goes on"
    assert s.answer_of("c") == ""
    assert s.answer("p", "MD5").answer_of("c") == "nd1NCkmVvC9uYh1bEpMDbg==" or len(s.answer_of("c")) == 24


def test_if_and_coalesce() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name | label | calculation                                       |
        |        | integer   | n    | N     |                                                   |
        |        | calculate | kind |       | if(${n} = '', 'none', if(${n} > 3, 'many', 'few')) |
        |        | calculate | safe |       | coalesce(${n}, 0) + 1                             |
    """)
    assert (s.answer_of("kind"), s.answer_of("safe")) == ("none", "1")
    assert (s.answer("n", 2).answer_of("kind"), s.answer_of("safe")) == ("few", "3")
    assert s.answer("n", 9).answer_of("kind") == "many"
