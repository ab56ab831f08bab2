"""Order of evaluation, cycles, and that only what depends on a change runs again."""

from typing import Any

import pytest

import forms
from tests.unit.forms.making import bind, context, repeat, start, texts, xform


def watched(instance: Any) -> list[str]:
    """The place of every expression that runs from now on."""
    ran: list[str] = []
    for binding in instance.form.order:
        compiled = binding.compiled

        def spy(node: Any, focus: Any, binding: Any = binding, compiled: Any = compiled) -> Any:
            ran.append(f"{binding.kind} {node.ref}")
            return compiled(node, focus)

        binding._compiled = spy
    return ran


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (bind("a", calculate="/data/b") + bind("b", calculate="/data/a"), {"/data/a", "/data/b"}),
        (bind("a", calculate=". + 1"), {"/data/a"}),
        (
            bind("a", relevant="/data/b = 1")
            + bind("b", calculate="/data/c")
            + bind("c", calculate="/data/a"),
            {"/data/a", "/data/b", "/data/c"},
        ),
        (bind("g", relevant="/data/g/x = 1"), {"/data/g"}),
    ],
)
def test_a_cycle_is_refused_and_names_its_nodes(model: str, names: set[str]) -> None:
    with pytest.raises(forms.FormError) as caught:
        forms.load_xform(xform("<a/><b/><c/><g><x/></g>", model))
    assert caught.value.code == "graph.cycle"
    assert all(name in caught.value.found for name in names)


def test_a_constraint_may_speak_of_its_own_node() -> None:
    assert forms.load_xform(xform("<a/>", bind("a", constraint=". > 1 and . < /data/a + 1")))


def test_a_running_total_over_earlier_instances_is_no_cycle() -> None:
    instance = start(
        "<r><x>1</x><t/></r><r><x>2</x><t/></r><r><x>3</x><t/></r>",
        bind("r/t", calculate="../x + sum(../../r[position() = position(current()/..) - 1]/t)"),
        repeat("r"),
    )
    assert texts(instance, "r[1]/t", "r[2]/t", "r[3]/t") == ["1", "3", "6"]
    instance.at("/data/r[1]/x").answer("10")
    assert texts(instance, "r[1]/t", "r[2]/t", "r[3]/t") == ["10", "12", "15"]
    instance.remove_repeat("/data/r[2]")
    assert texts(instance, "r[1]/t", "r[2]/t") == ["10", "13"]


def test_binds_may_stand_in_any_order() -> None:
    instance = start(
        "<a>1</a><b/><c/><d/>",
        bind("d", calculate="/data/c + 1")
        + bind("c", calculate="/data/b + 1")
        + bind("b", calculate="/data/a + 1"),
    )
    assert texts(instance, "b", "c", "d") == ["2", "3", "4"]


def test_an_answer_runs_only_what_depends_on_it() -> None:
    instance = start(
        "<a/><b/><x/><y/><z/>",
        bind("x", calculate="/data/a + 1")
        + bind("y", calculate="/data/x * 2")
        + bind("z", calculate="/data/b"),
    )
    ran = watched(instance)
    instance.at("/data/a").answer("3")
    assert ran == ["calculate /data/x", "calculate /data/y"]


def test_an_unchanged_result_wakes_nobody() -> None:
    instance = start(
        "<a>1</a><big/><note/>",
        bind("big", calculate="/data/a > 5") + bind("note", calculate="concat(/data/big, '!')"),
    )
    ran = watched(instance)
    instance.at("/data/a").answer("2")
    assert ran == ["calculate /data/big"]


def test_a_change_in_one_instance_stays_in_it() -> None:
    instance = start("<r><x/><y/></r><r><x/><y/></r>", bind("r/y", calculate="../x + 1"), repeat("r"))
    ran = watched(instance)
    instance.at("/data/r[2]/x").answer("3")
    assert ran == ["calculate /data/r[2]/y"]


def test_a_new_last_instance_asks_no_earlier_one_for_its_place() -> None:
    instance = start(
        "<r><p/></r><r><p/></r><n/>",
        bind("r/p", calculate="position(..)") + bind("n", calculate="count(/data/r)"),
        repeat("r"),
    )
    ran = watched(instance)
    instance.add_repeat("/data/r")
    assert sorted(ran) == ["calculate /data/n", "calculate /data/r[3]/p"]
    ran.clear()
    instance.remove_repeat("/data/r[2]")
    assert sorted(ran) == ["calculate /data/n", "calculate /data/r[2]/p"]
    assert texts(instance, "r[1]/p", "r[2]/p", "n") == ["1", "2", "2"]


def test_what_never_settles_is_stopped_and_said() -> None:
    form = forms.load_xform(
        xform(
            "<n/><r><x/></r>",
            bind("n", calculate="count(/data/r) + 1"),
            '<repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/x"/></repeat>',
        )
    )
    instance = form.new(context())
    assert any("never settles" in (node.problem or "") for node in instance.every_node())
