"""From text to AST: what is read, and where the fault lies when it is not."""

import pytest

from forms.errors import FormError
from forms.xpath import ast
from forms.xpath.lexer import tokens
from forms.xpath.parser import parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a-b", ["a-b"]),
        ("a - b", ["a", "-", "b"]),
        ("1and1", ["1", "and", "1"]),
        ("'1'mod '1'", ["'1'", "mod", "'1'"]),
        ("* * *", ["*", "*", "*"]),
        ("div div div", ["div", "div", "div"]),
        ("jr:itext('x')", ["jr:itext", "(", "'x'", ")"]),
        ("child::p:*", ["child", "::", "p:*"]),
        ("../a.b", ["..", "/", "a.b"]),
        (".5+5.", [".5", "+", "5."]),
        ("/data/vârstă", ["/", "data", "/", "vârstă"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [token[1] for token in tokens(text)[:-1]] == expected


def test_precedence_is_that_of_the_recommendation() -> None:
    parsed = parse("1 or 2 and 3 = 4 < 5 + 6 * -7 | 8")
    assert isinstance(parsed, ast.Logic) and parsed.op == "or"
    conjunction = parsed.parts[1]
    assert isinstance(conjunction, ast.Logic) and conjunction.op == "and"
    equality = conjunction.parts[1]
    assert isinstance(equality, ast.Compare) and equality.op == "="
    assert isinstance(equality.right, ast.Compare) and equality.right.op == "<"


def test_a_row_of_one_operator_is_one_node() -> None:
    parsed = parse("1 + 2 - 3 + 4")
    assert isinstance(parsed, ast.Arithmetic)
    assert [op for op, _ in parsed.rest] == ["+", "-", "+"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "the expression ends too early"),
        ("1 +", "the expression ends too early"),
        ("(1", "“)” is missing before the end"),
        ("concat('a' 'b')", "“)” is missing before “'b'”"),
        ("/data/a b", "“b” cannot stand here"),
        ("a[1", "“]” is missing before the end"),
        ("'open", "“'” cannot stand here"),
        ("a ! b", "“!” cannot stand here"),
        ("sideways::a", "“sideways” is not an axis"),
        ("/data/@", "a name is missing"),
        ("1 2", "“2” cannot stand here"),
    ],
)
def test_faults_name_what_stands_where(text: str, found: str) -> None:
    with pytest.raises(FormError) as caught:
        parse(text)
    assert caught.value.code == "xpath.syntax"
    assert caught.value.found == found
    assert caught.value.place.startswith("column ")
