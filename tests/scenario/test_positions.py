"""position(..), indexed-repeat(), predicates over repeats, once() and current()."""

from tests.scenario.dsl import Scenario, xform

ROWS = """
    | survey |
    |        | type         | name   | label | calculation                                             |
    |        | begin_repeat | r      | R     |                                                         |
    |        | text         | name   | Name  |                                                         |
    |        | integer      | n      | N     |                                                         |
    |        | calculate    | pos    |       | position(..)                                            |
    |        | calculate    | before |       | indexed-repeat(${name}, ${r}, ${pos} - 1)               |
    |        | end_repeat   |        |       |                                                         |
    |        | integer      | which  | Which |                                                         |
    |        | calculate    | chosen |       | indexed-repeat(${name}, ${r}, ${which})                 |
    |        | calculate    | last   |       | /data/r[position() = last()]/name                       |
    |        | calculate    | big    |       | count(/data/r[n > 5])                                   |
    |        | calculate    | found  |       | /data/r[name = 'Ion']/n                                 |
"""


def rows() -> Scenario:
    s = Scenario.from_md(ROWS).add_repeat("r", 2)
    for number, (name, n) in enumerate([("Ana", 3), ("Ion", 8), ("Mara", 9)], start=1):
        s.answer(f"r[{number}]/name", name).answer(f"r[{number}]/n", n)
    return s


def test_positions_move_with_removals() -> None:
    s = rows()
    assert s.texts("r", "pos") == ["1", "2", "3"]
    assert s.remove_repeat("r[2]").texts("r", "pos") == ["1", "2"]


def test_indexed_repeat() -> None:
    s = rows().answer("which", 2)
    assert s.answer_of("chosen") == "Ion"
    s.answer("r[2]/name", "Ioana")
    assert s.answer_of("chosen") == "Ioana"
    assert s.answer("which", 3).answer_of("chosen") == "Mara"
    assert s.remove_repeat("r[1]").answer("which", 2).answer_of("chosen") == "Mara"


def test_indexed_repeat_inside_the_repeat() -> None:
    assert rows().texts("r", "before")[1:] == ["Ana", "Ion"]


def test_predicates_over_a_repeat() -> None:
    s = rows()
    assert (s.answer_of("last"), s.answer_of("big"), s.answer_of("found")) == ("Mara", "2", "8")
    s.answer("r[1]/n", 6).answer("r[2]/name", "X")
    assert (s.answer_of("big"), s.answer_of("found")) == ("3", "")
    assert s.add_repeat("r").answer("r[4]/name", "Zoe").answer_of("last") == "Zoe"


def test_indexed_repeat_on_two_levels() -> None:
    s = (
        Scenario.from_md("""
        | survey |
        |        | type         | name | label | calculation                                     |
        |        | begin_repeat | a    | A     |                                                 |
        |        | begin_repeat | b    | B     |                                                 |
        |        | text         | t    | T     |                                                 |
        |        | end_repeat   |      |       |                                                 |
        |        | end_repeat   |      |       |                                                 |
        |        | calculate    | c    |       | indexed-repeat(${t}, ${a}, 2, ${b}, 1)          |
        |        | note         | n    | N     |                                                 |
    """)
        .add_repeat("a")
        .add_repeat("a[2]/b")
    )
    s.answer("a[1]/b[1]/t", "one").answer("a[2]/b[1]/t", "two")
    assert s.answer_of("c") == "two"


def test_current_inside_a_predicate() -> None:
    s = Scenario.from_xml(
        xform(
            "<r><k>a</k><v/></r><r><k>b</k><v/></r>",
            '<bind nodeset="/data/r/v" calculate="instance(\'l\')/root/item[key = current()/../k]/label"/>',
            '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/k"/></repeat></group>',
            '<instance id="l"><root><item><key>a</key><label>Ay</label></item>'
            "<item><key>b</key><label>Bee</label></item></root></instance>",
        )
    )
    assert s.texts("r", "v") == ["Ay", "Bee"]
    assert s.answer("r[1]/k", "b").texts("r", "v") == ["Bee", "Bee"]


def test_once_keeps_the_first_value() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name | label | calculation      |
        |        | integer   | n    | N     |                  |
        |        | calculate | kept |       | once(${n})       |
        |        | calculate | id   |       | once(uuid())     |
    """)
    first = s.answer_of("id")
    assert len(first) == 36
    s.answer("n", 5).answer("n", 9)
    assert s.answer_of("kept") == "5"
    assert s.save_and_reload().answer_of("kept") == "5" and s.answer_of("id") == first


def test_position_within_nested_repeats() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type         | name | label | relevant              |
        |        | begin_repeat | a    | A     |                       |
        |        | integer      | x    | X     | position(..) mod 2 = 1 |
        |        | end_repeat   |      |       |                       |
    """).add_repeat("a", 2)
    assert [s.relevant(f"a[{n}]/x") for n in (1, 2, 3)] == [True, False, True]
    s.remove_repeat("a[1]")
    assert [s.relevant(f"a[{n}]/x") for n in (1, 2)] == [True, False]
