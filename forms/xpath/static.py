"""What an expression reads, worked out from the form's shape before anything is filled in.

Every path is followed through the definition. The result is a set of `Read`s: the definition read, and the
*pivot*, the innermost scope whose instance the reading node and the read node certainly share. A node that
changes has to wake only the readers inside its own pivot instance.

Absolute paths inside a repeat mean the same repeat instance, as the ODK specification says
(https://getodk.github.io/xforms-spec/#a-big-deviation-with-xforms).
"""

from __future__ import annotations

from collections.abc import Sequence

from forms.definition.model import ATTRIBUTE, LEAF, REPEAT, NodeDef, scope_chain
from forms.xpath.ast import Arithmetic, Call, Compare, Expr, Filter, Literal, Logic, Negate, Path, Step, Union

Read = tuple[NodeDef, NodeDef]
STRUCTURAL = frozenset(["count", "position"])
SILENT_AXES = frozenset(["child", "self", "parent", "attribute"])


class Reach:
    """Where a step can have arrived: definitions and pivot; `defs` is None for nodes outside the model."""

    __slots__ = ("bound", "defs", "loose", "pivot")

    def __init__(
        self, defs: list[NodeDef] | None, pivot: NodeDef, bound: bool = False, loose: bool = False
    ) -> None:
        self.defs = defs
        self.pivot = pivot
        self.bound = bound
        self.loose = loose


