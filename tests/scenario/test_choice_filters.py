"""Selects: choices, cascades, answers that leave the list, choice names, many lists."""

# ruff: noqa: E501 - the tables are wide

from tests.scenario.dsl import Scenario, xform

PLACES = """
    | survey |
    |        | type                 | name   | label  | choice_filter        | calculation                              |
    |        | select_one county    | county | County |                      |                                          |
    |        | select_one town      | town   | Town   | county = ${county}   |                                          |
    |        | select_multiple town | towns  | Towns  | county = ${county} or name = 'any' |                            |
    |        | calculate            | spoken |        |                      | jr:choice-name(${town}, '${town}')       |
    | choices |
    |        | list_name | name  | label  | county |
    |        | county    | cj    | Cluj   |        |
    |        | county    | sj    | Sălaj  |        |
    |        | town      | turda | Turda  | cj     |
    |        | town      | dej   | Dej    | cj     |
    |        | town      | zalau | Zalău  | sj     |
    |        | town      | any   | Any    | -      |
"""


def test_choices_in_order() -> None:
    s = Scenario.from_md(PLACES)
    assert s.choices_of("county") == ["cj", "sj"] and s.choice_labels("county") == ["Cluj", "Sălaj"]


def test_a_cascade_follows_the_first_answer() -> None:
    s = Scenario.from_md(PLACES)
    assert s.choices_of("town") == []
    assert s.answer("county", "cj").choices_of("town") == ["turda", "dej"]
    assert s.answer("county", "sj").choices_of("town") == ["zalau"]
    assert s.choices_of("towns") == ["zalau", "any"]


def test_an_answer_that_left_the_list_is_cleared() -> None:
    s = Scenario.from_md(PLACES).answers(county="cj", town="dej", towns="turda any")
    s.answer("county", "sj")
    assert (s.answer_of("town"), s.answer_of("towns")) == ("", "any")


def test_the_name_of_a_choice() -> None:
    s = Scenario.from_md(PLACES).answers(county="cj", town="turda")
    assert s.answer_of("spoken") == "Turda"


def test_select_multiple_values() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type               | name | label | calculation               | constraint |
        |        | select_multiple yn | m    | M     |                           | count-selected(.) <= 2 |
        |        | calculate          | has  |       | selected(${m}, 'b')       |            |
        |        | calculate          | many |       | count-selected(${m})      |            |
        |        | calculate          | 2nd  |       | selected-at(${m}, 1)      |            |
        | choices |
        |        | list_name | name | label |
        |        | yn        | a    | A     |
        |        | yn        | b    | B     |
        |        | yn        | c    | C     |
    """.replace("2nd ", "snd ")
    )
    s.answer("m", ["c", "b"])
    assert (s.answer_of("m"), s.value_of("m")) == ("c b", ["c", "b"])
    assert (s.answer_of("has"), s.answer_of("many"), s.answer_of("snd")) == ("true", "2", "b")
    assert s.answer("m", "a b c").validity("m")[0] == "constraint"


def test_choices_of_a_repeat() -> None:
    s = (
        Scenario.from_md("""
        | survey |
        |        | type                | name | label |
        |        | begin_repeat        | p    | P     |
        |        | text                | who  | Who   |
        |        | end_repeat          |      |       |
        |        | select_one ${who}   | head | Head  |
    """)
        .add_repeat("p")
        .answer("p[1]/who", "Ana")
        .answer("p[2]/who", "Ion")
    )
    assert s.choice_labels("head") == ["Ana", "Ion"]
    assert s.answer("p[2]/who", "Ioan").choice_labels("head") == ["Ana", "Ioan"]
    s.remove_repeat("p[1]")
    assert s.choice_labels("head") == ["Ioan"]


def test_a_filter_inside_a_repeat_reads_its_own_instance() -> None:
    s = (
        Scenario.from_md("""
        | survey |
        |        | type              | name | label | choice_filter |
        |        | begin_repeat      | r    | R     |               |
        |        | text              | k    | K     |               |
        |        | select_one things | t    | T     | kind = ${k}   |
        |        | end_repeat        |      |       |               |
        | choices |
        |        | list_name | name | label | kind |
        |        | things    | a    | A     | x    |
        |        | things    | b    | B     | y    |
    """)
        .add_repeat("r")
        .answer("r[1]/k", "x")
        .answer("r[2]/k", "y")
    )
    assert (s.choices_of("r[1]/t"), s.choices_of("r[2]/t")) == (["a"], ["b"])


def test_inline_items_and_their_languages() -> None:
    s = Scenario.from_xml(
        xform(
            "<a/>",
            '<bind nodeset="/data/a" type="string"/>',
            '<select1 ref="/data/a"><label>A</label><item><label ref="jr:itext(\'x\')"/><value>x</value></item>'
            "<item><label>Plain</label><value>y</value></item></select1>",
            '<itext><translation lang="en" default="true()"><text id="x"><value>Ex</value></text></translation>'
            '<translation lang="ro"><text id="x"><value>Ics</value></text></translation></itext>',
        )
    )
    assert s.choice_labels("a") == ["Ex", "Plain"]
    assert s.speak("ro").choice_labels("a") == ["Ics", "Plain"]


def test_filters_with_comparisons_functions_and_numbers() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type          | name | label | choice_filter                                   |
        |        | integer       | n    | N     |                                                 |
        |        | select_one ls | a    | A     | floor(weight) >= ${n} and not(selected('x z', name)) |
        | choices |
        |        | list_name | name | label | weight |
        |        | ls        | x    | X     | 9      |
        |        | ls        | y    | Y     | 5.5    |
        |        | ls        | w    | W     | 2      |
    """).answer("n", 3)
    assert s.choices_of("a") == ["y"]
    assert s.answer("n", 1).choices_of("a") == ["y", "w"]


def test_choice_media_and_extra_columns() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type          | name | label |
        |        | select_one ls | a    | A     |
        | choices |
        |        | list_name | name | label | media::image |
        |        | ls        | x    | X     | x.png        |
        |        | ls        | y    | Y     |              |
    """,
        media={"x.png": b"png"},
    )
    assert [choice.media.get("image", "").rpartition("/")[2] for choice in s.at("a").choices] == ["x.png", ""]
