"""Relevance, required, readonly, validity, texts and languages of nodes; what subscribers hear."""

from typing import Any

import pytest

import forms
from tests.unit.forms.making import bind, context, question, repeat, start, texts, xform

ITEXT = (
    '<itext><translation lang="English (en)" default="true()">'
    '<text id="a:label"><value>Age of <output value="/data/name"/></value><value form="image">jr://images/a.png</value>'
    '</text><text id="a:hint"><value>Years</value><value form="guidance">Ask twice</value></text>'
    '<text id="c1"><value>Yes</value><value form="audio">jr://audio/y.mp3</value></text>'
    '<text id="wrong"><value>Too much for <output value="/data/name"/></value></text></translation>'
    '<translation lang="Română (ro)"><text id="a:label"><value>Vârsta lui <output value="/data/name"/></value></text>'
    '<text id="c1"><value>Da</value></text><text id="wrong"><value>Prea mult</value></text></translation></itext>'
)


def test_relevance_is_inherited_and_answers_survive_it() -> None:
    instance = start(
        "<on>1</on><g><h><x>kept</x></h></g><copy/>",
        bind("g", relevant="/data/on = 1") + bind("copy", calculate="/data/g/h/x"),
        question("on"),
    )
    heard: list[set[str]] = []
    instance.subscribe(lambda nodes: heard.append({node.ref for node in nodes}))
    instance.at("/data/on").answer("0")
    assert not instance.at("/data/g/h/x").relevant
    assert texts(instance, "g/h/x", "copy") == ["kept", ""]
    assert heard == [{"/data/on", "/data/g", "/data/g/h", "/data/g/h/x", "/data/copy"}]
    instance.at("/data/on").answer("1")
    assert texts(instance, "copy") == ["kept"]


@pytest.mark.parametrize(
    ("expression", "type_", "answer", "relevant"),
    [
        ("/data/a", "string", "x", True),
        ("/data/a", "string", "", False),
        ("/data/a", "int", "0", False),
        ("/data/a", "int", "2", True),
        ("/data/a", "boolean", "false", False),
        ("/data/a", "boolean", "1", True),
        ("/data/a = true()", "boolean", "true", True),
        ("number(/data/a)", "string", "0", False),
        ("not(/data/a = '')", "string", "x", True),
        ("false()", "string", "x", False),
    ],
)
def test_conditions_read_answers_by_their_type(
    expression: str, type_: str, answer: str, relevant: bool
) -> None:
    instance = start(
        "<a/><b/>", bind("a", type=type_) + bind("b", relevant=expression), question("a") + question("b")
    )
    instance.at("/data/a").answer(answer)
    assert instance.at("/data/b").relevant is relevant


def test_validity_names_the_condition_and_its_message() -> None:
    instance = start(
        "<name>Ana</name><a/><b/>",
        ITEXT
        + bind(
            "a",
            type="int",
            required="/data/name != ''",
            constraint=". < 120",
            jr__requiredMsg="Say it",
            jr__constraintMsg="jr:itext('wrong')",
        )
        + bind("b", type="date"),
        question("a") + question("b"),
    )
    node = instance.at("/data/a")

    def state() -> tuple[bool, Any, str]:
        return node.validity.ok, node.validity.condition, node.validity.message

    assert state() == (False, "required", "Say it")
    node.answer("150")
    assert state() == (False, "constraint", "Too much for Ana")
    instance.language = "Română (ro)"
    assert state() == (False, "constraint", "Prea mult")
    node.answer("many")
    assert state()[:2] == (False, "type") and node.text == "many" and node.value == "many"
    node.answer(34)
    assert state() == (True, None, "") and node.value == 34
    node.answer("")
    instance.at("/data/name").answer("")
    assert state()[0] and not node.required
    instance.at("/data/b").answer("yesterday")
    assert [n.ref for n in instance.problems()] == ["/data/b"]


def test_a_blank_answer_never_breaks_a_constraint_and_what_is_hidden_is_never_wrong() -> None:
    instance = start(
        "<on>1</on><a/>", bind("a", relevant="/data/on = 1", constraint="false()"), question("a")
    )
    assert instance.problems() == []
    instance.at("/data/a").answer("x")
    assert [n.ref for n in instance.problems()] == ["/data/a"]
    instance.at("/data/on").answer("0")
    assert instance.problems() == []


def test_problems_come_in_form_order_whatever_the_order_of_answers() -> None:
    instance = start(
        "<a/><r><x/></r><r><x/></r><z/>",
        "".join(bind(n, required="true()") for n in ("z", "r/x", "a")),
        question("a") + repeat("r", '<input ref="/data/r/x"/>') + question("z"),
    )
    instance.at("/data/r[2]/x").answer("1")
    instance.at("/data/r[2]/x").answer("")
    assert [n.ref for n in instance.problems()] == ["/data/a", "/data/r[1]/x", "/data/r[2]/x", "/data/z"]


def test_constraints_wake_when_another_answer_changes() -> None:
    instance = start(
        "<a>1</a><b/>", bind("b", type="int", constraint=". > /data/a"), question("a") + question("b")
    )
    instance.at("/data/b").answer("5")
    assert instance.at("/data/b").validity.ok
    instance.at("/data/a").answer("9")
    assert instance.at("/data/b").validity.condition == "constraint"


