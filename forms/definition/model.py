"""The shape of a form's primary instance: one NodeDef for every element or attribute, whatever it repeats.

Nodes live in *scopes*: the form itself, and every repeat. A scope's nodes are numbered; an instance keeps
them in one list a scope, so a static path becomes a few list look-ups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.definition.binding import Bind
    from forms.definition.body import Control

GROUP, REPEAT, LEAF, ATTRIBUTE = "group", "repeat", "leaf", "attribute"

# (rank of the binding to run, scopes to climb or -1 for the root scope, ranges to go down through, slot of the
# node it runs for)
Reader = tuple[int, int, tuple[int, ...], int]


class NodeDef:
    """One element or attribute of the primary instance.

    `scope` is the root or the repeat in whose scope it is numbered `slot`; a repeat's own range sits in the
    scope around it and its instances have slot 0 of the scope within.
    """

    __slots__ = (
        "attributes",
        "bind",
        "by_name",
        "children",
        "control",
        "default",
        "extra",
        "kind",
        "name",
        "order",
        "parent",
        "path",
        "place_readers",
        "prefix",
        "readers",
        "scope",
        "shown",
        "size",
        "slot",
        "space",
        "type",
    )

    def __init__(self, name: str, kind: str, parent: NodeDef | None) -> None:
        self.name = name
        self.kind = kind
        self.parent = parent
        self.space = ""
        self.prefix = ""
        self.path: str = (
            f"{parent.path}/{'@' if kind == ATTRIBUTE else ''}{name}" if parent is not None else f"/{name}"
        )
        self.default = ""
        self.type = "string"
        self.children: list[NodeDef] = []
        self.attributes: list[NodeDef] = []
        self.by_name: dict[str, NodeDef] = {}
        self.extra: dict[str, str] = {}
        self.bind: Bind | None = None
        self.control: Control | None = None
        self.readers: list[Reader] = []
        self.place_readers: list[Reader] = []
        self.scope: NodeDef = self
        self.slot = 0
        self.size = 1
        self.order = 0
        self.shown: list[NodeDef] = []

    @property
    def inside(self) -> NodeDef:
        """The scope in which its children are numbered."""
        return self if self.kind == REPEAT or self.parent is None else self.scope

    @property
    def level(self) -> int:
        """How many repeats enclose the scope it is numbered in."""
        level, scope = 0, self.scope
        while scope.parent is not None:
            level, scope = level + 1, scope.scope
        return level

    def ancestors(self) -> list[NodeDef]:
        """From the parent up to the root."""
        found = []
        node = self.parent
        while node is not None:
            found.append(node)
            node = node.parent
        return found

    def descendants(self) -> list[NodeDef]:
        """Everything below, in document order, without attributes."""
        found: list[NodeDef] = []
        stack = list(reversed(self.children))
        while stack:
            node = stack.pop()
            found.append(node)
            stack.extend(reversed(node.children))
        return found

    def __repr__(self) -> str:
        return f"NodeDef({self.path})"


def scope_chain(scope: NodeDef) -> list[NodeDef]:
    """`scope` and the scopes around it, out to the root."""
    chain = [scope]
    while scope.parent is not None:
        scope = scope.scope
        chain.append(scope)
    return chain


def hops(inner: NodeDef, outer: NodeDef) -> int:
    """How many scopes lie between `inner` and the scope `outer` around it."""
    return scope_chain(inner).index(outer)


def ranges_between(outer: NodeDef, inner: NodeDef) -> tuple[int, ...]:
    """The slots of the ranges one passes from scope `outer` down to scope `inner`."""
    chain = scope_chain(inner)
    return tuple(scope.slot for scope in reversed(chain[: chain.index(outer)]))
