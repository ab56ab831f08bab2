"""Translations: labels, hints, guidance, choices, media, messages; outputs and their markdown."""

# ruff: noqa: E501 - the tables are wide

from tests.scenario.dsl import Scenario, xform

FORM = """
    | survey |
    |        | type          | name | label::English (en) | label::Română (ro) | hint::English (en) | hint::Română (ro) | guidance_hint::English (en) | guidance_hint::Română (ro) | media::image::English (en) | media::image::Română (ro) |
    |        | integer       | age  | Age of ${who}       | Vârsta lui ${who}  | In years           | În ani            | Ask twice                   | Întreabă de două ori       | en.png                     | ro.png                    |
    |        | select_one yn | ok   | Fine?               | Bine?              |                    |                   |                             |                            |                            |                           |
    |        | text          | who  | Who                 | Cine               |                    |                   |                             |                            |                            |                           |
    | choices |
    |        | list_name | name | label::English (en) | label::Română (ro) |
    |        | yn        | y    | Yes                 | Da                 |
    |        | yn        | n    | No                  | Nu                 |
    | settings |
    |        | default_language |
    |        | Română (ro)      |
"""
MEDIA = {"en.png": b"1", "ro.png": b"2"}


def test_the_default_language_speaks_first() -> None:
    s = Scenario.from_md(FORM, MEDIA)
    assert (
        sorted(s.form.languages) == ["English (en)", "Română (ro)"]
        and s.form.default_language == "Română (ro)"
    )
    assert s.at("age").hint == "În ani" and s.at("age").guidance == "Întreabă de două ori"
    assert s.choice_labels("ok") == ["Da", "Nu"]


def test_switching_changes_every_text() -> None:
    s = Scenario.from_md(FORM, MEDIA).answer("who", "Ana").speak("English (en)")
    assert s.label_of("age") == "Age of Ana" and s.at("age").hint == "In years"
    assert s.at("age").guidance == "Ask twice" and s.choice_labels("ok") == ["Yes", "No"]
    assert s.at("age").label_media["image"].endswith("en.png")
    s.speak("Română (ro)")
    assert s.label_of("age") == "Vârsta lui Ana" and s.at("age").label_media["image"].endswith("ro.png")


def test_answers_and_drafts_do_not_change_with_the_language() -> None:
    s = Scenario.from_md(FORM, MEDIA).answer("ok", "y")
    before = s.xml()
    assert s.speak("English (en)").xml() == before


def test_outputs_follow_answers() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type    | name | label                            |
        |        | text    | who  | Who                              |
        |        | integer | n    | N                                |
        |        | note    | t    | **${who}** has ${n}, <b>&</b>    |
    """)
    assert s.label_of("t") == "**** has , <b>&</b>"
    assert s.answers(who="Ana", n=3).label_of("t") == "**Ana** has 3, <b>&</b>"


def test_outputs_inside_a_repeat_speak_of_their_instance() -> None:
    s = (
        Scenario.from_md("""
        | survey |
        |        | type         | name | label         |
        |        | begin_repeat | r    | R             |
        |        | text         | who  | Who           |
        |        | integer      | age  | Age of ${who} |
        |        | end_repeat   |      |               |
    """)
        .add_repeat("r")
        .answer("r[1]/who", "Ana")
        .answer("r[2]/who", "Ion")
    )
    assert [s.label_of(f"r[{n}]/age") for n in (1, 2)] == ["Age of Ana", "Age of Ion"]


def test_outputs_with_expressions() -> None:
    s = Scenario.from_xml(
        xform(
            "<a>2</a>",
            '<bind nodeset="/data/a" type="int"/>',
            '<input ref="/data/a"><label>Twice is <output value="/data/a * 2"/>.</label>'
            "<hint><output value=\"if(/data/a &gt; 1, 'many', 'one')\"/></hint></input>",
        )
    )
    assert (s.label_of("a"), s.at("a").hint) == ("Twice is 4.", "many")


def test_outputs_in_choices_and_messages() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type          | name | label | constraint | constraint_message |
        |        | text          | who  | Who   |            |                    |
        |        | select_one ls | a    | A     |            |                    |
        |        | integer       | n    | N     | . < 3      | Too many, ${who}   |
        | choices |
        |        | list_name | name | label     |
        |        | ls        | x    | For ${who} |
    """).answers(who="Ana", n=9)
    assert s.choice_labels("a") == ["For Ana"]
    assert s.validity("n") == ("constraint", "Too many, Ana")


def test_format_date_speaks_the_form_language() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name | label::English (en) | label::Română (ro) | calculation                       |
        |        | date      | d    | D                   | D                  |                                   |
        |        | calculate | t    |                     |                    | format-date(${d}, '%e %b %Y')     |
    """).answer("d", "2025-07-23")
    s.speak("Română (ro)").answer("d", "2025-07-24")
    assert s.answer_of("t") == "24 iul. 2025"


def test_jr_itext_in_a_calculation() -> None:
    s = Scenario.from_xml(
        xform(
            "<a/><b/>",
            '<bind nodeset="/data/b" calculate="jr:itext(\'hello\')"/>',
            '<input ref="/data/a"><label ref="jr:itext(\'hello\')"/></input>',
            '<itext><translation lang="en"><text id="hello"><value>Hello</value><value form="short">Hi</value>'
            '<value form="image">jr://images/x.png</value></text></translation>'
            '<translation lang="ro"><text id="hello"><value>Salut</value></text></translation></itext>',
        )
    )
    assert s.label_of("a") == "Hello" and s.answer_of("b") == "Hello"
    assert s.speak("ro").label_of("a") == "Salut"
