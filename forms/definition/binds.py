"""`<bind>` elements to Binds. Spec: https://getodk.github.io/xforms-spec/#bind-attributes"""

from __future__ import annotations

from forms.definition.binding import CALCULATE, CONSTRAINT, READONLY, RELEVANT, REQUIRED, Bind, Binding
from forms.definition.expressions import Expressions, constant_of
from forms.definition.model import NodeDef
from forms.definition.primary import Primary
from forms.definition.text import message_text
from forms.errors import shorten
from forms.xml import Element

TYPES = frozenset(
    [
        "string",
        "int",
        "decimal",
        "boolean",
        "date",
        "time",
        "dateTime",
        "geopoint",
        "geotrace",
        "geoshape",
        "binary",
        "barcode",
        "select",
        "select1",
        "rank",
        "intent",
    ]
)
OTHER_NAMES = {
    "integer": "int",
    "long": "int",
    "short": "int",
    "datetime": "dateTime",
    "bool": "boolean",
    "float": "decimal",
    "double": "decimal",
}


class BindReader:
    """Reads all binds of a form into its definitions and collects their expressions."""

    def __init__(
        self, primary: Primary, expressions: Expressions, bindings: list[Binding], warnings: list[str]
    ) -> None:
        self.primary = primary
        self.expressions = expressions
        self.bindings = bindings
        self.warnings = warnings

    def read(self, elements: list[Element]) -> None:
        for element in elements:
            nodeset = element.get("nodeset").strip() or element.get("ref").strip()
            d = self.primary.find_from_root(nodeset)
            if d is None:
                place = f"line {element.line}"
                self.warnings.append(f"{place}: <bind> for {shorten(nodeset)}, which the form does not have")
                continue
            self.bind(element, d)

    def bind(self, element: Element, d: NodeDef) -> None:
        bind = d.bind = d.bind or Bind()
        self.type(element, d)
        parse = self.expressions.parse
        bind.attributes = element.attrs
        bind.preload = element.get("jr:preload").strip()
        bind.preload_params = element.get("jr:preloadParams").strip()
        bind.save_to = element.get("entities:saveto").strip()
        bind.required_message = message_text(element.get("jr:requiredMsg"), element, parse)
        bind.constraint_message = message_text(element.get("jr:constraintMsg"), element, parse)
        if element.get("calculate").strip():
            bind.calculate = self.bound(CALCULATE, d, element, "calculate")
        if element.get("constraint").strip() not in ("", "true()"):
            bind.constraint = self.bound(CONSTRAINT, d, element, "constraint")
        self.conditions(element, d, bind)

    def type(self, element: Element, d: NodeDef) -> None:
        kind = element.get("type").strip().rpartition(":")[2]
        if kind:
            kind = OTHER_NAMES.get(kind, kind)
            d.type = kind if kind in TYPES else "string"

    def conditions(self, element: Element, d: NodeDef, bind: Bind) -> None:
        """relevant, required, readonly: an expression, or constant."""
        attrs = element.attrs
        if "relevant" in attrs:
            constant = constant_of(attrs["relevant"]) if attrs["relevant"].strip() else True
            bind.relevant_never = constant is False
            bind.relevant = self.bound(RELEVANT, d, element, "relevant") if constant is None else None
        if "required" in attrs:
            constant = constant_of(attrs["required"])
            bind.required_always = constant is True
            bind.required = self.bound(REQUIRED, d, element, "required") if constant is None else None
        if "readonly" in attrs:
            constant = constant_of(attrs["readonly"])
            bind.readonly_always = constant is True
            bind.readonly = self.bound(READONLY, d, element, "readonly") if constant is None else None

    def bound(self, kind: str, d: NodeDef, element: Element, key: str) -> Binding:
        text = element.attrs[key]
        binding = Binding(kind, d, self.expressions.parse(text, element), text, self.primary.root)
        self.bindings.append(binding)
        return binding
