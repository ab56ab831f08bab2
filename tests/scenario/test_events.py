"""Actions and events: triggers, setvalue, first load, every load, new repeat instances."""

from tests.scenario.dsl import Scenario, xform


def test_a_trigger_sets_a_value_when_its_question_changes() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name | label | trigger | calculation       |
        |        | integer   | a    | A     |         |                   |
        |        | text      | when | When  | ${a}    | concat('a=', ${a}) |
        |        | calculate | at   |       | ${a}    | now()             |
    """)
    assert (s.answer_of("when"), s.answer_of("at")) == ("", "")
    s.answer("a", 3)
    assert (s.answer_of("when"), s.answer_of("at")) == ("a=3", "2025-03-04T12:30:15.250-07:00")
    s.answer("when", "mine")
    assert s.answer("a", 3).answer_of("when") == "mine", "the same answer is no change"
    assert s.wait(minutes=1).answer("a", 4).answer_of("at") == "2025-03-04T12:31:15.250-07:00"


def test_a_trigger_clears_where_it_has_no_value() -> None:
    s = Scenario.from_xml(
        xform(
            "<a/><b>x</b>",
            '<bind nodeset="/data/a" type="string"/>',
            '<input ref="/data/a"><label>A</label><setvalue event="xforms-value-changed" ref="/data/b"/></input>'
            '<input ref="/data/b"><label>B</label></input>',
        )
    )
    assert s.answer_of("b") == "x"
    assert s.answer("a", "1").answer_of("b") == ""


def test_literal_values_and_two_targets() -> None:
    s = Scenario.from_xml(
        xform(
            "<a/><b/><c/>",
            "",
            '<input ref="/data/a"><label>A</label><setvalue event="xforms-value-changed" ref="/data/b">five</setvalue>'
            '<setvalue event="xforms-value-changed" ref="/data/c" value="/data/a * 2"/></input>',
        )
    )
    s.answer("a", "4")
    assert (s.answer_of("b"), s.answer_of("c")) == ("five", "8")


def test_triggers_inside_a_repeat_stay_in_their_instance() -> None:
    s = (
        Scenario.from_md("""
        | survey |
        |        | type         | name | label | trigger | calculation |
        |        | begin_repeat | r    | R     |         |             |
        |        | integer      | a    | A     |         |             |
        |        | integer      | b    | B     | ${a}    | ${a} * 2    |
        |        | end_repeat   |      |       |         |             |
    """)
        .add_repeat("r")
        .answer("r[2]/a", 5)
    )
    assert s.texts("r", "b") == ["", "10"]


def test_a_chain_of_triggers() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type    | name | label | trigger | calculation |
        |        | integer | a    | A     |         |             |
        |        | integer | b    | B     | ${a}    | ${a} + 1    |
        |        | integer | c    | C     | ${b}    | ${b} + 1    |
    """).answer("a", 1)
    assert s.answer_of("b") == "2" and s.answer_of("c") in {"3", ""}


LOADS = xform(
    "<first/><every/><n/>",
    "",
    '<input ref="/data/n"><label>N</label></input>',
    '<setvalue ref="/data/first" event="odk-instance-first-load" value="concat(/data/first, \'f\')"/>'
    '<setvalue ref="/data/every" event="odk-instance-load" value="concat(/data/every, \'e\')"/>',
)


def test_first_load_happens_once_and_load_every_time() -> None:
    s = Scenario.from_xml(LOADS)
    assert (s.answer_of("first"), s.answer_of("every")) == ("f", "e")
    s.save_and_reload()
    assert (s.answer_of("first"), s.answer_of("every")) == ("f", "ee")


NEW = xform(
    '<r jr:template=""><n/><at/></r><s/>',
    '<bind nodeset="/data/r/n" type="int"/>',
    '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/n"/>'
    '<setvalue ref="/data/r/at" event="odk-new-repeat" value="concat(position(..), /data/s)"/></repeat></group>'
    '<input ref="/data/s"/>',
)


def test_new_repeat_event_runs_for_added_instances_only() -> None:
    s = Scenario.from_xml(NEW).answer("s", "x")
    while s.count("r") < 2:
        s.add_repeat("r")
    assert s.answer_of("r[2]/at") == "2x"
    s.answer("s", "y").save_and_reload()
    assert s.answer_of("r[2]/at") == "2x"
    assert s.add_repeat("r").answer_of("r[3]/at") == "3y"


def test_several_events_in_one_action() -> None:
    s = Scenario.from_xml(
        xform(
            "<a/><b/>",
            "",
            '<input ref="/data/a"><label>A</label><setvalue event="odk-instance-first-load xforms-value-changed" '
            'ref="/data/b" value="concat(1, /data/a)"/></input>',
        )
    )
    assert s.answer_of("b") == "1"
    assert s.answer("a", "x").answer_of("b") == "1x"


def test_setvalue_into_a_hidden_question_is_kept() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type    | name | label | trigger | calculation | relevant |
        |        | integer | a    | A     |         |             |          |
        |        | integer | b    | B     | ${a}    | ${a} + 1    | ${a} > 5 |
    """).answer("a", 1)
    assert not s.relevant("b")
    assert s.answer("a", 9).answer_of("b") == "10"


def test_setgeopoint_is_declared() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type           | name  | label | trigger |
        |        | text           | a     | A     |         |
        |        | background-geopoint | where |  | ${a}    |
        |        | start-geopoint | begin |       |         |
    """).answer("a", "x")
    assert s.answer_of("where") == "" and s.answer_of("begin") == ""
    assert s.problems() == []
