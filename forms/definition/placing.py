"""Ties controls to their nodes: counts, choices, texts that change, and the order in which things show."""

from __future__ import annotations

from forms.definition.binding import CHOICES, COUNT, DISPLAY, Bind, Binding
from forms.definition.body import SELECTS, Body, Control
from forms.definition.expressions import Expressions
from forms.definition.model import NodeDef
from forms.definition.primary import Primary
from forms.definition.text import Itext, Text
from forms.errors import FormError, shorten
from forms.xml import Element
from forms.xpath.ast import Call


class Placer:
    """Places every control of a body."""

    def __init__(self, primary: Primary, expressions: Expressions, bindings: list[Binding]) -> None:
        self.primary = primary
        self.expressions = expressions
        self.bindings = bindings

    def place(self, body: Body) -> None:
        """FormError("body.unknown_node") for a control whose node is not in the instance."""
        for control in body.controls:
            element = Element(control.kind, "", "", {"ref": control.ref}, control.line)
            d = self.primary.find_from_root(control.ref)
            if d is None:
                raise FormError(
                    "body.unknown_node",
                    f"line {control.line}, <{control.kind}>",
                    f"the form has no node {shorten(control.ref)}",
                    "Correct the path, or add the node",
                )
            control.node = d
            if d.control is None or (d.control.kind == "group" and control.kind == "repeat"):
                if d.control is not None and control.label is None:
                    control.label = d.control.label
                d.control = control
            self.type(d, control)
            if control.count:
                self.count(d, control, element)
            if control.itemset is not None:
                self.itemset(d, control, element)
            if "search(" in control.appearance:
                self.search(d, control, element)

    def type(self, d: NodeDef, control: Control) -> None:
        """A select's node has the type of its control, whatever the bind says of the text."""
        if control.kind in SELECTS and d.type in ("string", "select", "select1", "rank"):
            d.type = control.kind
        elif control.kind == "upload" and d.type == "string":
            d.type = "binary"

    def count(self, d: NodeDef, control: Control, element: Element) -> None:
        expr = self.expressions.parse(control.count, element)
        bind = d.bind = d.bind or Bind()
        bind.calculate = Binding(COUNT, d, expr, control.count, self.primary.root)
        self.bindings.append(bind.calculate)

    def itemset(self, d: NodeDef, control: Control, element: Element) -> None:
        itemset = control.itemset
        if itemset is None:
            return
        expr = self.expressions.parse(itemset.nodeset, element)
        itemset.binding = Binding(CHOICES, d, expr, itemset.nodeset, self.primary.root)
        for ref in (itemset.value, itemset.label):
            if ref:
                itemset.binding.below.append(self.expressions.parse(ref, element))
        self.bindings.append(itemset.binding)

    def search(self, d: NodeDef, control: Control, element: Element) -> None:
        """The search() appearance: choices out of a CSV file."""
        text = control.appearance[control.appearance.find("search(") : control.appearance.rfind(")") + 1]
        expr = self.expressions.parse(text, element)
        if isinstance(expr, Call) and expr.name == "search" and expr.args:
            control.search = Binding(CHOICES, d, expr, text, self.primary.root)
            self.bindings.append(control.search)

    def order(self, body: Body) -> None:
        """Children show in body order; nodes without a control come after."""
        first: dict[NodeDef, int] = {}
        for control in body.controls:
            d = control.node
            while d is not None and d not in first:
                first[d] = control.order
                d = d.parent
        late = len(body.controls) + 1
        for d in self.primary.by_path.values():
            if len(d.children) > 1:
                places = [first.get(child, late) for child in d.children]
                if places != sorted(places):
                    d.shown = sorted(d.children, key=lambda child: first.get(child, late))

    def texts(self, body: Body, itext: Itext) -> None:
        """Whoever shows a label, hint or message is told when an output in it changes."""
        for control in body.controls:
            d = control.node
            if d is None:
                continue
            shown: list[Text | None] = [control.label, control.hint, *(item.label for item in control.items)]
            if d.bind is not None:
                shown += [d.bind.required_message, d.bind.constraint_message]
            for text in shown:
                for output in text.outputs(itext) if text is not None else ():
                    self.bindings.append(Binding(DISPLAY, d, output.expr, output.text, self.primary.root))
