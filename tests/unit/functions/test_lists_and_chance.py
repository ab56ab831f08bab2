"""Selections, checklists, coalesce, randomize, and the table itself."""

from math import nan
from typing import Any

import pytest

from forms.functions import FUNCTIONS, EvaluationError
from forms.functions.registry import function
from forms.functions.shuffles import park_miller, seed_number
from tests.unit.functions.helpers import call, nodes

CASES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("selected", ("apple baby crimson", "  baby  "), True),
    ("selected", ("apple", "app"), False),
    ("selected", ("", ""), True),
    ("selected", ("a", ""), False),
    ("is-selected", ("a b", "b"), True),
    ("selected-at", ("zero one two", 1.0), "one"),
    ("selected-at", ("zero one two", 3.0), ""),
    ("selected-at", ("zero one two", -1.0), ""),
    ("selected-at", ("zero", nan), ""),
    ("coalesce", ("", "b"), "b"),
    ("coalesce", (nan, 0.0), 0.0),
    ("coalesce", (nodes(), nodes("x")), nodes("x")),
    ("boolean-from-string", ("1",), True),
    ("boolean-from-string", ("yes",), False),
    ("not", (nodes(),), True),
    ("checklist", (2.0, 2.0, nodes("no", "", "0")), True),
    ("checklist", (-1.0, 1.0, True, True), False),
    ("checklist", (1.0, -1.0, False, True, True), True),
    ("checklist", (-1.0, -1.0), True),
    ("weighted-checklist", (5.0, 5.0, nodes("5"), 5.0), True),
    ("weighted-checklist", (-1.0, 2.0, True, 2.0), True),
    ("weighted-checklist", (3.0, 9.0, True, 2.0, False, 7.0), False),
    ("depend", ("a", "b"), "a"),
    ("property", ("username",), "ana"),
    ("property", ("simserial",), ""),
    ("version", (), "7"),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES)
def test_function(name: str, arguments: tuple[Any, ...], expected: Any) -> None:
    assert call(name, *arguments) == expected


def test_a_weight_must_follow_every_value() -> None:
    with pytest.raises(EvaluationError):
        call("weighted-checklist", 1.0, 2.0, True)


def order(seed: Any) -> str:
    return "".join(node.text for node in call("randomize", nodes(*"ABCDEF"), seed))


def test_seeded_order_is_the_one_other_clients_give() -> None:
    assert order(42.0) == "AFCBDE"
    assert order(-1.0) == order(float(2**31 - 3))
    assert order("") == order(0.0) == order("NaN")
    assert order(1.7) == order(1.0)


def test_text_seeds_are_hashed() -> None:
    assert seed_number("abc") == int.from_bytes(bytes.fromhex("ba7816bf8f01cfea"), "big", signed=True)
    assert order("abc") != order("abd")


def test_without_a_seed_it_is_chance() -> None:
    assert sorted(node.text for node in call("randomize", nodes(*"ABC"))) == ["A", "B", "C"]


def test_generator_is_the_minimal_standard() -> None:
    draw = park_miller(1)
    first = draw()
    assert first == (16807 - 1) / (2**31 - 2)
    for _ in range(9999):
        last = draw()
    assert round(last * (2**31 - 2)) + 1 == 1043618065  # the check value of Park and Miller's paper


def test_the_table_refuses_a_second_of_the_same_name_and_unknown_kinds() -> None:
    with pytest.raises(ValueError, match="already"):
        function("concat")(lambda: "")
    with pytest.raises(ValueError, match="unknown kind"):
        function("new-one", "colour")(lambda: "")
    assert "new-one" not in FUNCTIONS


def test_arity_in_words() -> None:
    assert FUNCTIONS["concat"].arity == "0 or more"
    assert FUNCTIONS["round"].arity == "1 to 2"
    assert FUNCTIONS["selected"].arity == "2"
    assert FUNCTIONS["string"].accepts(0) and not FUNCTIONS["boolean"].accepts(0)
