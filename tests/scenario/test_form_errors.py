"""Forms that are broken, hostile or enormous are refused: quickly, and with a way to mend them."""

import time

import pytest

from forms import load_xform
from forms.errors import FormError
from tests.scenario.dsl import xform

GOOD = xform("<a/>", '<bind nodeset="/data/a" type="int"/>', '<input ref="/data/a"><label>A</label></input>')


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("", "xml"),
        ("<html", "xml"),
        ("<h:html/>", "xml"),
        ("<a/>", "form"),
        (GOOD.replace("<model", "<mode1", 1).replace("</model", "</mode1"), "form"),
        (GOOD.replace('type="int"', 'calculate="1 +"'), "xpath"),
        (GOOD.replace('type="int"', 'relevant="nofunction(1)"'), "xpath"),
        (GOOD.replace('type="int"', 'calculate="selected(1)"'), "xpath"),
        (GOOD.replace('input ref="/data/a"', 'input ref="/data/b"', 1), ""),
        (GOOD.replace('type="int"', 'calculate="((((1"'), "xpath"),
        (GOOD.replace('type="int"', f'calculate="{"(" * 5000}1{")" * 5000}"'), "xpath"),
    ],
)
def test_broken_forms_say_what_to_mend(xml: str, code: str) -> None:
    with pytest.raises(FormError) as caught:
        load_xform(xml.encode())
    error = caught.value
    assert error.code.startswith(code) and error.found and error.mend and str(error)


def laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE h [<!ENTITY l0 "ha">{entities}]>' + GOOD.partition("?>")[2].strip().replace(
        "<a/>", "<a>&l9;</a>"
    )


@pytest.mark.parametrize(
    "xml",
    [
        laughs(),
        '<!DOCTYPE h [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + GOOD.partition("?>")[2].strip().replace("<a/>", "<a>&x;</a>"),
        GOOD.replace("<a/>", "<a>" * 200_000 + "</a>" * 200_000),
        GOOD.encode("utf-16").decode("utf-16") + "<x>" * 1000,
    ],
    ids=["billion laughs", "external entity", "nesting", "trailing"],
)
def test_hostile_forms_are_refused_in_time(xml: str) -> None:
    began = time.perf_counter()
    with pytest.raises(FormError):
        load_xform(xml.encode())
    assert time.perf_counter() - began < 5


def test_an_enormous_form_is_refused() -> None:
    huge = GOOD.replace("<a/>", "<a>" + "x" * (110 * 2**20) + "</a>").encode()
    began = time.perf_counter()
    with pytest.raises(FormError):
        load_xform(huge)
    assert time.perf_counter() - began < 5


def test_the_good_form_is_good() -> None:
    assert load_xform(GOOD.encode()).title == "Test"
