"""Comparisons between values of any kind. Spec: https://www.w3.org/TR/1999/REC-xpath-19991116/#booleans"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from forms.functions.values import DateText, NodeSet, Value, text_number, to_boolean, to_number, to_string

if TYPE_CHECKING:
    from datetime import tzinfo

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compare(op: str, left: Value, right: Value, zone: tzinfo | None, lenient: bool) -> bool:
    """`left op right`. With `lenient` an empty node-set counts as one empty text, as ODK's engines have it."""
    if lenient:
        if isinstance(left, NodeSet) and not left:
            left = ""
        if isinstance(right, NodeSet) and not right:
            right = ""
    if isinstance(left, NodeSet):
        return _nodes(op, left, right, zone)
    if isinstance(right, NodeSet):
        return _nodes(FLIPPED[op], right, left, zone)
    return _plain(op, left, right, zone)


def _plain(op: str, left: Value, right: Value, zone: tzinfo | None) -> bool:
    test = OPERATORS[op]
    if op in ("=", "!="):
        if isinstance(left, bool) or isinstance(right, bool):
            return test(to_boolean(left), to_boolean(right))
        if type(left) is str and type(right) is str:
            return test(left, right)
        if (isinstance(left, DateText) and isinstance(right, str)) or isinstance(right, DateText):
            return _dates(op, left, right, zone)
    return test(to_number(left, zone), to_number(right, zone))


def _dates(op: str, left: Value, right: Value, zone: tzinfo | None) -> bool:
    """A date equals another date or a text when both count the same days; else by text."""
    days, other = to_number(left, zone), to_number(right, zone)
    if days != days or other != other:
        return OPERATORS[op](to_string(left), to_string(right))
    return OPERATORS[op](days, other)


def _nodes(op: str, nodes: NodeSet, other: Value, zone: tzinfo | None) -> bool:
    test = OPERATORS[op]
    if isinstance(other, bool) and op in ("=", "!="):
        return test(bool(nodes), other)
    if isinstance(other, NodeSet):
        return _two_sets(op, nodes, other, zone)
    if op in ("=", "!=") and isinstance(other, str):
        if isinstance(other, DateText):
            return any(_dates(op, node.text, other, zone) for node in nodes)
        return any(test(node.text, other) for node in nodes)
    number = to_number(other, zone)
    return any(test(text_number(node.text, zone), number) for node in nodes)


def _two_sets(op: str, left: NodeSet, right: NodeSet, zone: tzinfo | None) -> bool:
    if op == "=":
        return not {node.text for node in left}.isdisjoint(node.text for node in right)
    if op == "!=":
        texts = {node.text for node in left} | {node.text for node in right}
        return bool(left) and bool(right) and len(texts) > 1
    test = OPERATORS[op]
    numbers = [text_number(node.text, zone) for node in right]
    return any(test(text_number(node.text, zone), number) for node in left for number in numbers)
