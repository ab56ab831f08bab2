"""AST → closures. An expression is compiled once for its place in the form and never read again.

Every part can be compiled for the type that is wanted of it (text, number, boolean, nodes, any value), so
that `/data/a + 1` becomes one addition over a cached number rather than a chain of conversions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.functions.values import NodeSet, Value, to_boolean, to_number, to_string
from forms.xpath import operators, plans
from forms.xpath.ast import Arithmetic, Call, Compare, Expr, Filter, Literal, Logic, Negate, Path, Union
from forms.xpath.axes import in_document_order
from forms.xpath.calls import compile_call, type_of_call
from forms.xpath.compare import FLIPPED, OPERATORS, compare
from forms.xpath.focus import AsBoolean, AsNodes, AsNumber, AsString, Compiled, Focus
from forms.xpath.paths import compile_path, compile_predicates

if TYPE_CHECKING:
    from forms.definition.model import NodeDef


class Place:
    """Where a part of an expression is evaluated: at a model node (`model`), or at any other kind of node."""

    __slots__ = ("depth", "model")

    def __init__(self, model: NodeDef | None, depth: int) -> None:
        self.model = model
        self.depth = depth


class Compiler:
    """Compiles for one form and one context definition; without a form, for plain documents."""

    def __init__(self, root: NodeDef | None, current: NodeDef | None, strict: bool = True) -> None:
        self.root = root
        self.current = current
        self.lenient = root is not None
        self.strict = strict
        self.top = Place(current, 0)
        self._plans: dict[tuple[Expr, NodeDef | None, bool], plans.Plan | None] = {}

    def place(self, model: NodeDef | None, depth: int) -> Place:
        return Place(model, depth)

    # -- what a part is, before anything is known at run time

    def kind(self, expr: Expr, place: Place) -> str:
        """ "string", "number", "boolean", "nodes", "any", or "node" for a path to exactly one model node."""
        if isinstance(expr, Literal):
            return "string" if isinstance(expr.value, str) else "number"
        if isinstance(expr, Logic | Compare):
            return "boolean"
        if isinstance(expr, Arithmetic | Negate):
            return "number"
        if isinstance(expr, Call):
            return "node" if self.single(expr, place) else type_of_call(expr.name)
        return "node" if self.single(expr, place) else "nodes"

    def plan(self, expr: Expr, place: Place, bind_last: bool = False) -> plans.Plan | None:
        """The static plan of a path through the model, where it has one."""
        key = (expr, place.model, bind_last)
        if key not in self._plans:
            self._plans[key] = self.find_plan(expr, place, bind_last)
        return self._plans[key]

    def find_plan(self, expr: Expr, place: Place, bind_last: bool) -> plans.Plan | None:
        if isinstance(expr, Call) and expr.name == "current" and not expr.args and self.current is not None:
            return plans.relative_plan([], self.current, True)
        if not isinstance(expr, Path) or self.root is None or self.current is None:
            return None
        if expr.start is None:
            return plans.relative_plan(expr.steps, place.model, False) if place.model is not None else None
        if expr.start == "/":
            return plans.absolute_plan(expr.steps, self.root, self.current, bind_last)
        if isinstance(expr.start, Call) and expr.start.name == "current" and not expr.start.args:
            return plans.relative_plan(expr.steps, self.current, True)
        return None

    def single(self, expr: Expr, place: Place) -> plans.Plan | None:
        """The plan of a path to exactly one node that holds a text."""
        plan = self.plan(expr, place)
        return plan if plan is not None and plan.single and plan.plain else None

    # -- compiled for a wanted type

    def value(self, expr: Expr, place: Place) -> Compiled:
        if isinstance(expr, Literal):
            constant: Value = expr.value
            return lambda n, e: constant
        if isinstance(expr, Logic | Compare):
            return self.boolean(expr, place)
        if isinstance(expr, Arithmetic | Negate):
            return self.number(expr, place)
        if isinstance(expr, Call) and self.plan(expr, place) is None:
            return compile_call(self, expr, place)
        nodes = self.nodes(expr, place)
        return lambda n, e: NodeSet(nodes(n, e))

    def string(self, expr: Expr, place: Place) -> AsString:
        plan = self.single(expr, place)
        if plan is not None:
            return plans.string_of(plan, place.depth)
        if isinstance(expr, Literal):
            text = to_string(expr.value)
            return lambda n, e: text
        if self.kind(expr, place) == "nodes":
            nodes = self.nodes(expr, place)

            def first(n: Any, e: Focus) -> str:
                found = nodes(n, e)
                return found[0].text if found else ""

            return first
        value = self.value(expr, place)
        if isinstance(expr, Call) and type_of_call(expr.name) == "string":
            return value  # type: ignore[return-value]

        def string(n: Any, e: Focus) -> str:
            result = value(n, e)
            return result if type(result) is str else to_string(result)

        return string

    def number(self, expr: Expr, place: Place) -> AsNumber:
        plan = self.single(expr, place)
        if plan is not None:
            return plans.number_of(plan, place.depth)
        if isinstance(expr, Literal) and isinstance(expr.value, float):
            constant = expr.value
            return lambda n, e: constant
        if isinstance(expr, Arithmetic):
            return self.arithmetic(expr, place)
        if isinstance(expr, Negate):
            operand = self.number(expr.operand, place)
            return lambda n, e: -operand(n, e)
        value = self.value(expr, place)
        if isinstance(expr, Call) and type_of_call(expr.name) == "number":
            return value  # type: ignore[return-value]

        def number(n: Any, e: Focus) -> float:
            result = value(n, e)
            return result if type(result) is float else to_number(result, e.timezone)

        return number

    def boolean(self, expr: Expr, place: Place) -> AsBoolean:
        if isinstance(expr, Logic):
            return self.logic(expr, place)
        if isinstance(expr, Compare):
            return self.comparison(expr, place)
        plan = self.single(expr, place)
        if plan is not None and plan.target is not None:
            return self.truth(plan, place)
        value = self.value(expr, place)
        if isinstance(expr, Call) and type_of_call(expr.name) == "boolean":
            return value  # type: ignore[return-value]

        def boolean(n: Any, e: Focus) -> bool:
            result = value(n, e)
            return result if type(result) is bool else to_boolean(result)

        return boolean

    def nodes(self, expr: Expr, place: Place) -> AsNodes:
        plan = self.plan(expr, place)
        if plan is not None:
            return plans.nodes_of(plan, place.depth)
        if isinstance(expr, Path):
            return compile_path(self, expr, place)
        if isinstance(expr, Filter):
            base = self.nodes(expr.base, place)
            keep = compile_predicates(self, expr.predicates, Place(None, place.depth + 1), place.depth)
            return lambda n, e: keep(base(n, e), n, e)
        if isinstance(expr, Union):
            parts = [self.nodes(part, place) for part in expr.parts]
            return lambda n, e: in_document_order([node for part in parts for node in part(n, e)])
        value = self.value(expr, place)

        def nodes(n: Any, e: Focus) -> list[Any]:
            result = value(n, e)
            if isinstance(result, NodeSet):
                return result
            from forms.functions.values import EvaluationError

            raise EvaluationError("argument", f"nodes are wanted here, not {to_string(result)!r}")

        return nodes

    # -- operators

    def logic(self, expr: Logic, place: Place) -> AsBoolean:
        parts = [self.boolean(part, place) for part in expr.parts]
        if len(parts) == 2:
            left, right = parts
            if expr.op == "and":
                return lambda n, e: left(n, e) and right(n, e)
            return lambda n, e: left(n, e) or right(n, e)
        if expr.op == "and":

            def every(n: Any, e: Focus) -> bool:
                return all(part(n, e) for part in parts)

            return every

        def some(n: Any, e: Focus) -> bool:
            return any(part(n, e) for part in parts)

        return some

    def truth(self, plan: plans.Plan, place: Place) -> AsBoolean:
        """A model node as a condition: a number is true unless 0, any other text unless empty."""
        if plan.target is not None and plan.target.type in ("int", "decimal"):
            number = plans.number_of(plan, place.depth)
            return lambda n, e: (v := number(n, e)) == v and v != 0.0
        text = plans.string_of(plan, place.depth)
        if plan.target is not None and plan.target.type == "boolean":
            return lambda n, e: text(n, e) in ("true", "1")
        return lambda n, e: text(n, e) != ""

    def comparison(self, expr: Compare, place: Place) -> AsBoolean:
        op, left, right = expr.op, expr.left, expr.right
        kinds = (self.kind(left, place), self.kind(right, place))
        if op not in ("=", "!="):
            if "nodes" not in kinds and "any" not in kinds:
                return operators.numeric(op, self.number(left, place), self.number(right, place), right)
        elif set(kinds) <= {"string", "node"}:
            return operators.textual(op, self.string(left, place), self.string(right, place), right)
        elif "number" in kinds and set(kinds) <= {"number", "node", "string"}:
            return operators.numeric(op, self.number(left, place), self.number(right, place), right)
        if kinds[0] == "node" and kinds[1] in ("any", "boolean"):
            return self.with_node(op, left, right, place)
        if kinds[1] == "node" and kinds[0] in ("any", "boolean"):
            return self.with_node(FLIPPED[op], right, left, place)
        first, second = self.value(left, place), self.value(right, place)
        lenient = self.lenient and place.depth == 0
        return lambda n, e: compare(op, first(n, e), second(n, e), e.timezone, lenient)

    def with_node(self, op: str, node: Expr, other: Expr, place: Place) -> AsBoolean:
        """One model node against a value whose type shows only at run time."""
        text, number, truth = self.string(node, place), self.number(node, place), self.boolean(node, place)
        value = self.value(other, place)
        test, equality = OPERATORS[op], op in ("=", "!=")

        def against(n: Any, e: Focus) -> bool:
            result = value(n, e)
            kind = type(result)
            if kind is float or (not equality and kind is str):
                return test(number(n, e), to_number(result, e.timezone))
            if kind is str:
                return test(text(n, e), result)
            if kind is bool:
                return test(truth(n, e), result)
            return compare(op, text(n, e), result, e.timezone, True)

        return against

    def arithmetic(self, expr: Arithmetic, place: Place) -> AsNumber:
        result = self.number(expr.first, place)
        if len(expr.rest) > 12:
            return operators.long_arithmetic(
                result, [(operators.APPLY[op], self.number(operand, place)) for op, operand in expr.rest]
            )
        for op, operand in expr.rest:
            constant = operand.value if isinstance(operand, Literal) else None
            if isinstance(constant, float) and op in operators.WITH_CONSTANT:
                result = operators.WITH_CONSTANT[op](result, constant)
            else:
                result = operators.ARITHMETIC[op](result, self.number(operand, place))
        return result


def compile_value(expr: Expr, root: NodeDef | None, current: NodeDef | None, strict: bool = True) -> Compiled:
    """`expr` compiled at `current` for any value."""
    compiler = Compiler(root, current, strict)
    return compiler.value(expr, compiler.top)
