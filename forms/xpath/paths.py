"""General location paths and predicates, and equality look-ups in secondary instances."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from forms.functions.values import EvaluationError
from forms.xpath import axes, plans
from forms.xpath.ast import Call, Expr, Literal, Path, Step
from forms.xpath.focus import AsNodes, Focus

if TYPE_CHECKING:
    from forms.definition.model import NodeDef
    from forms.xpath.compiler import Compiler, Place

Keep = Callable[[list[Any], Any, Focus], list[Any]]
_FORWARD = frozenset(["child", "attribute", "self"])


def compile_predicates(compiler: Compiler, predicates: list[Expr], place: Place, depth: int) -> Keep:
    """Filters candidates through `predicates`; `depth` is that of the expression around them."""
    keeps = [_predicate(compiler, predicate, place, depth) for predicate in predicates]
    if len(keeps) == 1:
        return keeps[0]

    def keep(nodes: list[Any], n: Any, e: Focus) -> list[Any]:
        for each in keeps:
            nodes = each(nodes, n, e)
        return nodes

    return keep


def _predicate(compiler: Compiler, predicate: Expr, place: Place, depth: int) -> Keep:
    if isinstance(predicate, Literal) and isinstance(predicate.value, float):
        wanted = predicate.value
        if wanted != int(wanted) or wanted < 1:
            return lambda nodes, n, e: []
        index = int(wanted)
        return lambda nodes, n, e: nodes[index - 1 : index]
    kind = compiler.kind(predicate, place)
    if kind == "any":
        value = compiler.value(predicate, place)

        def by_value(nodes: list[Any], n: Any, e: Focus) -> list[Any]:
            focus = e.inner(n if depth == 0 else e.current)
            focus.size = len(nodes)
            kept = []
            for position, node in enumerate(nodes, 1):
                focus.position = position
                result = value(node, focus)
                if (result == position) if type(result) is float else _true(result):
                    kept.append(node)
            return kept

        return by_value
    if kind == "number":
        number = compiler.number(predicate, place)
        return _positional(lambda node, focus: number(node, focus) == focus.position, depth)
    return _positional(compiler.boolean(predicate, place), depth)


def _true(value: Any) -> bool:
    from forms.functions.values import to_boolean

    return to_boolean(value)


def _positional(test: Callable[[Any, Focus], bool], depth: int) -> Keep:
    def keep(nodes: list[Any], n: Any, e: Focus) -> list[Any]:
        focus = e.inner(n if depth == 0 else e.current)
        focus.size = len(nodes)
        kept = []
        for position, node in enumerate(nodes, 1):
            focus.position = position
            if test(node, focus):
                kept.append(node)
        return kept

    return keep


def compile_path(compiler: Compiler, path: Path, place: Place) -> AsNodes:
    """A path that has no plan: with predicates, odd axes, or outside the model."""
    start, steps = path.start, path.steps
    if isinstance(start, Call) and start.name == "instance" and len(start.args) == 1:
        from forms.xpath.lists import instance_path

        found = instance_path(compiler, start, steps, place)
        if found is not None:
            return found
    if place.model is None and start is None and len(steps) == 1 and plans.simple(steps[0]):
        return step_by_step(compiler, None, steps, place, None)
    if start is None:
        return _planned_prefix(compiler, None, steps, place, place.model)
    if start == "/":
        return _planned_prefix(compiler, "/", steps, place, compiler.root)
    if isinstance(start, Expr):
        if isinstance(start, Call) and start.name == "current" and not start.args:
            return _planned_prefix(compiler, start, steps, place, compiler.current)
        return step_by_step(compiler, compiler.nodes(start, place), steps, place, None)
    raise EvaluationError("syntax", "a path cannot start here")


def _planned_prefix(
    compiler: Compiler, start: Expr | str | None, steps: list[Step], place: Place, model: NodeDef | None
) -> AsNodes:
    """Takes the longest beginning of a path that has a plan by look-up, the rest step by step."""
    if model is not None:
        for cut in range(len(steps), 0, -1):
            last = steps[cut - 1]
            head = [*steps[: cut - 1], Step(last.axis, last.test, [], last.target)]
            plan = compiler.plan(Path(start, head), place)
            if plan is None or plan.target is None:
                continue
            base = plans.nodes_of(plan, place.depth)
            here = compiler.place(plan.target, place.depth + 1)
            if last.predicates:
                keep = compile_predicates(compiler, last.predicates, here, place.depth)
                base = _kept(base, keep)
            return step_by_step(compiler, base, steps[cut:], place, plan.target)
    if start is None:
        return step_by_step(compiler, None, steps, place, None)
    if start == "/":
        return step_by_step(compiler, lambda n, e: [e.host.document()], steps, place, None)
    return step_by_step(compiler, compiler.nodes(start, place), steps, place, None)  # type: ignore[arg-type]


def _kept(base: AsNodes, keep: Keep) -> AsNodes:
    return lambda n, e: keep(base(n, e), n, e)


def step_by_step(
    compiler: Compiler, base: AsNodes | None, steps: list[Step], place: Place, model: NodeDef | None
) -> AsNodes:
    """Step by step over lists of nodes."""
    moves: list[Callable[[list[Any], Any, Focus], list[Any]]] = []
    nested = False
    for step in steps:
        model = _next_model(model, step)
        here = compiler.place(model, place.depth + 1)
        keep = compile_predicates(compiler, step.predicates, here, place.depth) if step.predicates else None
        moves.append(_move(step, keep, nested or step.axis not in _FORWARD))
        nested = nested or step.axis not in _FORWARD

    def nodes(n: Any, e: Focus) -> list[Any]:
        found = [n] if base is None else base(n, e)
        for move in moves:
            found = move(found, n, e)
        return found

    return nodes


def _next_model(model: NodeDef | None, step: Step) -> NodeDef | None:
    if model is None or step.axis not in ("child", "parent") or step.test.endswith("*"):
        return None
    if step.axis == "parent":
        return model.parent
    return model.by_name.get(step.test.rpartition(":")[2])


def _move(step: Step, keep: Keep | None, sort: bool) -> Callable[[list[Any], Any, Focus], list[Any]]:
    along = axes.AXES[step.axis]
    test = axes.node_test(step.axis, step.test, step.target)
    everything = step.test == "node()"

    def move(nodes: list[Any], n: Any, e: Focus) -> list[Any]:
        found: list[Any] = []
        for node in nodes:
            candidates = along(node) if everything else [c for c in along(node) if test(c)]
            found.extend(candidates if keep is None else keep(candidates, n, e))
        if sort and len(found) > 1:
            return axes.in_document_order(found)
        return found

    return move