class Reads:
    """What one expression reads: `found` maps a Read to whether *every* way to it passes a predicate on a
    repeat ("loose": it may well be another instance of the same repeat)."""

    def __init__(self, root: NodeDef, current: NodeDef) -> None:
        self.root = root
        self.current = current
        self.found: dict[Read, bool] = {}
        self.chain = {current, *current.ancestors()}
        self.choice_names: list[NodeDef] = []
        self.places: dict[NodeDef, None] = {}

    def of(self, expression: Expr, below: Sequence[Expr] = ()) -> Reads:
        """Everything `expression` reads, and what each of `below` reads at the nodes it gives."""
        reach = self.walk(expression, Reach([self.current], self.current.inside))
        if reach is not None:
            for each in below:
                self.walk(each, reach)
        return self

    def add(self, node: NodeDef, pivot: NodeDef, loose: bool) -> None:
        if node.kind == REPEAT and pivot in (node, *_inner_scopes(pivot, node)):
            pivot = node.scope
        key = (node, pivot)
        self.found[key] = self.found.get(key, True) and loose

    def walk(self, expr: Expr, focus: Reach, structural: bool = False) -> Reach | None:
        """Records what `expr` reads; the reach of its nodes where it is a path."""
        if isinstance(expr, Path):
            return self.path(expr, focus, structural)
        if isinstance(expr, Literal):
            return None
        if isinstance(expr, Call):
            return self.call(expr, focus, structural)
        if isinstance(expr, Filter):
            reach = self.walk(expr.base, focus, structural)
            self.predicates(expr.predicates, reach or Reach(None, focus.pivot))
            return reach
        for part in children(expr):
            self.walk(part, focus, structural)
        return None

    def call(self, call: Call, focus: Reach, structural: bool = False) -> Reach | None:
        name = call.name
        if name == "current" and not call.args:
            if not structural:
                self.value(self.current, self.current.inside, False, True)
            return Reach([self.current], self.current.inside)
        if name == "instance":
            return Reach(None, self.root)
        if name == "position" and self.own_place(call, focus):
            return None
        if name == "jr:choice-name" and len(call.args) > 1:
            self.choice_name(call.args[1], focus)
        if name == "indexed-repeat":
            self.indexed(call, focus)
            return None
        reaches = [self.walk(arg, focus, name in STRUCTURAL) for arg in call.args]
        return reaches[0] if name == "randomize" and reaches else None

    def own_place(self, call: Call, focus: Reach) -> bool:
        """Whether position() asks for the place of a repeat instance around the node itself, which changes
        only when an earlier instance comes or goes."""
        repeat = self.current.inside
        if call.args:
            arg = call.args[0]
            if not isinstance(arg, Path) or focus.defs != [self.current] or arg.start is not None:
                return False
            if any(step.axis not in ("parent", "self") or step.predicates for step in arg.steps):
                return False
            here: NodeDef | None = self.current
            for step in arg.steps:
                here = here.parent if here is not None and step.axis == "parent" else here
            if here is None or here.kind != REPEAT:
                return False
            repeat = here
        if repeat.parent is not None:
            self.places[repeat] = None
        return True

    def choice_name(self, arg: Expr, focus: Reach) -> None:
        """The select named by the second argument of jr:choice-name, a path in quotes."""
        from forms.errors import FormError
        from forms.xpath.parser import parse

        path = arg
        if isinstance(arg, Literal) and isinstance(arg.value, str):
            try:
                path = parse(arg.value)
            except FormError:
                return
        reach = self.walk(path, focus)
        if reach is not None and reach.defs:
            self.choice_names.extend(reach.defs)

    def indexed(self, call: Call, focus: Reach) -> None:
        """indexed-repeat(node, repeat, index …): any instance may be read."""
        for place, arg in enumerate(call.args):
            if place and place % 2 == 0:
                self.walk(arg, focus)
        if not call.args or not isinstance(call.args[0], Path):
            return
        probe = Reads(self.root, self.current)
        reach = probe.walk(call.args[0], focus)
        for target in (reach.defs if reach is not None else None) or []:
            self.add(target, self.root, True)
            for scope in scope_chain(target.scope)[:-1]:
                self.add(scope, self.root, True)

    def predicates(self, predicates: list[Expr], focus: Reach) -> None:
        for predicate in predicates:
            self.walk(predicate, focus)

    def path(self, path: Path, focus: Reach, structural: bool) -> Reach | None:
        reach: Reach | None
        if path.start is None:
            reach = Reach(focus.defs, focus.pivot, loose=focus.loose)
        elif path.start == "/":
            reach = Reach([], self.root, bound=True)
        elif isinstance(path.start, Call) and path.start.name == "current" and not path.start.args:
            reach = Reach([self.current], self.current.inside)
        else:
            reach = self.walk(path.start, focus, True) if isinstance(path.start, Expr) else None
        if reach is None:
            reach = Reach(None, self.root)
        for number, step in enumerate(path.steps):
            reach = self.step(reach, step, path.start == "/" and number == 0, number == len(path.steps) - 1)
        if reach.defs is not None:
            for node in reach.defs:
                self.value(node, reach.pivot, reach.loose, structural)
        return reach

    def value(self, node: NodeDef, pivot: NodeDef, loose: bool, structural: bool) -> None:
        self.add(node, pivot, loose)
        if not structural and node.kind not in (LEAF, ATTRIBUTE):
            for below in node.descendants():
                if below.kind == LEAF:
                    self.add(below, pivot, loose)

    def step(self, reach: Reach, step: Step, first: bool, last: bool) -> Reach:
        if reach.defs is None:
            self.predicates(step.predicates, reach)
            return reach
        if first:
            targets = [self.root] if step.test in ("*", "node()") or _matches(self.root, step.test) else []
            if step.axis != "child":
                targets = [self.root, *self.root.descendants()]
        else:
            targets = self.targets(reach.defs, step)
        pivot, bound, loose = reach.pivot, reach.bound, reach.loose
        if step.axis not in SILENT_AXES:
            bound = False
            for node in targets:
                if node.kind == REPEAT:
                    self.add(node, pivot, loose)
            if "ancestor" in step.axis or "ing" in step.axis:
                pivot = self.root
        for node in targets:
            if step.axis == "child" and node.kind == REPEAT:
                if bound and node in self.chain and not step.predicates and not last:
                    pivot = node
                else:
                    bound = False
                    self.add(node, pivot, loose)
                    loose = loose or bool(step.predicates)
            elif step.axis == "parent" and _outside(pivot, node.inside):
                pivot = node.inside
        after = Reach(targets, pivot, bound, loose)
        self.predicates(step.predicates, after)
        return after

    def targets(self, defs: list[NodeDef], step: Step) -> list[NodeDef]:
        """The definitions a step leads to from any of `defs`."""
        if step.axis == "child" and step.test[-1] not in "*)":
            local = step.test.rpartition(":")[2]
            return [node.by_name[local] for node in defs if local in node.by_name]
        found: dict[NodeDef, None] = {}
        for node in defs:
            for target in _along(node, step.axis):
                if step.test in ("*", "node()") or _matches(target, step.test):
                    found[target] = None
        return list(found)


