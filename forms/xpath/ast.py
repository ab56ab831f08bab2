"""The parts of a parsed expression. Chains of one operator are flat, so depth is bounded by brackets."""

from __future__ import annotations


class Expr:
    """Any expression."""

    __slots__ = ()


class Literal(Expr):
    """A number (float) or a quoted text (str)."""

    __slots__ = ("value",)

    def __init__(self, value: float | str) -> None:
        self.value = value


class Logic(Expr):
    """`and` or `or` over two or more operands."""

    __slots__ = ("op", "parts")

    def __init__(self, op: str, parts: list[Expr]) -> None:
        self.op = op
        self.parts = parts


class Compare(Expr):
    """`=`, `!=`, `<`, `<=`, `>`, `>=`."""

    __slots__ = ("left", "op", "right")

    def __init__(self, op: str, left: Expr, right: Expr) -> None:
        self.op = op
        self.left = left
        self.right = right


class Arithmetic(Expr):
    """A first operand and then pairs of `+`, `-`, `*`, `div`, `mod` and operand, left to right."""

    __slots__ = ("first", "rest")

    def __init__(self, first: Expr, rest: list[tuple[str, Expr]]) -> None:
        self.first = first
        self.rest = rest


class Negate(Expr):
    """Unary minus."""

    __slots__ = ("operand",)

    def __init__(self, operand: Expr) -> None:
        self.operand = operand


class Union(Expr):
    """`a | b | c`."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Expr]) -> None:
        self.parts = parts


class Call(Expr):
    """A function call; the name as written, with its prefix."""

    __slots__ = ("args", "name")

    def __init__(self, name: str, args: list[Expr]) -> None:
        self.name = name
        self.args = args


class Step:
    """`axis::test[predicate]…`; test is a name ("a", "p:a", "*", "p:*") or "node()", "text()", "comment()",
    "processing-instruction()" (`target` then holds its literal)."""

    __slots__ = ("axis", "predicates", "target", "test")

    def __init__(self, axis: str, test: str, predicates: list[Expr], target: str = "") -> None:
        self.axis = axis
        self.test = test
        self.predicates = predicates
        self.target = target


class Path(Expr):
    """A location path. `start` is None for a relative one, "/" for an absolute one, else an expression."""

    __slots__ = ("start", "steps")

    def __init__(self, start: Expr | str | None, steps: list[Step]) -> None:
        self.start = start
        self.steps = steps


class Filter(Expr):
    """`(expression)[predicate]…`."""

    __slots__ = ("base", "predicates")

    def __init__(self, base: Expr, predicates: list[Expr]) -> None:
        self.base = base
        self.predicates = predicates
