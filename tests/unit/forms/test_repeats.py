"""Repeat instances: added, removed, counted, nested, with defaults."""

import pytest

import forms
from tests.unit.forms.making import bind, context, repeat, start, texts, xform

COUNTED = '<repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/x"/></repeat>'


def refs(instance: object, ref: str) -> list[str]:
    return [node.ref for node in instance.at(ref).children]  # type: ignore[attr-defined]


def test_instances_come_and_go_and_move_up() -> None:
    instance = start("<r><x>a</x></r>", "", repeat("r"))
    made = instance.add_repeat("/data/r")
    assert made.ref == "/data/r[2]" and made.kind == "repeat-instance"
    instance.at("/data/r[2]/x").answer("b")
    instance.remove_repeat("/data/r[1]")
    assert refs(instance, "/data/r") == ["/data/r[1]"]
    assert texts(instance, "r[1]/x") == ["b"]
    with pytest.raises(forms.AnswerRefused):
        instance.at("/data/r[2]/x")


def test_defaults_of_new_instances_come_from_the_template_only() -> None:
    plain = start("<r><x>first</x></r>", "", repeat("r"))
    plain.add_repeat("/data/r")
    assert texts(plain, "r[1]/x", "r[2]/x") == ["first", ""]
    templated = start('<r jr:template=""><x>always</x></r><r><x>first</x></r>', "", repeat("r"))
    templated.add_repeat("/data/r")
    assert texts(templated, "r[1]/x", "r[2]/x") == ["first", "always"]
    assert start('<r jr:template=""><x/></r>', "", repeat("r")).at("/data/r").children == []


def test_a_count_decides_and_a_person_may_not() -> None:
    instance = start("<n>2</n><r><x/></r>", bind("n", type="int"), COUNTED)
    assert len(refs(instance, "/data/r")) == 2
    for answer, wanted in [("4", 4), ("1", 1), ("0", 0), ("", 0), ("2.9", 2), ("-3", 0)]:
        instance.at("/data/n").answer(answer)
        assert len(refs(instance, "/data/r")) == wanted
    with pytest.raises(forms.AnswerRefused):
        instance.add_repeat("/data/r")


def test_a_count_of_nothing_takes_away_the_instance_the_form_holds() -> None:
    assert start("<n/><r><x/></r>", "", COUNTED).at("/data/r").children == []


def test_a_count_expression_may_ask_for_one_more_as_long_as_wanted() -> None:
    instance = start(
        "<c/><t/><r><more/></r>",
        bind("c", calculate="count(/data/r)")
        + bind(
            "t",
            calculate="if(/data/c = 0 or /data/r[position() = /data/c]/more = 'yes', /data/c + 1, /data/c)",
        ),
        '<repeat nodeset="/data/r" jr:count="/data/t"><input ref="/data/r/more"/></repeat>',
    )
    assert len(refs(instance, "/data/r")) == 1
    instance.at("/data/r[1]/more").answer("yes")
    instance.at("/data/r[2]/more").answer("yes")
    instance.at("/data/r[3]/more").answer("no")
    assert len(refs(instance, "/data/r")) == 3


def test_nested_repeats_count_and_sum_in_their_own_instance() -> None:
    instance = start(
        "<out><k/><in><x>1</x></in></out>",
        bind("out/k", calculate="sum(../in/x) + count(../in) * 100"),
        '<repeat nodeset="/data/out"><repeat nodeset="/data/out/in"><input ref="/data/out/in/x"/></repeat></repeat>',
    )
    instance.add_repeat("/data/out")
    assert len(refs(instance, "/data/out[2]/in")) == 1
    instance.add_repeat("/data/out[2]/in")
    instance.at("/data/out[2]/in[1]/x").answer("5")
    instance.at("/data/out[2]/in[2]/x").answer("7")
    assert texts(instance, "out[1]/k", "out[2]/k") == ["101", "212"]
    instance.remove_repeat("/data/out[1]")
    assert texts(instance, "out[1]/k") == ["212"]


def test_a_repeat_nobody_may_add_to_is_there_once() -> None:
    instance = start('<r jr:template=""><x/></r>', "", repeat("r", attributes=' jr:noAddRemove="true()"'))
    assert refs(instance, "/data/r") == ["/data/r[1]"]
    with pytest.raises(forms.AnswerRefused):
        instance.remove_repeat("/data/r[1]")


def test_an_empty_repeat_says_whether_a_new_instance_would_be_relevant() -> None:
    instance = start('<on/><r jr:template=""><x/></r>', bind("r", relevant="../on = 'yes'"), repeat("r"))
    assert not instance.at("/data/r").relevant
    instance.at("/data/on").answer("yes")
    assert instance.at("/data/r").relevant


def test_relevance_of_single_instances_counts_only_those_there() -> None:
    instance = start(
        "<r><x>1</x></r><r><x>2</x></r><n/>",
        bind("r", relevant="./x > 1").replace("./x", "position(.) ") + bind("n", calculate="count(/data/r)"),
        repeat("r"),
    )
    assert [item.relevant for item in instance.at("/data/r").children] == [False, True]
    assert texts(instance, "n") == ["1"]
    assert b"<x>1</x>" not in instance.finalise().xml


@pytest.mark.parametrize(
    "ref", ["/data/none", "/other", "/data/r[9]", "", "/data/r[1]/x/y", "/data/r[x]/x/../x"]
)
def test_an_unknown_reference_is_refused(ref: str) -> None:
    instance = start("<r><x/></r>", "", repeat("r"))
    with pytest.raises(forms.AnswerRefused):
        instance.at(ref)


def test_groups_and_repeats_take_no_answer() -> None:
    instance = start("<g><x/></g><r><x/></r>", "", repeat("r"))
    for ref in ("/data", "/data/g", "/data/r", "/data/r[1]"):
        with pytest.raises(forms.AnswerRefused):
            instance.at(ref).answer("1")
    with pytest.raises(forms.AnswerRefused):
        instance.add_repeat("/data/g")


def test_removing_while_choices_and_faults_are_kept_leaves_nothing_behind() -> None:
    form = forms.load_xform(
        xform(
            "<r><x/></r>",
            bind("r/x", required="true()"),
            repeat("r", '<select1 ref="/data/r/x"><item><label>A</label><value>a</value></item></select1>'),
        )
    )
    instance = form.new(context())
    instance.add_repeat("/data/r")
    assert [node.ref for node in instance.problems()] == ["/data/r[1]/x", "/data/r[2]/x"]
    assert instance.at("/data/r[1]/x").choices[0].label == "A"
    instance.remove_repeat("/data/r[1]")
    assert [node.ref for node in instance.problems()] == ["/data/r[1]/x"]
