"""Tokens → AST, by precedence, with bounded depth. Grammar: https://www.w3.org/TR/1999/REC-xpath-19991116/"""

from __future__ import annotations

from forms.errors import FormError
from forms.xpath.ast import Arithmetic, Call, Compare, Expr, Filter, Literal, Logic, Negate, Path, Step, Union
from forms.xpath.lexer import END, LITERAL, NAME, NUMBER, OPERATOR, Token, syntax_error, tokens

MAX_DEPTH = 60
AXES = frozenset(
    [
        "ancestor",
        "ancestor-or-self",
        "attribute",
        "child",
        "descendant",
        "descendant-or-self",
        "following",
        "following-sibling",
        "namespace",
        "parent",
        "preceding",
        "preceding-sibling",
        "self",
    ]
)
NODE_TYPES = frozenset(["node", "text", "comment", "processing-instruction"])
_PRECEDENCE = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}


def parse(expression: str) -> Expr:
    """The AST of `expression`; FormError("xpath.syntax") says where it cannot be read."""
    return _Parser(expression).whole()


class _Parser:
    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.tokens = tokens(expression)
        self.at = 0
        self.depth = 0

    def whole(self) -> Expr:
        parsed = self.binary(1)
        kind, text, _ = self.tokens[self.at]
        if kind != END:
            raise self.error(f"“{text}” cannot stand here")
        return parsed

    def error(self, found: str) -> FormError:
        return syntax_error(self.expression, self.tokens[self.at][2], found)

    def take(self, text: str) -> None:
        token = self.tokens[self.at]
        if token[1] != text or token[0] in (LITERAL, END):
            what = f"“{token[1]}”" if token[0] != END else "the end"
            raise self.error(f"“{text}” is missing before {what}")
        self.at += 1

    def sees(self, text: str) -> bool:
        token = self.tokens[self.at]
        return token[1] == text and token[0] != LITERAL

    def operator(self) -> str:
        """The binary operator at this place, or ""."""
        kind, text, _ = self.tokens[self.at]
        return text if kind == OPERATOR or (kind == "symbol" and text in _PRECEDENCE and text != "*") else ""

    def binary(self, floor: int) -> Expr:
        """Operands joined by operators that bind at least as tightly as `floor`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"brackets nest more than {MAX_DEPTH} deep")
        left = self.unary()
        while True:
            op = self.operator()
            level = _PRECEDENCE.get(op, 0)
            if level < floor or level == 0:
                self.depth -= 1
                return left
            left = self.chain(left, level)

    def chain(self, left: Expr, level: int) -> Expr:
        """All operators of one level that follow, as one flat node."""
        pairs: list[tuple[str, Expr]] = []
        while True:
            op = self.operator()
            if _PRECEDENCE.get(op, 0) != level:
                break
            self.at += 1
            pairs.append((op, self.binary(level + 1)))
        if level <= 2:
            return Logic(pairs[0][0], [left, *(right for _, right in pairs)])
        if level <= 4:
            if len(pairs) > MAX_DEPTH:
                raise self.error("too many comparisons in one row")
            for op, right in pairs:
                left = Compare(op, left, right)
            return left
        return Arithmetic(left, pairs)

    def unary(self) -> Expr:
        minus = 0
        while self.sees("-"):
            minus += 1
            self.at += 1
        operand = self.union()
        return operand if minus == 0 else Negate(operand) if minus % 2 else Negate(Negate(operand))

    def union(self) -> Expr:
        first = self.path()
        if not self.sees("|"):
            return first
        parts = [first]
        while self.sees("|"):
            self.at += 1
            parts.append(self.path())
        return Union(parts)

    def path(self) -> Expr:
        kind, text, _ = self.tokens[self.at]
        if kind == LITERAL:
            self.at += 1
            return self.filtered(Literal(text[1:-1]))
        if kind == NUMBER:
            self.at += 1
            return self.filtered(Literal(float(text)))
        if text == "/" and kind != END:
            self.at += 1
            return Path("/", self.relative() if self.starts_step() else [])
        if text == "//":
            self.at += 1
            return Path("/", [Step("descendant-or-self", "node()", []), *self.relative()])
        if text == "(":
            self.at += 1
            inner = self.binary(1)
            self.take(")")
            return self.filtered(inner)
        if kind == NAME and self.tokens[self.at + 1][1] == "(" and text not in NODE_TYPES:
            return self.filtered(self.call())
        return Path(None, self.relative())

    def filtered(self, base: Expr) -> Expr:
        """Predicates and further steps after a primary expression."""
        predicates = self.predicates()
        start: Expr = Filter(base, predicates) if predicates else base
        if self.sees("//"):
            self.at += 1
            return Path(start, [Step("descendant-or-self", "node()", []), *self.relative()])
        if self.sees("/"):
            self.at += 1
            return Path(start, self.relative())
        return start

    def call(self) -> Expr:
        name = self.tokens[self.at][1]
        self.at += 2
        args: list[Expr] = []
        if not self.sees(")"):
            args.append(self.binary(1))
            while self.sees(","):
                self.at += 1
                args.append(self.binary(1))
        self.take(")")
        return Call(name, args)

    def starts_step(self) -> bool:
        kind, text, _ = self.tokens[self.at]
        return kind == NAME or (kind == "symbol" and text in (".", "..", "@", "*"))

    def relative(self) -> list[Step]:
        steps = [self.step()]
        while True:
            if self.sees("//"):
                steps.append(Step("descendant-or-self", "node()", []))
            elif not self.sees("/"):
                return steps
            self.at += 1
            steps.append(self.step())

    def step(self) -> Step:
        kind, text, _ = self.tokens[self.at]
        if not self.starts_step():
            raise self.error(
                f"“{text}” cannot stand here" if kind != END else "the expression ends too early"
            )
        self.at += 1
        if text == ".":
            return Step("self", "node()", self.predicates())
        if text == "..":
            return Step("parent", "node()", self.predicates())
        if text == "@":
            return self.test("attribute")
        if kind == NAME and self.sees("::"):
            if text not in AXES:
                raise self.error(f"“{text}” is not an axis")
            self.at += 1
            return self.test(text)
        self.at -= 1
        return self.test("child")

    def test(self, axis: str) -> Step:
        kind, text, _ = self.tokens[self.at]
        if kind != NAME and text != "*":
            raise self.error("a name is missing")
        self.at += 1
        target = ""
        if text in NODE_TYPES and self.sees("("):
            self.at += 1
            inner: Token = self.tokens[self.at]
            if inner[0] == LITERAL and text == "processing-instruction":
                target = inner[1][1:-1]
                self.at += 1
            self.take(")")
            text += "()"
        return Step(axis, text, self.predicates(), target)

    def predicates(self) -> list[Expr]:
        found: list[Expr] = []
        while self.sees("["):
            self.at += 1
            found.append(self.binary(1))
            self.take("]")
        return found