def _outside(pivot: NodeDef, scope: NodeDef) -> bool:
    return pivot is not scope and scope in scope_chain(pivot)


def _inner_scopes(pivot: NodeDef, repeat: NodeDef) -> list[NodeDef]:
    chain = scope_chain(pivot)
    return chain if repeat in chain else []


def _matches(node: NodeDef, test: str) -> bool:
    local = test.rpartition(":")[2]
    return local in ("*", node.name)


def _along(node: NodeDef, axis: str) -> list[NodeDef]:
    if axis == "child":
        return node.children
    if axis == "self":
        return [node]
    if axis == "parent":
        return [node.parent] if node.parent is not None else []
    if axis == "attribute":
        return node.attributes
    if axis in ("descendant", "descendant-or-self"):
        return [*([node] if axis.endswith("self") else []), *node.descendants()]
    if axis in ("ancestor", "ancestor-or-self"):
        return [*([node] if axis.endswith("self") else []), *node.ancestors()]
    if axis in ("following-sibling", "preceding-sibling"):
        return node.parent.children if node.parent is not None else []
    top = node.ancestors()[-1] if node.parent is not None else node
    return [top, *top.descendants()]


def children(expr: Expr) -> list[Expr]:
    """The operands of an expression that is not a path, call or filter."""
    if isinstance(expr, Logic | Union):
        return expr.parts
    if isinstance(expr, Compare):
        return [expr.left, expr.right]
    if isinstance(expr, Arithmetic):
        return [expr.first, *(operand for _, operand in expr.rest)]
    if isinstance(expr, Negate):
        return [expr.operand]
    return []


def every_part(expr: Expr) -> list[Expr]:
    """`expr` and all expressions inside it, predicates too."""
    found: list[Expr] = []
    stack: list[Expr] = [expr]
    while stack:
        part = stack.pop()
        found.append(part)
        if isinstance(part, Path):
            if isinstance(part.start, Expr):
                stack.append(part.start)
            for step in part.steps:
                stack.extend(step.predicates)
        elif isinstance(part, Filter):
            stack.extend([part.base, *part.predicates])
        elif isinstance(part, Call):
            stack.extend(part.args)
        else:
            stack.extend(children(part))
    return found


def uses_focus(expr: Expr, names: frozenset[str]) -> bool:
    """Whether `expr` calls one of `names` without entering a predicate of its own."""
    stack: list[Expr] = [expr]
    while stack:
        part = stack.pop()
        if isinstance(part, Call):
            if part.name in names and not part.args:
                return True
            stack.extend(part.args)
        elif isinstance(part, Path):
            if isinstance(part.start, Expr):
                stack.append(part.start)
            if names == CURRENT:
                stack.extend(p for step in part.steps for p in step.predicates)
        elif isinstance(part, Filter):
            stack.append(part.base)
            if names == CURRENT:
                stack.extend(part.predicates)
        else:
            stack.extend(children(part))
    return False


POSITION = frozenset(["position", "last"])
CURRENT = frozenset(["current", "once"])
