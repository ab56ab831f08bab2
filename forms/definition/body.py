"""Controls: what the body says about presenting a node. Spec: https://getodk.github.io/xforms-spec/#body-elements"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from forms.definition.actions import NAMES
from forms.definition.text import Text, read_text
from forms.errors import FormError, shorten
from forms.xml import Element

if TYPE_CHECKING:
    from forms.definition.actions import Action
    from forms.definition.binding import Binding
    from forms.definition.model import NodeDef
    from forms.xpath.ast import Expr

CONTROLS = frozenset(
    ["input", "select1", "select", "rank", "range", "trigger", "upload", "secret", "textarea"]
)
SELECTS = frozenset(["select1", "select", "rank"])
_KNOWN = frozenset(["ref", "bind", "nodeset", "appearance"])
Parse = Callable[[str, Element], "Expr"]


def resolve(base: str, ref: str) -> str:
    """A relative reference made absolute, by text: "../x" at /data/g/y → /data/g/x."""
    parts = base.split("/")
    for part in ref.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in (".", "", "current()"):
            parts.append(part)
    return "/".join(parts)


class Item:
    """One choice written in the body."""

    __slots__ = ("label", "value")

    def __init__(self, value: str, label: Text | None) -> None:
        self.value = value
        self.label = label


class Itemset:
    """Choices taken from a secondary instance or a repeat. `randomize` is part of the nodeset expression."""

    __slots__ = ("binding", "label", "label_expr", "label_is_itext", "nodeset", "value")

    def __init__(self, nodeset: str, value: str, label: str, label_is_itext: bool) -> None:
        self.nodeset = nodeset
        self.value = value
        self.label = label
        self.label_is_itext = label_is_itext
        self.binding: Binding | None = None


class Control:
    """One form control, group or repeat, in body order."""

    __slots__ = (
        "actions",
        "appearance",
        "attributes",
        "count",
        "hint",
        "items",
        "itemset",
        "kind",
        "label",
        "line",
        "node",
        "order",
        "ref",
        "search",
    )

    def __init__(self, kind: str, ref: str, order: int, line: int) -> None:
        self.kind = kind
        self.ref = ref
        self.order = order
        self.line = line
        self.appearance = ""
        self.attributes: dict[str, str] = {}
        self.label: Text | None = None
        self.hint: Text | None = None
        self.items: list[Item] = []
        self.itemset: Itemset | None = None
        self.search: Binding | None = None
        self.count = ""
        self.node: NodeDef | None = None
        self.actions: list[Action] = []


class Body:
    """All controls, and the actions found between them."""

    def __init__(self) -> None:
        self.controls: list[Control] = []
        self.actions: list[tuple[Element, Control | None, Control | None]] = []
        self.appearance = ""


class BodyReader:
    """Reads the body without recursion deeper than the document, which the XML reader bounds."""

    def __init__(self, parse: Parse, binds: dict[str, str]) -> None:
        self.parse = parse
        self.binds = binds
        self.body = Body()
        self.order = 0

    def read(self, body: Element) -> Body:
        self.body.appearance = body.get("class")
        self.inside(body, None, None)
        return self.body

    def inside(self, element: Element, group: Control | None, repeat: Control | None) -> None:
        """Everything directly inside a group, repeat or the body."""
        for child in element.elements:
            name = child.name
            if name in CONTROLS:
                self.control(child, repeat, group)
            elif name == "group":
                self.group(child, repeat, group)
            elif name == "repeat":
                self.repeat(child, group)
            elif name in NAMES:
                self.body.actions.append((child, None, repeat))

    def reference(self, element: Element, around: Control | None, *keys: str) -> str:
        """The path a control is about, made absolute by the group or repeat around it."""
        for key in keys:
            ref = element.get(key).strip()
            if ref:
                return ref if ref.startswith("/") or around is None else resolve(around.ref, ref)
        bind = element.get("bind").strip()
        if bind and bind not in self.binds:
            raise FormError(
                "body.unknown_bind",
                f"line {element.line}",
                f"there is no bind with id “{shorten(bind)}”",
                "Use ref with the path of the node",
            )
        return self.binds.get(bind, "")

    def make(self, element: Element, kind: str, ref: str) -> Control:
        control = Control(kind, ref, self.order, element.line)
        self.order += 1
        control.appearance = " ".join(element.get("appearance").split())
        control.attributes = {k: v for k, v in element.attrs.items() if k not in _KNOWN}
        label, hint = element.first("label"), element.first("hint")
        control.label = read_text(label, self.parse) if label is not None else None
        control.hint = read_text(hint, self.parse) if hint is not None else None
        self.body.controls.append(control)
        return control

    def control(self, element: Element, repeat: Control | None, group: Control | None) -> None:
        kind = "input" if element.name == "textarea" else element.name
        ref = self.reference(element, group, "ref", "nodeset")
        if not ref:
            raise FormError(
                "body.no_ref",
                f"line {element.line}",
                f"a <{element.name}> without ref",
                "Give it the path of the node it fills in",
            )
        control = self.make(element, kind, ref)
        if kind in SELECTS:
            self.choices(element, control)
        for child in element.elements:
            if child.name in NAMES:
                self.body.actions.append((child, control, repeat))

    def group(self, element: Element, repeat: Control | None, group: Control | None) -> None:
        ref = self.reference(element, group, "ref", "nodeset")
        inner = element.first("repeat")
        if inner is not None and (not ref or ref == self.reference(inner, group, "nodeset", "ref")):
            others = [c for c in element.elements if c.name not in ("label", "hint", "repeat", "extra")]
            if not others:
                self.repeat(inner, group, element)
                return
        control = self.make(element, "group", ref) if ref else None
        self.inside(element, control or group, repeat)

    def repeat(self, element: Element, group: Control | None, around: Element | None = None) -> None:
        ref = self.reference(element, group, "nodeset", "ref")
        if not ref:
            raise FormError(
                "body.no_ref",
                f"line {element.line}",
                "a <repeat> without nodeset",
                "Give it the path of the repeated node",
            )
        control = self.make(element, "repeat", ref)
        control.count = element.get("jr:count").strip()
        if around is not None:
            label = around.first("label")
            if label is not None and control.label is None:
                control.label = read_text(label, self.parse)
            control.appearance = " ".join(f"{around.get('appearance')} {control.appearance}".split())
        self.inside(element, control, control)

    def choices(self, element: Element, control: Control) -> None:
        for child in element.elements:
            if child.name == "item":
                label, value = child.first("label"), child.first("value")
                text = read_text(label, self.parse) if label is not None else None
                control.items.append(Item((value.text if value is not None else "").strip(), text))
            elif child.name == "itemset":
                control.itemset = self.itemset(child)

    def itemset(self, element: Element) -> Itemset:
        value, label = element.first("value"), element.first("label")
        nodeset = element.get("nodeset").strip()
        if not nodeset or value is None:
            raise FormError(
                "body.itemset",
                f"line {element.line}",
                "an <itemset> without nodeset or value",
                "Give it nodeset, <value ref> and <label ref>",
            )
        shown = label.get("ref").strip() if label is not None else ""
        translated = shown.startswith("jr:itext(") and shown.endswith(")")
        if translated:
            shown = shown[len("jr:itext(") : -1].strip()
        return Itemset(nodeset, value.get("ref").strip(), shown, translated)
