"""Hostile, broken and enormous input ends in FormError after bounded work."""

import time
from random import Random

import pytest

import forms
from tests.unit.forms.making import bind, context, question, xform

LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><data>&b;</data>'


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (LAUGHS, "xml.doctype"),
        (b"<a>" * 1_000_000, "xml.depth"),
        (xform("<a/>", '<instance id="x">' + "<a>" * 100_000).encode(), "xml.depth"),
        (b"<a>" + b"x" * 100 * 1024 * 1024 + b"</a>", "xml.size"),
        (b"", "xml.malformed"),
        (b"\x00\x00\x00", "xml.malformed"),
        (b"\xff\xfe<\x00a\x00", "xml.malformed"),
        (b'<?xml version="1.0" encoding="none"?><a/>', "xml.malformed"),
        ("<a>\ud800</a>", "xml.malformed"),
        (b"<a/>", "form.not_xform"),
        (b'<h:html xmlns:h="http://www.w3.org/1999/xhtml"/>', "form.no_model"),
        (xform("").replace('<data id="f" version="1"></data>', ""), "form.no_instance"),
    ],
)
def test_refused(source: bytes | str, code: str) -> None:
    began = time.process_time()
    with pytest.raises(forms.FormError) as caught:
        forms.load_xform(source)
    assert caught.value.code == code
    assert caught.value.found and caught.value.mend
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 40_000 + "1" + ")" * 40_000,
        "not(" * 5_000 + "1" + ")" * 5_000,
        "a[" * 5_000 + "1" + "]" * 5_000,
        "=".join(["1"] * 5_000),
        "1" * 200_000,
    ],
)
def test_an_expression_that_nests_or_runs_too_far_is_refused(expression: str) -> None:
    with pytest.raises(forms.FormError) as caught:
        forms.load_xform(xform("<a/>", bind("a", calculate=expression)))
    assert caught.value.code == "xpath.syntax"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("-" * 20_000 + "1", "1"),
        ("+".join(["1"] * 20_000), "20000"),
        ("if(" + " and ".join(["1"] * 5_000) + ", 'yes', 'no')", "yes"),
        ("concat(" + ",".join(["'a'"] * 900) + ")", "a" * 900),
    ],
)
def test_a_long_but_flat_expression_works(expression: str, text: str) -> None:
    form = forms.load_xform(xform("<a/>", bind("a", calculate=expression)))
    assert form.new(context()).at("/data/a").text == text


def test_any_damage_to_a_form_is_a_form_error_or_a_form() -> None:
    chance = Random(7)
    whole = xform(
        "<a/><r><b/></r>",
        bind("a", calculate="count(/data/r) + 1") + bind("r/b", relevant="/data/a > 1", type="int"),
        question("a") + '<repeat nodeset="/data/r"><input ref="/data/r/b"/></repeat>',
    ).encode()
    pieces = [b'"', b"<", b"/>", b"[", b"(", b"..", b"/", b"\xff", b"=", b"@", b"*", b"data", b"count("]
    for _ in range(1_500):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randint(0, 6)] = chance.choice(pieces)
        try:
            form = forms.load_xform(bytes(damaged))
        except forms.FormError as problem:
            assert problem.code and problem.found and problem.mend
            continue
        assert form.new(context()).to_xml()


def test_a_count_beyond_reason_is_cut_and_said() -> None:
    form = forms.load_xform(
        xform(
            "<n/><r><b/></r>",
            "",
            '<repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/b"/></repeat>',
        )
    )
    instance = form.new(context())
    instance.at("/data/n").answer("1000000")
    place = instance.at("/data/r")
    assert len(place.children) == 100_000
    assert "100000" in (place.problem or "")
