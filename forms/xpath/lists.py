"""Paths into secondary instances: instance('x')/root/item[field = value]/column as dictionary look-ups."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from forms.functions.values import DateText, NodeSet
from forms.xpath.ast import Call, Compare, Expr, Literal, Logic, Path, Step
from forms.xpath.focus import AsNodes, Focus
from forms.xpath.paths import compile_predicates, step_by_step
from forms.xpath.static import POSITION, children, uses_focus

if TYPE_CHECKING:
    from forms.xpath.compiler import Compiler, Place


def instance_path(compiler: Compiler, start: Call, steps: list[Step], place: Place) -> AsNodes | None:
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
    return step_by_step(compiler, items, rest, place, None)


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
