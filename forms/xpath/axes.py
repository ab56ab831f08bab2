"""Axes over any tree: model nodes and read-only nodes offer the same four members.

These are the general, slower ways; static paths through the model take the short cuts of `plans`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

NodeTest = Callable[[Any], bool]


def parent(node: Any) -> list[Any]:
    up = node.xpath_parent()
    return [up] if up is not None else []


def child(node: Any) -> list[Any]:
    return list(node.xpath_children())


def attribute(node: Any) -> list[Any]:
    return list(node.xpath_attributes())


def itself(node: Any) -> list[Any]:
    return [node]


def ancestor(node: Any) -> list[Any]:
    """Nearest first."""
    found = []
    up = node.xpath_parent()
    while up is not None:
        found.append(up)
        up = up.xpath_parent()
    return found


def ancestor_or_self(node: Any) -> list[Any]:
    return [node, *ancestor(node)]


def descendant(node: Any) -> list[Any]:
    """In document order, without recursion."""
    found = []
    stack = list(reversed(node.xpath_children()))
    while stack:
        top = stack.pop()
        found.append(top)
        stack.extend(reversed(top.xpath_children()))
    return found


def descendant_or_self(node: Any) -> list[Any]:
    return [node, *descendant(node)]


def _siblings(node: Any) -> tuple[list[Any], int]:
    up = node.xpath_parent()
    around = list(up.xpath_children()) if up is not None else [node]
    for index, other in enumerate(around):
        if other is node:
            return around, index
    return [], 0


def following_sibling(node: Any) -> list[Any]:
    around, index = _siblings(node)
    return around[index + 1 :]


def preceding_sibling(node: Any) -> list[Any]:
    """Nearest first."""
    around, index = _siblings(node)
    return around[:index][::-1]


def following(node: Any) -> list[Any]:
    found: list[Any] = []
    if node.xpath_kind == "attribute":
        owner = node.xpath_parent()
        found.extend(descendant(owner))
        node = owner
    for place in ancestor_or_self(node):
        for sibling in following_sibling(place):
            found.extend(descendant_or_self(sibling))
    return found


def preceding(node: Any) -> list[Any]:
    """Nearest first."""
    found: list[Any] = []
    if node.xpath_kind == "attribute":
        node = node.xpath_parent()
    for place in ancestor_or_self(node):
        for sibling in preceding_sibling(place):
            found.extend(reversed(descendant_or_self(sibling)))
    return found


def namespace(node: Any) -> list[Any]:
    return []


AXES: dict[str, Callable[[Any], list[Any]]] = {
    "ancestor": ancestor,
    "ancestor-or-self": ancestor_or_self,
    "attribute": attribute,
    "child": child,
    "descendant": descendant,
    "descendant-or-self": descendant_or_self,
    "following": following,
    "following-sibling": following_sibling,
    "namespace": namespace,
    "parent": parent,
    "preceding": preceding,
    "preceding-sibling": preceding_sibling,
    "self": itself,
}
REVERSE = frozenset(["ancestor", "ancestor-or-self", "preceding", "preceding-sibling"])


def node_test(axis: str, test: str, target: str = "") -> NodeTest:
    """The test of one step. Names match by local name; a prefix must be the one the node was written with,
    unless the node has none."""
    if test == "node()":
        return lambda node: True
    if test.endswith("()"):
        kind = {"text()": "text", "comment()": "comment"}.get(test, "pi")
        if target:
            return lambda node: node.xpath_kind == kind and node.name == target
        return lambda node: node.xpath_kind == kind
    wanted = "attribute" if axis == "attribute" else "element"
    prefix, _, local = test.rpartition(":")
    if local == "*" and not prefix:
        return lambda node: node.xpath_kind == wanted
    if local == "*":
        return lambda node: node.xpath_kind == wanted and node.prefix == prefix
    if prefix:
        return lambda node: node.name == local and node.xpath_kind == wanted and node.prefix in (prefix, "")
    return lambda node: node.name == local and node.xpath_kind == wanted


def order_key(node: Any) -> tuple[int, ...]:
    """Where a node stands in its document; compares in document order."""
    places: list[int] = []
    up = node.xpath_parent()
    while up is not None:
        if node.xpath_kind == "attribute":
            attributes = list(up.xpath_attributes())
            places.append(-len(attributes) + _place(node, attributes))
        else:
            places.append(_place(node, up.xpath_children()) + 1)
        node = up
        up = node.xpath_parent()
    places.append(0)
    return tuple(reversed(places))


def _place(node: Any, among: list[Any]) -> int:
    for index, other in enumerate(among):
        if other is node:
            return index
    return 0


def in_document_order(nodes: list[Any]) -> list[Any]:
    """`nodes` without repetition, in document order."""
    unique = list({id(node): node for node in nodes}.values())
    return sorted(unique, key=order_key) if len(unique) > 1 else unique
