"""Number functions and the conversions between XPath's types."""

from math import inf, isnan, nan, pi
from typing import Any

import pytest

from forms.functions import EvaluationError, to_boolean, to_number, to_string
from forms.functions.values import DateText, number_text, text_number
from tests.unit.functions.helpers import PHOENIX, call, nodes

CASES: list[tuple[str, tuple[Any, ...], float]] = [
    ("number", ("1970-01-01",), 7 / 24),
    ("int", (2.7,), 2.0),
    ("int", (-1.4,), -1.0),
    ("floor", (-1.55,), -2.0),
    ("ceiling", (-1.55,), -1.0),
    ("round", (1.5,), 2.0),
    ("round", (-1.55,), -2.0),
    ("round", (1.005, 2.0), 1.01),
    ("round", (2.675, 2.0), 2.68),
    ("round", (33.33, -1.0), 30.0),
    ("round", ("626.3", "-3"), 1000.0),
    ("round", (1e300, 2.0), 1e300),
    ("round", (inf,), inf),
    ("abs", (-10.5,), 10.5),
    ("pow", (2.0, 0.5), 2**0.5),
    ("pow", (0.0, -1.0), inf),
    ("pow", (-10.0, 999.0), -inf),
    ("sqrt", (16.0,), 4.0),
    ("exp", (1e9,), inf),
    ("exp10", (2.0,), 100.0),
    ("log", (0.0,), -inf),
    ("log10", (1000.0,), 3.0),
    ("pi", (), pi),
    ("sin", (0.0,), 0.0),
    ("atan2", (0.0, -1.0), pi),
    ("sum", (nodes("1", "2.5", ""),), 3.5),
    ("sum", (nodes(),), 0.0),
    ("min", (nodes("3", "-17", "32"),), -17.0),
    ("max", (1.0, nodes("2", "5"), "4"), 5.0),
    ("count-selected", (" a  b ",), 2.0),
    ("count-non-empty", (nodes("a", "", "b"),), 2.0),
]
NO_ANSWER: list[tuple[str, tuple[Any, ...]]] = [
    ("number", ("1e5",)),
    ("number", ("",)),
    ("number", ("2025-02-30",)),
    ("round", (1.0, 31.0)),
    ("pow", (-8.0, 1 / 3)),
    ("sqrt", (-1.0,)),
    ("log", (-1.0,)),
    ("asin", (2.0,)),
    ("sin", (inf,)),
    ("sum", (nodes("1", "a"),)),
    ("min", ("",)),
    ("max", (nodes(),)),
    ("max", (nodes("1", ""),)),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES)
def test_number_function(name: str, arguments: tuple[Any, ...], expected: float) -> None:
    assert call(name, *arguments) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("name", "arguments"), NO_ANSWER)
def test_number_function_without_an_answer(name: str, arguments: tuple[Any, ...]) -> None:
    assert isnan(call(name, *arguments))


def test_random_lies_below_one() -> None:
    assert 0 <= call("random") < 1


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (123.0, "123"),
        (1.1, "1.1"),
        (1e-7, "0.0000001"),
        (-2.25e-8, "-0.0000000225"),
        (1e21, "1000000000000000000000"),
        (1.5e20, "150000000000000000000"),
        (nan, "NaN"),
        (inf, "Infinity"),
        (-inf, "-Infinity"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_number_as_text(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize("text", ["1_000", "+1", "1e3", "0x10", "nan", "inf", "١", "1.2.3", "--1", ".", "-"])
def test_texts_that_are_no_xpath_numbers(text: str) -> None:
    assert isnan(text_number(text))


@pytest.mark.parametrize(
    ("text", "number"), [(" 1.1 \n", 1.1), (".5", 0.5), ("5.", 5.0), ("-0", 0.0), ("007", 7.0)]
)
def test_texts_that_are_numbers(text: str, number: float) -> None:
    assert text_number(text) == number


def test_booleans_of_values() -> None:
    assert [to_boolean(v) for v in (0.0, nan, "", nodes(), False)] == [False] * 5
    assert [to_boolean(v) for v in (-1.0, inf, "false", nodes(""), True)] == [True] * 5
    assert not to_boolean(DateText("Invalid Date"))


def test_strings_and_numbers_of_values() -> None:
    assert [to_string(v) for v in (True, False, nodes("b", "c"), nodes(), 2.0)] == [
        "true",
        "false",
        "b",
        "",
        "2",
    ]
    assert [to_number(v) for v in (True, nodes("4", "5"), DateText("1970-01-02"))] == [1.0, 4.0, 1.0]
    assert to_number("1970-01-02T00:00", PHOENIX) == 1 + 7 / 24


def test_a_text_is_not_a_list_of_nodes() -> None:
    with pytest.raises(EvaluationError):
        call("sum", "12")
