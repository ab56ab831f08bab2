"""Cuts an expression into tokens. Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#exprlex"""

from __future__ import annotations

import re

from forms.errors import FormError, shorten

MAX_LENGTH = 100_000
NUMBER, LITERAL, NAME, OPERATOR, SYMBOL, END = "number", "literal", "name", "operator", "symbol", "end"
Token = tuple[str, str, int]

_NAME = r"[^\W\d][\w.\-·]*"
_TOKEN = re.compile(
    rf"""[ \t\r\n]*(?:
    (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<literal>"[^"]*"|'[^']*')
  | (?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)
  | (?P<symbol>//|::|\.\.|!=|<=|>=|[()\[\].@,|+\-=<>*/$])
  | (?P<end>$)
    )""",
    re.VERBOSE,
)
_WORD = re.compile(r"[ \t\r\n]*(and|or|mod|div)(?![A-Za-z_])")


def syntax_error(expression: str, offset: int, found: str) -> FormError:
    """What every fault of an expression's text becomes; the loader puts the question's place in front."""
    return FormError(
        "xpath.syntax",
        f"column {offset + 1} of “{shorten(expression)}”",
        found,
        "Correct the expression: check brackets, quotes and operators",
    )


def tokens(expression: str) -> list[Token]:
    """The tokens with their offsets, closed by an END token; FormError("xpath.syntax") where one cannot be read."""
    if len(expression) > MAX_LENGTH:
        raise syntax_error(expression, MAX_LENGTH, f"the expression is longer than {MAX_LENGTH} characters")
    found: list[Token] = []
    offset = 0
    operand_done = False
    match = _TOKEN.match
    while True:
        if operand_done:
            word = _WORD.match(expression, offset)
            if word is not None:
                found.append((OPERATOR, word.group(1), word.start(1)))
                offset, operand_done = word.end(), False
                continue
        token = match(expression, offset)
        if token is None or token.lastgroup is None:
            rest = expression[offset:].lstrip()
            raise syntax_error(expression, len(expression) - len(rest), f"“{rest[:1]}” cannot stand here")
        kind = token.lastgroup
        text = token.group(kind)
        start = token.start(kind)
        offset = token.end()
        if kind == END:
            found.append((END, "", start))
            return found
        if kind == SYMBOL:
            if text == "*" and operand_done:
                found.append((OPERATOR, text, start))
                operand_done = False
                continue
            operand_done = text in (")", "]", ".", "..", "*")
        else:
            operand_done = True
        found.append((kind, text, start))
