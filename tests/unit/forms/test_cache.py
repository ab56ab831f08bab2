"""The compiled form: the same form after a round trip, and harmless whatever its bytes."""

from random import Random
from typing import Any

import pytest

import forms
from tests.unit.forms.making import bind, context, question, repeat, xform

SOURCE = xform(
    "<a>1</a><r><x/><y/></r><who/>",
    '<instance id="l"><root><item kind="k"><name>n1</name><label>One</label></item><item><name>n2</name>'
    "<label>Two</label><extra/></item></root></instance>"
    + bind("a", constraint=". > -1 and not(. = 3)")
    + bind("r/y", calculate="-(../x * 2) + count(../../r[x > 1] | /data/a)")
    + bind("who", required="(/data/a)[1] = '1'"),
    question("a", "<hint>Hint <output value='/data/a'/></hint>")
    + repeat("r", '<input ref="/data/r/x"/>')
    + question(
        "who",
        "<itemset nodeset=\"instance('l')/root/item\"><value ref='name'/><label ref='label'/></itemset>",
        "select1",
    ),
)


def picture(form: forms.Form) -> list[Any]:
    instance = form.new(context())
    instance.add_repeat("/data/r")
    instance.at("/data/r[2]/x").answer("4")
    instance.at("/data/a").answer("3")
    return [
        (n.ref, n.text, n.label, n.hint, n.required, n.validity.ok, [(c.value, c.label) for c in n.choices])
        for n in instance.every_node()
    ]


def test_a_cached_form_is_the_same_form() -> None:
    form = forms.load_xform(SOURCE)
    cached = forms.load_cached(form.to_cache())
    assert picture(cached) == picture(form)
    assert cached.to_cache() == form.to_cache()
    assert (cached.title, cached.form_id, cached.version) == (form.title, form.form_id, form.version)


def test_media_are_handed_in_again() -> None:
    source = xform(
        "<a/>",
        '<instance id="p" src="jr://file-csv/p.csv"/>'
        + bind("a", calculate="instance('p')/root/item[name = 'k']/label"),
    )
    media = {"p.csv": b"name,label\nk,Kay\n"}
    data = forms.load_xform(source, media).to_cache()
    assert forms.load_cached(data, media).new(context()).at("/data/a").text == "Kay"
    assert forms.load_cached(data).new(context()).at("/data/a").text == ""


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"version": 2}', b"[" * 100_000])
def test_what_is_no_cache_is_refused(data: bytes) -> None:
    with pytest.raises(forms.FormError) as caught:
        forms.load_cached(data)
    assert caught.value.code == "cache.damaged"


def test_another_version_is_refused_as_such() -> None:
    with pytest.raises(forms.FormError) as caught:
        forms.load_cached(b'{"version": 0}')
    assert caught.value.code == "cache.version"


def test_any_damage_ends_in_a_form_error_or_a_form() -> None:
    chance = Random(5)
    whole = forms.load_xform(SOURCE).to_cache()
    for _ in range(1_500):
        damaged = bytearray(whole)
        at = chance.randrange(len(damaged))
        damaged[at : at + chance.randint(0, 3)] = chance.choice(
            [b"1", b'"', b"[", b"null", b"{}", b"-7", b"[]", b'"x"']
        )
        try:
            forms.load_cached(bytes(damaged))
        except forms.FormError:
            continue
