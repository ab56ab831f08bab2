"""Static paths through the model, turned into list look-ups.

A plan starts at the root scope, at the context node's scope or some scopes further out, passes the ranges
`downs`, and ends at slot `slot` of the last scope (0: the scope's own node).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forms.definition.model import ATTRIBUTE, LEAF, REPEAT, NodeDef, hops
from forms.functions.values import text_number
from forms.xpath.ast import Step
from forms.xpath.focus import AsNodes, AsNumber, AsString, Focus

ROOT = -1
Locate = Callable[[Any, Focus], list[Any]]


class Plan:
    """Where a path leads. `up` counts scopes to climb, or is ROOT; `from_current` starts at the expression's
    node instead of the candidate. `target` is None for a path that leads nowhere."""

    __slots__ = ("downs", "from_current", "slot", "target", "up")

    def __init__(self, target: NodeDef | None, up: int, downs: tuple[int, ...], from_current: bool) -> None:
        self.target = target
        self.up = up
        self.downs = downs
        self.slot = 0 if target is None or target.kind == REPEAT or target.parent is None else target.slot
        self.from_current = from_current

    @property
    def single(self) -> bool:
        """Whether it leads to exactly one node."""
        return self.target is not None and not self.downs

    @property
    def plain(self) -> bool:
        """Whether the target holds a text of its own."""
        return self.target is not None and self.target.kind in (LEAF, ATTRIBUTE) and not self.target.children


def simple(step: Step) -> bool:
    """Whether a step can be part of a plan."""
    if step.predicates:
        return False
    if step.axis in ("child", "attribute"):
        return step.test[-1] not in "*)"
    return step.axis in ("parent", "self") and step.test == "node()"


def relative_plan(steps: list[Step], start: NodeDef, from_current: bool) -> Plan | None:
    """The plan of a relative path; None where it needs the general way."""
    node, up = start, 0
    downs: list[int] = []
    for step in steps:
        if not simple(step):
            return None
        if step.axis == "self":
            continue
        if step.axis == "parent":
            if node.parent is None or downs:
                return None
            up += node.kind == REPEAT
            node = node.parent
            continue
        below = _below(node, step)
        if below is None:
            return Plan(None, 0, (), from_current)
        if below.kind == REPEAT:
            downs.append(below.slot)
        node = below
    return Plan(node, up, tuple(downs), from_current)


def absolute_plan(steps: list[Step], root: NodeDef, current: NodeDef, bind_last: bool = False) -> Plan | None:
    """The plan of an absolute path, bound to the repeat instances around `current`."""
    if not steps or steps[0].axis != "child" or not simple(steps[0]):
        return None
    if steps[0].test.rpartition(":")[2] != root.name:
        return Plan(None, ROOT, (), True) if all(simple(step) for step in steps) else None
    node, bound, scope = root, True, root
    downs: list[int] = []
    for number, step in enumerate(steps[1:], 2):
        if step.axis == "parent" or not simple(step):
            return None
        if step.axis == "self":
            continue
        below = _below(node, step)
        if below is None:
            return Plan(None, ROOT, (), True) if all(simple(later) for later in steps[number:]) else None
        if below.kind == REPEAT:
            around = below is current or below in current.ancestors()
            if bound and around and (number < len(steps) or bind_last):
                scope = below
            else:
                bound = False
                downs.append(below.slot)
        node = below
    up = ROOT if scope is root else hops(current.inside, scope)
    return Plan(node, up, tuple(downs), True)


def _below(node: NodeDef, step: Step) -> NodeDef | None:
    name = step.test
    if ":" in name:
        name = name.rpartition(":")[2]
    return node.by_name.get("@" + name if step.axis == "attribute" else name)


def scope_of(plan: Plan, depth: int) -> Locate:
    """The scope a plan starts from, given the context node."""
    up = plan.up
    if up == ROOT:
        return lambda n, e: e.root
    if plan.from_current and depth:
        if up == 0:
            return lambda n, e: e.current.scope
        return lambda n, e: climb(e.current.scope, up)
    if up == 0:
        return lambda n, e: n.scope
    return lambda n, e: climb(n.scope, up)


def climb(scope: list[Any], up: int) -> list[Any]:
    """The scope `up` levels further out."""
    while up:
        scope = scope[0].outer
        up -= 1
    return scope


def node_of(plan: Plan, depth: int) -> Callable[[Any, Focus], Any]:
    """The node of a single plan."""
    slot = plan.slot
    if plan.up == ROOT:
        return lambda n, e: e.root[slot]
    if plan.up == 0 and not (plan.from_current and depth):
        return lambda n, e: n.scope[slot]
    locate = scope_of(plan, depth)
    return lambda n, e: locate(n, e)[slot]


def string_of(plan: Plan, depth: int) -> AsString:
    """The text of a single plan's node; "" while it is not relevant."""
    slot = plan.slot
    if plan.up == ROOT:
        return lambda n, e: e.root[slot].seen
    if plan.up == 0 and not (plan.from_current and depth):
        return lambda n, e: n.scope[slot].seen
    locate = scope_of(plan, depth)
    return lambda n, e: locate(n, e)[slot].seen


def number_of(plan: Plan, depth: int) -> AsNumber:
    """The number of a single plan's node, read once a change."""
    slot = plan.slot
    if plan.up == ROOT:

        def from_root(n: Any, e: Focus) -> float:
            node = e.root[slot]
            number: float | None = node.num
            if number is None:
                number = node.num = text_number(node.seen, e.timezone)
            return number

        return from_root
    if plan.up == 0 and not (plan.from_current and depth):

        def from_scope(n: Any, e: Focus) -> float:
            node = n.scope[slot]
            number: float | None = node.num
            if number is None:
                number = node.num = text_number(node.seen, e.timezone)
            return number

        return from_scope
    locate = scope_of(plan, depth)

    def from_outer(n: Any, e: Focus) -> float:
        node = locate(n, e)[slot]
        number: float | None = node.num
        if number is None:
            number = node.num = text_number(node.seen, e.timezone)
        return number

    return from_outer


def nodes_of(plan: Plan, depth: int) -> AsNodes:
    """All relevant nodes a plan leads to, in document order."""
    if plan.target is None:
        return lambda n, e: []
    slot, downs = plan.slot, plan.downs
    locate = scope_of(plan, depth)
    if not downs:

        def one(n: Any, e: Focus) -> list[Any]:
            node = locate(n, e)[slot]
            return [node] if node.visible else []

        return one
    if len(downs) == 1:
        first = downs[0]
        if slot == 0:
            return lambda n, e: [item for item in locate(n, e)[first].items if item.visible]

        def through_one(n: Any, e: Focus) -> list[Any]:
            return [node for item in locate(n, e)[first].items if (node := item.scope[slot]).visible]

        return through_one

    def through_many(n: Any, e: Focus) -> list[Any]:
        scopes = [locate(n, e)]
        for down in downs:
            scopes = [item.scope for scope in scopes for item in scope[down].items]
        return [node for scope in scopes if (node := scope[slot]).visible]

    return through_many


def numbers_of(plan: Plan, depth: int) -> Callable[[Any, Focus], list[float]]:
    """The numbers of all relevant nodes a plan leads to."""
    nodes = nodes_of(plan, depth)

    def numbers(n: Any, e: Focus) -> list[float]:
        found: list[float] = []
        zone = e.timezone
        for node in nodes(n, e):
            number = node.num
            if number is None:
                number = node.num = text_number(node.seen, zone)
            found.append(number)
        return found

    return numbers