def test_readonly_is_inherited_by_what_is_inside() -> None:
    instance = start("<lock/><g><x/></g>", bind("g", readonly="/data/lock = 1"), question("g/x"))
    assert not instance.at("/data/g/x").readonly
    instance.at("/data/lock").answer("1")
    assert instance.at("/data/g/x").readonly


def test_texts_follow_language_and_answers() -> None:
    body = (
        '<select1 ref="/data/a"><label ref="jr:itext(\'a:label\')"/><hint ref="jr:itext(\'a:hint\')"/>'
        "<item><label ref=\"jr:itext('c1')\"/><value>1</value></item></select1>"
    )
    instance = start("<name>Ana</name><a/>", ITEXT, body)
    node = instance.at("/data/a")
    assert instance.form.languages == ["English (en)", "Română (ro)"] and instance.language == "English (en)"
    assert (node.label, node.hint, node.guidance) == ("Age of Ana", "Years", "Ask twice")
    assert node.label_media == {"image": "jr://images/a.png"}
    assert [(c.label, c.media) for c in node.choices] == [("Yes", {"audio": "jr://audio/y.mp3"})]
    heard: list[str] = []
    instance.subscribe(lambda nodes: heard.extend(n.ref for n in nodes))
    instance.at("/data/name").answer("Bo")
    assert node.label == "Age of Bo" and "/data/a" in heard
    instance.language = "Română (ro)"
    assert node.label == "Vârsta lui Bo"
    assert node.hint == "Years", "what is not translated shows in the default language"
    assert [c.label for c in node.choices] == ["Da"]


def test_choice_names_and_itext_in_expressions() -> None:
    instance = start(
        "<a>1</a><b/><c/>",
        ITEXT
        + bind("b", calculate="jr:choice-name(/data/a, '/data/a')")
        + bind("c", calculate="jr:itext('c1')"),
        '<select1 ref="/data/a"><item><label ref="jr:itext(\'c1\')"/><value>1</value></item></select1>',
    )
    assert texts(instance, "b", "c") == ["Yes", "Yes"]
    instance.at("/data/a").answer("")
    assert texts(instance, "b") == [""]


def test_kinds_controls_and_attributes() -> None:
    instance = start(
        "<i/><n/><v/><g><u/></g><w/>",
        bind("n", readonly="true()") + bind("i", orx__max_pixels="9"),
        question("i", attributes=' rows="3" appearance="  multiline   w1 "')
        + question("n")
        + '<group ref="/data/g" appearance="field-list"><upload ref="/data/g/u" mediatype="image/*"/></group>'
        + question("w", control="range", attributes=' start="1" end="5" step="2"'),
    )
    at = instance.at
    assert [n.kind for n in instance.root.children] == [
        "question",
        "note",
        "group",
        "question",
        "value",
        "group",
    ]
    assert (at("/data/i").control, at("/data/i").appearance, at("/data/i").attributes["rows"]) == (
        "input",
        "multiline w1",
        "3",
    )
    assert (at("/data/g").appearance, at("/data/g/u").mediatype, at("/data/g/u").type) == (
        "field-list",
        "image/*",
        "binary",
    )
    assert {k: at("/data/w").attributes[k] for k in ("start", "end", "step")} == {
        "start": "1",
        "end": "5",
        "step": "2",
    }
    assert instance.root.kind == "root" and at("/data/v").control is None


def test_children_show_in_the_order_of_the_body() -> None:
    instance = start("<calc/><b/><a/>", "", question("a") + question("b"))
    assert [node.name for node in instance.root.children] == ["a", "b", "calc", "meta"]


def test_a_trigger_is_ok_or_nothing() -> None:
    instance = start("<t/>", "", question("t", control="trigger"))
    for answer, text in [(True, "OK"), (False, ""), ("OK", "OK"), ("", "")]:
        instance.at("/data/t").answer(answer)
        assert instance.at("/data/t").text == text


@pytest.mark.parametrize(
    ("type_", "expression", "text"),
    [
        ("int", "7 div 2", "3"),
        ("decimal", "7 div 2", "3.5"),
        ("string", "7 div 2", "3.5"),
        ("string", "0 div 0", ""),
        ("int", "number('x')", ""),
        ("date", "'2026-02-03T10:00:00'", "2026-02-03"),
        ("string", "true()", "true"),
        ("string", "1000000 * 1000000", "1000000000000"),
        ("string", "0.1 + 0.2", "0.30000000000000004"),
        ("date", "today()", "2026-11-21"),
    ],
)
def test_calculated_values_are_stored_as_their_type(type_: str, expression: str, text: str) -> None:
    assert texts(start("<a/>", bind("a", type=type_, calculate=expression)), "a") == [text]


def test_subscribers_hear_once_and_can_leave() -> None:
    instance = forms.load_xform(xform("<a/><b/>", bind("b", calculate="/data/a"), question("a"))).new(
        context()
    )
    heard: list[list[str]] = []
    leave = instance.subscribe(lambda nodes: heard.append(sorted(node.ref for node in nodes)))
    instance.at("/data/a").answer("1")
    instance.at("/data/a").answer("1")
    leave()
    instance.at("/data/a").answer("2")
    assert heard == [["/data/a", "/data/b"]]
