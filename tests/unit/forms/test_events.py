"""Actions, events and preloaded metadata."""

import pytest

import forms
from tests.unit.forms.making import bind, context, question, repeat, start, texts, xform


def test_first_load_happens_once_and_load_every_time() -> None:
    model = (
        '<setvalue event="odk-instance-first-load" ref="/data/a" value="/data/a + 1"/>'
        '<setvalue event="odk-instance-load" ref="/data/b" value="/data/b + 1"/>'
        '<setvalue event="xforms-ready" ref="/data/c">plain</setvalue>'
    )
    form = forms.load_xform(xform("<a>0</a><b>0</b><c/>", model))
    instance = form.new(context())
    assert texts(instance, "a", "b", "c") == ["1", "1", "plain"]
    again = form.open(instance.to_xml(), context())
    assert texts(again, "a", "b", "c") == ["1", "2", "plain"]


def test_a_changed_value_starts_actions_that_start_others() -> None:
    instance = start(
        "<a/><b/><c/>",
        "",
        question("a", '<setvalue event="xforms-value-changed" ref="/data/b" value="/data/a * 2"/>')
        + question("b", '<setvalue event="xforms-value-changed" ref="/data/c" value="/data/b * 2"/>'),
    )
    instance.at("/data/a").answer("2")
    assert texts(instance, "b", "c") == ["4", "8"]
    instance.at("/data/b").answer("")
    instance.at("/data/a").answer("2")
    assert texts(instance, "b") == [""], "the same answer again is no change"


def test_actions_in_a_repeat_stay_in_their_instance() -> None:
    instance = start(
        "<r><x/><y/><z/></r><r><x/><y/><z/></r><out/>",
        "",
        repeat(
            "r",
            '<input ref="/data/r/x"><setvalue event="xforms-value-changed" ref="/data/r/y" value="../x"/>'
            '<setvalue event="xforms-value-changed" ref="/data/out" value="concat(., \'!\')"/></input>'
            '<setvalue event="odk-new-repeat" ref="/data/r/z" value="position(..)"/>',
        ),
    )
    instance.at("/data/r[2]/x").answer("k")
    assert texts(instance, "r[1]/y", "r[2]/y", "out") == ["", "k", "!"]
    instance.add_repeat("/data/r")
    assert texts(instance, "r[1]/z", "r[3]/z") == ["", "3"]


def test_an_action_can_pick_its_target_by_a_predicate() -> None:
    instance = start(
        "<a/><r><x/></r><r><x/></r>",
        "",
        question(
            "a", '<setvalue event="xforms-value-changed" ref="/data/r[position() = 2]/x" value="/data/a"/>'
        )
        + repeat("r", '<input ref="/data/r/x"/>'),
    )
    instance.at("/data/a").answer("7")
    assert texts(instance, "r[1]/x", "r[2]/x") == ["", "7"]


def test_setgeopoint_and_recording_are_read_and_leave_no_answer() -> None:
    instance = start(
        "<p/><s/>",
        '<odk:setgeopoint event="odk-instance-first-load" ref="/data/p"/>'
        '<odk:recordaudio event="odk-instance-load" ref="/data/s"/>',
    )
    assert texts(instance, "p", "s") == ["", ""]


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ('<setvalue event="odk-instance-first-load" ref="/data/none" value="1"/>', "action.unknown_node"),
        ('<setvalue ref="/data/a" value="1"/>', "action.no_event"),
        ('<setvalue event="odk-instance-load" ref="/data/a" value="1 +"/>', "xpath.syntax"),
    ],
)
def test_a_wrong_action_is_a_form_error(action: str, code: str) -> None:
    with pytest.raises(forms.FormError) as caught:
        forms.load_xform(xform("<a/>", action))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("preload", "params", "text"),
    [
        ("timestamp", "start", "2026-11-21T10:30:00.000+02:00"),
        ("date", "today", "2026-11-21"),
        ("property", "deviceid", "tab-1"),
        ("property", "username", "vera"),
        ("property", "phonenumber", "0740"),
        ("property", "email", "v@example.org"),
        ("uid", "", "uuid:id-1"),
        ("property", "unknown", ""),
    ],
)
def test_preloaded_metadata(preload: str, params: str, text: str) -> None:
    form = forms.load_xform(xform("<m/>", bind("m", jr__preload=preload, jr__preloadParams=params)))
    around = context(device_id="tab-1", username="vera", phone="0740", email="v@example.org")
    instance = form.new(around)
    assert texts(instance, "m") == [text]
    assert texts(form.open(instance.to_xml(), context(device_id="other")), "m") == [text]


def test_the_end_is_stamped_when_the_form_is_finished() -> None:
    instance = start("<e/>", bind("e", type="dateTime", jr__preload="timestamp", jr__preloadParams="end"))
    assert texts(instance, "e") == [""]
    assert b"<e>2026-11-21T10:30:00.000+02:00</e>" in instance.finalise().xml
