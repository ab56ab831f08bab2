"""String functions and regex()."""

from math import inf, nan
from typing import Any

import pytest

from forms.functions import EvaluationError
from tests.unit.functions.helpers import call, nodes

CASES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("concat", ("a", 1.0, True), "a1true"),
    ("concat", (nodes("1", "2"), "x", nodes()), "12x"),
    ("join", ("-", "a", nodes("b", "c")), "a-b-c"),
    ("join", (" ## ",), ""),
    ("substr", ("hello", 1.0), "ello"),
    ("substr", ("hello", -2.0), "lo"),
    ("substr", ("hello", 0.0, -1.0), "hell"),
    ("substr", ("hello", nan, 3.0), "hel"),
    ("substr", ("hello", 4.0, 2.0), ""),
    ("substring", ("12345", 2.0, 3.0), "234"),
    ("substring", ("12345", 1.5, 2.6), "234"),
    ("substring", ("12345", 0.0, 3.0), "12"),
    ("substring", ("12345", nan, 3.0), ""),
    ("substring", ("12345", 1.0, nan), ""),
    ("substring", ("12345", -42.0, inf), "12345"),
    ("substring", ("12345", -inf, inf), ""),
    ("substring", ("12345", inf), ""),
    ("substring", ("12345", 3.0), "345"),
    ("substring-before", ("1999/04/01", "/"), "1999"),
    ("substring-before", ("ab", "c"), ""),
    ("substring-after", ("1999/04/01", "/"), "04/01"),
    ("substring-after", ("ab", "c"), ""),
    ("substring-after", ("ab", ""), "ab"),
    ("translate", ("--aaa--", "abc-", "ABC"), "AAA"),
    ("translate", ("aa", "aa", "xy"), "xx"),
    ("string-length", ("ăîș",), 3.0),
    ("normalize-space", ("  a \n\t b  ",), "a b"),
    ("normalize-space", ("\x0c\xa0",), "\x0c\xa0"),
    ("contains", ("abc", ""), True),
    ("starts-with", ("abc", "ab"), True),
    ("ends-with", ("abc", "bc"), True),
    ("uuid", (), "00000000-0000-4000-8000-000000000001"),
    ("regex", ("12345", "[0-9]{3}"), True),
    ("regex", ("12345", "^[0-9]{3}$"), False),
    ("regex", ("123\n", "^[0-9]{3}$"), False),
    ("regex", ("Ștefan Țăran", r"^[\p{L} ]+$"), True),
    ("regex", ("R2", r"^\p{L}+$"), False),
    ("regex", ("R2", r"\P{L}"), True),
    ("regex", ("a]b", r"^[^\]]+$"), False),
    ("regex", ("ab", r"^(?<first>a)b$"), True),
    ("regex", ("٣", r"\d"), False),
    ("regex", ("ab12", r"^\p{Alnum}+$"), True),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES)
def test_string_function(name: str, arguments: tuple[Any, ...], expected: Any) -> None:
    assert call(name, *arguments) == expected


def test_uuid_of_a_length_is_that_long_and_differs() -> None:
    first = call("uuid", 12.0)
    assert len(first) == 12 and first.isalnum()
    with pytest.raises(EvaluationError):
        call("uuid", -1.0)


@pytest.mark.parametrize("pattern", ["(", "[a", r"\p{Nonsense}", "a{99999999999}"])
def test_a_broken_pattern_is_an_evaluation_problem(pattern: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        call("regex", "x", pattern)
    assert caught.value.code == "regex" and pattern.replace("\\", "\\\\") in str(caught.value)
