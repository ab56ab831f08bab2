"""Actions and the events that start them. Spec: https://getodk.github.io/xforms-spec/#events-and-actions"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.xpath.compiler import Compiler

if TYPE_CHECKING:
    from forms.definition.model import NodeDef
    from forms.xpath.ast import Expr
    from forms.xpath.focus import Focus

FIRST_LOAD, LOAD, NEW_REPEAT, CHANGED = (
    "odk-instance-first-load",
    "odk-instance-load",
    "odk-new-repeat",
    "xforms-value-changed",
)
NAMES = frozenset(["setvalue", "setgeopoint", "recordaudio"])
OLD_NAMES = {"xforms-ready": FIRST_LOAD, "jr-insert": NEW_REPEAT}


class Action:
    """`setvalue`, `setgeopoint` or `recordaudio`: at an event, `target` gets a value.

    `expr` is None where the text between the tags is the value. `source` is the control it is nested in,
    `repeat` the repeat; its expression and its target are relative to the source, else to the target itself.
    """

    __slots__ = (
        "_compiled",
        "_selected",
        "events",
        "expr",
        "kind",
        "repeat",
        "root",
        "selection",
        "source",
        "target",
        "text",
    )

    def __init__(self, kind: str, events: frozenset[str], target: NodeDef, root: NodeDef) -> None:
        self.kind = kind
        self.events = events
        self.target = target
        self.root = root
        self.expr: Expr | None = None
        self.text = ""
        self.source: NodeDef | None = None
        self.repeat: NodeDef | None = None
        self.selection: Expr | None = None
        self._compiled: Any = None
        self._selected: Any = None

    @property
    def compiled(self) -> Any:
        """(target node, focus) → value; only where there is an expression."""
        if self._compiled is None and self.expr is not None:
            compiler = Compiler(self.root, self.target)
            self._compiled = compiler.value(self.expr, compiler.top)
        return self._compiled

    def selected(self, node: Any, focus: Focus) -> list[Any]:
        """The targets of a `ref` with predicates, seen from the source node or the root."""
        if self._selected is None and self.selection is not None:
            compiler = Compiler(self.root, self.source or self.root)
            self._selected = compiler.nodes(self.selection, compiler.top)
        found: list[Any] = self._selected(node, focus)
        return found


def event_names(text: str) -> frozenset[str]:
    """The events of an `event` attribute, under their present names."""
    return frozenset(OLD_NAMES.get(name, name) for name in text.split())
