"""Operators, paths and functions of the engine itself, in a form and over plain documents."""

from typing import Any

import pytest

import forms
from tests.unit.forms.making import bind, context, repeat, start, texts, xform

XML = b"<data><a>5</a><b/><c>x</c><r><n>1</n></r><r><n>2</n><m>k</m></r><r><n>3</n></r></data>"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3 - 4 div 2", 5.0),
        ("-7 mod 3", -1.0),
        ("1 div 0", float("inf")),
        ("-1 div 0", float("-inf")),
        ("/data/a + 1", 6.0),
        ("'5' = 5", True),
        ("/data/r/n = 2", True),
        ("/data/r/n != 2", True),
        ("/data/r/n > 3", False),
        ("/data/nothing = ''", False),
        ("true() = 'x'", True),
        ("count(/data/r)", 3.0),
        ("count(//n)", 3.0),
        ("count(/data/*)", 6.0),
        ("sum(/data/r/n)", 6.0),
        ("string(/data/r[2]/n)", "2"),
        ("string(/data/r[last()]/n)", "3"),
        ("string(/data/r[position() > 1][1]/n)", "2"),
        ("string(/data/r[n = /data/r[m = 'k']/n]/m)", "k"),
        ("count(/data/r/n | /data/a)", 4.0),
        ("name(/data/*[3])", "c"),
        ("string(/data/c/preceding-sibling::*[1])", ""),
        ("string(/data/c/following-sibling::r[1]/n)", "1"),
        ("count(/data/r[1]/n/ancestor::*)", 2.0),
        ("if(/data/b = '', 'blank', 'not')", "blank"),
        ("coalesce(/data/b, /data/c)", "x"),
        ("selected('a b c', 'b')", True),
        ("selected('abc', 'b')", False),
        ("indexed-repeat(/data/r/n, /data/r, 2) = 2", True),
        ("true() or nonsense-but-not-reached", True),
        ("date('2026-02-03') > '2026-02-02'", True),
        ("'2026-02-03' + 1 = date('2026-02-04')", True),
    ],
)
def test_value(expression: str, value: Any) -> None:
    got = forms.evaluate(expression, document=XML)
    assert got == value and type(got) is type(value)


def test_an_expression_is_about_the_node_it_is_given() -> None:
    assert forms.evaluate("../n + 1", document=XML, context="/data/r[3]/n") == 4.0
    assert forms.evaluate("position(..)", document=XML, context="/data/r[3]/n") == 3.0
    with pytest.raises(forms.FormError):
        forms.evaluate("1", document=XML, context="/data/none")


def test_unknown_functions_and_wrong_numbers_of_arguments_are_form_errors() -> None:
    for expression, code in [
        ("fooo(1)", "xpath.unknown_function"),
        ("round()", "xpath.arity"),
        ("if(1, 2)", "xpath.arity"),
        ("/data/a[lost()]", "xpath.unknown_function"),
    ]:
        with pytest.raises(forms.FormError) as caught:
            forms.load_xform(xform("<a/>", bind("a", calculate=expression)))
        assert caught.value.code == code
        assert "/data/a" in caught.value.place


def test_an_absolute_path_inside_a_repeat_means_the_same_instance() -> None:
    instance = start(
        "<r><x>1</x><y/></r><r><x>2</x><y/></r><all/>",
        bind("r/y", calculate="/data/r/x * 10") + bind("all", calculate="sum(/data/r/x)"),
        repeat("r"),
    )
    assert texts(instance, "r[1]/y", "r[2]/y", "all") == ["10", "20", "3"]


def test_a_path_up_and_down_again_means_all_instances() -> None:
    instance = start(
        "<r><x>1</x><y/></r><r><x>2</x><y/></r>", bind("r/y", calculate="sum(../../r/x)"), repeat("r")
    )
    assert texts(instance, "r[1]/y", "r[2]/y") == ["3", "3"]


def test_current_is_the_asking_node_inside_predicates() -> None:
    instance = start(
        "<r><x>1</x><want>2</want><y/></r><r><x>2</x><want>1</want><y/></r>",
        bind(
            "r/y",
            calculate="concat('x', count(../../r[x = current()/../want]), ../../r[x = current()/../want]/x)",
        ),
        repeat("r"),
    )
    assert texts(instance, "r[1]/y", "r[2]/y") == ["x12", "x11"]


def test_what_is_not_relevant_is_not_there_for_others() -> None:
    instance = start(
        "<on>1</on><a>7</a><sum/><count/><blank/>",
        bind("a", relevant="/data/on = 1")
        + bind("sum", calculate="sum(/data/a | /data/on)")
        + bind("count", calculate="count(/data/a)")
        + bind("blank", calculate="if(/data/a = '', 'blank', 'full')"),
    )
    assert texts(instance, "sum", "count", "blank") == ["8", "1", "full"]
    instance.at("/data/on").answer("0")
    assert texts(instance, "a", "sum", "count", "blank") == ["7", "0", "0", "blank"]


def test_a_problem_while_running_is_shown_at_the_node_and_raises_nothing() -> None:
    instance = forms.load_xform(
        xform("<a/><b/>", bind("a", calculate="now()") + bind("b", calculate="1 + 1"))
    ).new(forms.Context(new_id=lambda: "x"))
    assert "now" in (instance.at("/data/a").problem or "")
    assert instance.at("/data/b").text == "2"


def test_attributes_are_read_and_calculated() -> None:
    form = forms.load_xform(
        xform(
            '<e kind="old" fixed="f"/><n/><k/>',
            bind("e/@kind", calculate="concat('k', /data/n)")
            + bind("k", calculate="concat(/data/e/@kind, /data/e/@fixed)"),
        )
    )
    instance = form.new(context())
    instance.at("/data/n").answer("7")
    assert instance.at("/data/e/@kind").text == "k7"
    assert instance.at("/data/k").text == "k7f"
    assert b'<e kind="k7" fixed="f"/>' in instance.to_xml()
