"""General location paths and predicates, and equality look-ups in secondary instances."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from forms.functions.values import DateText, EvaluationError, NodeSet
from forms.xpath import axes, plans
from forms.xpath.ast import Call, Compare, Expr, Literal, Logic, Path, Step
from forms.xpath.focus import AsNodes, Focus
from forms.xpath.static import POSITION, uses_focus

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
        found = _instance_path(compiler, start, steps, place)
        if found is not None:
            return found
    if place.model is None and start is None and len(steps) == 1 and plans.simple(steps[0]):
        return _general(compiler, None, steps, place, None)
    if start is None:
        return _planned_prefix(compiler, None, steps, place, place.model)
    if start == "/":
        return _planned_prefix(compiler, "/", steps, place, compiler.root)
    if isinstance(start, Expr):
        if isinstance(start, Call) and start.name == "current" and not start.args:
            return _planned_prefix(compiler, start, steps, place, compiler.current)
        return _general(compiler, compiler.nodes(start, place), steps, place, None)
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
            return _general(compiler, base, steps[cut:], place, plan.target)
    if start is None:
        return _general(compiler, None, steps, place, None)
    if start == "/":
        return _general(compiler, lambda n, e: [e.host.document()], steps, place, None)
    return _general(compiler, compiler.nodes(start, place), steps, place, None)  # type: ignore[arg-type]


def _kept(base: AsNodes, keep: Keep) -> AsNodes:
    return lambda n, e: keep(base(n, e), n, e)


def _general(
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


# -- instance('x')/root/item[field = value]/…


def _instance_path(compiler: Compiler, start: Call, steps: list[Step], place: Place) -> AsNodes | None:
    names: list[str] = []
    while len(names) < len(steps) and _plain_child(steps[len(names)]):
        names.append(steps[len(names)].test)
    source = compiler.string(start.args[0], place)
    rest = steps[len(names) :]
    items: AsNodes
    if rest and rest[0].axis == "child" and _plain_name(rest[0].test) and rest[0].predicates:
        path = (*names, rest[0].test)
        items = _filtered(compiler, source, path, rest[0].predicates, place)
        rest = rest[1:]
    else:
        path = tuple(names)

        def items(n: Any, e: Focus) -> list[Any]:
            data = e.host.data_source(source(n, e))
            return data.items(path) if data is not None else []

    if not rest:
        return items
    if len(rest) == 1 and _plain_child(rest[0]):
        return _fields(items, rest[0].test)
    return _general(compiler, items, rest, place, None)


def _plain_name(test: str) -> bool:
    return not test.endswith(("*", ")")) and ":" not in test


def _plain_child(step: Step) -> bool:
    return step.axis == "child" and not step.predicates and _plain_name(step.test)


class FieldNode:
    """The text of one column of a row, standing in for the element."""

    __slots__ = ("name", "row", "text")
    xpath_kind = "element"
    prefix = space = ""

    def __init__(self, row: Any, name: str, text: str) -> None:
        self.row = row
        self.name = name
        self.text = text

    def xpath_parent(self) -> Any:
        return self.row

    def xpath_children(self) -> list[Any]:
        return []

    def xpath_attributes(self) -> list[Any]:
        return []


def _fields(items: AsNodes, name: str) -> AsNodes:
    def fields(n: Any, e: Focus) -> list[Any]:
        found: list[Any] = []
        for row in items(n, e):
            if row.shape is None:
                found.extend(kid for kid in row.kids if kid.name == name and kid.xpath_kind == "element")
            elif name in row.shape:
                found.append(FieldNode(row, name, row.values[row.shape[name]]))
        return found

    return fields


def _filtered(
    compiler: Compiler,
    source: Callable[[Any, Focus], str],
    path: tuple[str, ...],
    predicates: list[Expr],
    place: Place,
) -> AsNodes:
    """Items under predicates; an equality in the first of them is looked up rather than searched for."""
    here = compiler.place(None, place.depth + 1)
    field, value, remaining = _equality(compiler, predicates, place)
    keep = compile_predicates(compiler, remaining, here, place.depth) if remaining else None

    def scan(n: Any, e: Focus) -> list[Any]:
        data = e.host.data_source(source(n, e))
        found = data.items(path) if data is not None else []
        return found if keep is None else keep(found, n, e)

    if value is None:
        return scan
    everything = compile_predicates(compiler, predicates, here, place.depth)

    def look_up(n: Any, e: Focus) -> list[Any]:
        data = e.host.data_source(source(n, e))
        if data is None:
            return []
        wanted = value(n, e)
        if isinstance(wanted, NodeSet):
            texts = [node.text for node in wanted]
            if len(texts) != 1:
                return everything(data.items(path), n, e)
            wanted = texts[0]
        if isinstance(wanted, DateText | bool):
            return everything(data.items(path), n, e)
        if isinstance(wanted, str):
            found = data.equal_text(path, field, wanted)
        else:
            found = data.equal_number(path, field, wanted, e.timezone)
        return found if keep is None else keep(found, n, e)

    return look_up


def _equality(compiler: Compiler, predicates: list[Expr], place: Place) -> tuple[str, Any, list[Expr]]:
    """Splits `field = value` out of the first predicate: (field, compiled value, what remains to test)."""
    first = predicates[0]
    parts = first.parts if isinstance(first, Logic) and first.op == "and" else [first]
    if any(uses_focus(part, POSITION) for part in parts):
        return "", None, predicates
    for number, part in enumerate(parts):
        if not isinstance(part, Compare) or part.op != "=":
            continue
        for mine, other in ((part.left, part.right), (part.right, part.left)):
            field = _field(mine)
            if field and _independent(other):
                rest = [*parts[:number], *parts[number + 1 :]]
                remaining = [*([Logic("and", rest)] if len(rest) > 1 else rest), *predicates[1:]]
                return field, _outer_value(compiler, other, place), list(remaining)
    return "", None, predicates


def _outer_value(compiler: Compiler, expr: Expr, place: Place) -> Callable[[Any, Focus], Any]:
    """A value that does not depend on the candidate, worked out once a look-up."""
    if compiler.single(expr, place) is not None:
        return compiler.string(expr, place)
    return compiler.value(expr, place)


def _field(expr: Expr) -> str:
    if isinstance(expr, Path) and expr.start is None and len(expr.steps) == 1 and _plain_child(expr.steps[0]):
        return expr.steps[0].test
    return ""


def _independent(expr: Expr) -> bool:
    """Whether `expr` has the same value for every candidate."""
    from forms.xpath.static import children

    stack: list[Expr] = [expr]
    while stack:
        part = stack.pop()
        if isinstance(part, Path):
            if part.start is None or any(step.predicates for step in part.steps):
                return False
            if isinstance(part.start, Expr):
                stack.append(part.start)
        elif isinstance(part, Call):
            if part.name in ("position", "last", "random", "uuid") or (
                not part.args
                and part.name
                in (
                    "string",
                    "number",
                    "normalize-space",
                    "string-length",
                    "name",
                    "local-name",
                    "namespace-uri",
                )
            ):
                return False
            stack.extend(part.args)
        elif isinstance(part, Literal):
            continue
        else:
            below = children(part)
            if not below:
                return False
            stack.extend(below)
    return True
