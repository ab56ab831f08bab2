"""Arithmetic and comparisons as closures over closures. Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#numbers"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import fmod, inf, nan
from typing import Any

from forms.functions.values import to_string
from forms.xpath.ast import Expr, Literal
from forms.xpath.focus import AsBoolean, AsNumber, AsString, Focus


def divide(left: float, right: float) -> float:
    """XPath `div`: division by zero gives an infinity or NaN."""
    if right != 0.0:
        return left / right
    if left == 0.0 or left != left:
        return nan
    negative = (left < 0.0) != (str(right)[0] == "-")
    return -inf if negative else inf


def modulo(left: float, right: float) -> float:
    """XPath `mod`: the remainder with the sign of the dividend."""
    if right == 0.0 or left - left != 0.0 or right != right:
        return nan
    return fmod(left, right)


_Maker = Callable[[AsNumber, AsNumber], AsNumber]
ARITHMETIC: dict[str, _Maker] = {
    "+": lambda a, b: lambda n, e: a(n, e) + b(n, e),
    "-": lambda a, b: lambda n, e: a(n, e) - b(n, e),
    "*": lambda a, b: lambda n, e: a(n, e) * b(n, e),
    "div": lambda a, b: lambda n, e: divide(a(n, e), b(n, e)),
    "mod": lambda a, b: lambda n, e: modulo(a(n, e), b(n, e)),
}
WITH_CONSTANT: dict[str, Callable[[AsNumber, float], AsNumber]] = {
    "+": lambda a, k: lambda n, e: a(n, e) + k,
    "-": lambda a, k: lambda n, e: a(n, e) - k,
    "*": lambda a, k: lambda n, e: a(n, e) * k,
    "div": lambda a, k: (lambda n, e: a(n, e) / k) if k else (lambda n, e: divide(a(n, e), k)),
    "mod": lambda a, k: lambda n, e: fmod(v, k) if k and (v := a(n, e)) - v == 0.0 else nan,
}


APPLY: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": divide,
    "mod": modulo,
}


def long_arithmetic(
    first: AsNumber, rest: list[tuple[Callable[[float, float], float], AsNumber]]
) -> AsNumber:
    """A long row of operators as a loop, so that its length costs no depth."""

    def number(n: Any, e: Focus) -> float:
        result = first(n, e)
        for apply, operand in rest:
            result = apply(result, operand(n, e))
        return result

    return number


def numeric(op: str, left: AsNumber, right: AsNumber, constant: Expr) -> AsBoolean:
    if isinstance(constant, Literal) and isinstance(constant.value, float):
        k = constant.value
        made: dict[str, AsBoolean] = {
            "=": lambda n, e: left(n, e) == k,
            "!=": lambda n, e: left(n, e) != k,
            "<": lambda n, e: left(n, e) < k,
            "<=": lambda n, e: left(n, e) <= k,
            ">": lambda n, e: left(n, e) > k,
            ">=": lambda n, e: left(n, e) >= k,
        }
        return made[op]
    made = {
        "=": lambda n, e: left(n, e) == right(n, e),
        "!=": lambda n, e: left(n, e) != right(n, e),
        "<": lambda n, e: left(n, e) < right(n, e),
        "<=": lambda n, e: left(n, e) <= right(n, e),
        ">": lambda n, e: left(n, e) > right(n, e),
        ">=": lambda n, e: left(n, e) >= right(n, e),
    }
    return made[op]


def textual(op: str, left: AsString, right: AsString, constant: Expr) -> AsBoolean:
    if isinstance(constant, Literal):
        k = to_string(constant.value)
        if op == "=":
            return lambda n, e: left(n, e) == k
        return lambda n, e: left(n, e) != k
    if op == "=":
        return lambda n, e: left(n, e) == right(n, e)
    return lambda n, e: left(n, e) != right(n, e)
