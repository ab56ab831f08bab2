"""What is recalculated after an answer equals what a full calculation gives; drafts come back the same."""

import re
from datetime import UTC, datetime
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

import forms
from tests.property.form_maker import MadeForm, made_forms, operations

CALCULATED = re.compile(rb"<(c\d+)>[^<]*</c\d+>")
State = dict[str, tuple[Any, ...]]


def context() -> Any:
    return forms.Context(
        now=lambda: datetime(2025, 3, 4, 12, tzinfo=UTC), timezone=UTC, rng=Random(1), new_id=lambda: "id"
    )


def state(instance: Any) -> State:
    """Everything a screen could show of every node, by reference."""
    found: State = {}
    stack = [instance.root]
    while stack:
        node = stack.pop()
        stack.extend(node.children)
        row: tuple[Any, ...] = (node.relevant, node.required, node.readonly)
        if node.kind not in ("root", "group", "repeat", "repeat-instance"):
            row += (node.text, node.validity.condition)
        found[node.ref] = row
    return found


def apply(instance: Any, operation: tuple[str, str, int, str]) -> None:
    what, path, pick, text = operation
    ref = place(instance, path if what == "answer" else path.rpartition("/")[0], pick)
    if ref is None:
        return
    if what == "answer":
        instance.at(ref).answer(text)
        return
    ref = f"{ref}/{path.rpartition('/')[2]}"
    count = len(instance.at(ref).children)
    if what == "add" and count < 4:
        instance.add_repeat(ref)
    elif what == "remove" and count:
        instance.remove_repeat(f"{ref}[{pick % count + 1}]")


def place(instance: Any, path: str, pick: int) -> str | None:
    """The path with an instance chosen for every repeat on it; None where there is none to choose."""
    ref = ""
    for name in path.strip("/").split("/"):
        ref += f"/{name}"
        node = instance.at(ref)
        if node.kind == "repeat":
            if not node.children:
                return None
            ref += f"[{pick % len(node.children) + 1}]"
    return ref


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
def test_incremental_equals_full_recalculation(data: st.DataObject) -> None:
    made: MadeForm = data.draw(made_forms())
    form = forms.load_xform(made.xml.encode())
    instance = form.new(context())
    for operation in data.draw(operations(made)):
        note(repr(operation))
        apply(instance, operation)
        xml = instance.to_xml()
        # Without its calculated values the draft has to be worked out from nothing.
        again = form.open(CALCULATED.sub(rb"<\1/>", xml), context(), edit=False)
        assert state(again) == state(instance)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
def test_a_draft_written_read_and_written_is_the_same(data: st.DataObject) -> None:
    made: MadeForm = data.draw(made_forms())
    form = forms.load_xform(made.xml.encode())
    instance = form.new(context())
    for operation in data.draw(operations(made)):
        apply(instance, operation)
    first = instance.to_xml()
    assert form.open(first, context(), edit=False).to_xml() == first


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
def test_a_form_from_the_cache_behaves_like_the_form(data: st.DataObject) -> None:
    made: MadeForm = data.draw(made_forms())
    form = forms.load_xform(made.xml.encode())
    fresh, cached = form.new(context()), forms.load_cached(form.to_cache()).new(context())
    for operation in data.draw(operations(made)):
        apply(fresh, operation)
        apply(cached, operation)
    assert state(cached) == state(fresh) and cached.to_xml() == fresh.to_xml()


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
def test_whatever_looks_different_is_told(data: st.DataObject) -> None:
    made: MadeForm = data.draw(made_forms())
    instance = forms.load_xform(made.xml.encode()).new(context())
    told: set[str] = set()
    instance.subscribe(lambda nodes: told.update(node.ref for node in nodes))
    before = state(instance)
    for operation in data.draw(operations(made)):
        if operation[0] == "remove":
            continue  # the references of later instances move with it
        told.clear()
        apply(instance, operation)
        after = state(instance)
        assert {ref for ref in before if before[ref] != after[ref]} <= told, operation
        before = after


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data(), st.text(max_size=30))
def test_any_text_can_be_typed_anywhere_and_comes_back(data: st.DataObject, text: str) -> None:
    made: MadeForm = data.draw(made_forms())
    form = forms.load_xform(made.xml.encode())
    instance = form.new(context())
    ref = place(instance, data.draw(st.sampled_from(made.questions)), 0)
    if ref is None:
        return
    instance.at(ref).answer(text)
    assert instance.at(ref).text == text
    assert all(problem.validity.condition for problem in instance.problems())
    kept = form.open(instance.to_xml(), context(), edit=False).at(ref).text
    assert kept == xml_text(text)


def xml_text(text: str) -> str:
    """What XML 1.0 can carry of a text: it has no control characters, surrogates or U+FFFE."""
    return re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
