"""Expressions as a form's XML holds them: parsed once a text, with the place of a fault in words."""

from __future__ import annotations

from forms.errors import FormError, shorten
from forms.xml import Element
from forms.xpath.ast import Call, Expr, Path
from forms.xpath.calls import check_call
from forms.xpath.parser import parse
from forms.xpath.static import every_part

CONSTANTS = {"true()": True, "false()": False, "": False, "1": True, "0": False}


class Expressions:
    """All parsed expressions of one form, by their text."""

    def __init__(self) -> None:
        self.parsed: dict[str, Expr] = {}

    def parse(self, text: str, element: Element) -> Expr:
        """The AST of an expression written in `element`, names and numbers of arguments checked."""
        expr = self.parsed.get(text)
        if expr is None:
            try:
                expr = parse(text)
                check_names(expr)
            except FormError as problem:
                raise placed(problem, text, element) from None
            self.parsed[text] = expr
        return expr

    def attribute_names(self) -> set[str]:
        """The names that any expression asks for on an attribute axis; "*" where it may be any."""
        names: set[str] = set()
        for text, expr in self.parsed.items():
            if "@" in text or "attribute::" in text:
                for part in every_part(expr):
                    steps = part.steps if isinstance(part, Path) else []
                    names.update(s.test.rpartition(":")[2] for s in steps if s.axis == "attribute")
        return {"*" if name == "node()" else name for name in names}


def placed(problem: FormError, text: str, element: Element) -> FormError:
    """The same problem with the line and the node it belongs to."""
    about = element.get("nodeset") or element.get("ref")
    place = f"line {element.line}, <{element.name}>" + (f" {shorten(about)}" if about else "")
    where = problem.place if problem.place else f"in “{shorten(text)}”"
    return FormError(problem.code, place, f"{problem.found} ({where})", problem.mend)


def check_names(expr: Expr) -> None:
    """FormError for the first call of an unknown function or with a wrong number of arguments."""
    for part in every_part(expr):
        if isinstance(part, Call) and part.name != "search":
            problem = check_call(part)
            if problem is not None:
                raise problem


def constant_of(text: str) -> bool | None:
    """What a condition always is, where it is written as a constant."""
    return CONSTANTS.get(text.strip())


def without_predicates(path: str) -> str:
    """/data/rep[position() = 2]/x → /data/rep/x."""
    kept, depth = [], 0
    for character in path:
        depth += character == "["
        if depth == 0:
            kept.append(character)
        depth -= character == "]"
    return "".join(kept)
