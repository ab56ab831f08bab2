"""What a `<bind>` says about a node, and the single expressions (`Binding`) the graph orders and runs.

Spec: https://getodk.github.io/xforms-spec/#bindings
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.xpath.compiler import Compiler
from forms.xpath.static import Reads

if TYPE_CHECKING:
    from forms.definition.model import NodeDef
    from forms.definition.text import Text
    from forms.xpath.ast import Expr

CALCULATE, RELEVANT, REQUIRED, READONLY = "calculate", "relevant", "required", "readonly"
CONSTRAINT, COUNT, CHOICES, DISPLAY = "constraint", "count", "choices", "display"
ORDERED = frozenset([CALCULATE, RELEVANT, COUNT, CHOICES])  # what others can depend on
CONDITIONS = frozenset([RELEVANT, REQUIRED, READONLY, CONSTRAINT])


class Binding:
    """One expression bound to one definition. `rank` is its place in the order of evaluation; `test` or
    `value` is compiled when it is first needed."""

    __slots__ = ("_compiled", "below", "d", "expr", "kind", "rank", "reads", "root", "text")

    def __init__(self, kind: str, d: NodeDef, expr: Expr, text: str, root: NodeDef) -> None:
        self.kind = kind
        self.d = d
        self.expr = expr
        self.text = text
        self.root = root
        self.rank = -1
        self.below: list[Expr] = []
        self.reads: Reads | None = None
        self._compiled: Any = None

    @property
    def compiled(self) -> Any:
        """(node, focus) → bool for a condition, float for a count, nodes for choices, else any value."""
        made = self._compiled
        if made is None:
            compiler = Compiler(self.root, self.d)
            if self.kind in CONDITIONS:
                made = compiler.boolean(self.expr, compiler.top)
            elif self.kind == COUNT:
                made = compiler.number(self.expr, compiler.top)
            elif self.kind == CHOICES:
                made = compiler.nodes(self.expr, compiler.top)
            else:
                made = compiler.value(self.expr, compiler.top)
            self._compiled = made
        return made

    @property
    def place(self) -> str:
        """For messages: which expression of which node."""
        return f"{self.kind} of {self.d.path}"

    def __repr__(self) -> str:
        return f"Binding({self.place}: {self.text})"


class Bind:
    """Everything said about one node outside the body. A condition is a Binding, or constant."""

    __slots__ = (
        "attributes",
        "calculate",
        "constraint",
        "constraint_message",
        "preload",
        "preload_params",
        "readonly",
        "readonly_always",
        "relevant",
        "relevant_never",
        "required",
        "required_always",
        "required_message",
        "save_to",
    )

    def __init__(self) -> None:
        self.calculate: Binding | None = None
        self.relevant: Binding | None = None
        self.required: Binding | None = None
        self.readonly: Binding | None = None
        self.constraint: Binding | None = None
        self.relevant_never = False
        self.required_always = False
        self.readonly_always = False
        self.required_message: Text | None = None
        self.constraint_message: Text | None = None
        self.preload = ""
        self.preload_params = ""
        self.save_to = ""
        self.attributes: dict[str, str] = {}

    def bindings(self) -> list[Binding]:
        """The expressions, in the order in which they are usually run."""
        found = (self.relevant, self.calculate, self.required, self.readonly, self.constraint)
        return [binding for binding in found if binding is not None]
