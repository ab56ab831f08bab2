"""An instance as XML, as ODK Collect would write it. Spec: https://getodk.github.io/xforms-spec/#structure"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.definition.model import LEAF
from forms.instance.node import Node, Range
from forms.xml import CANONICAL, Element

if TYPE_CHECKING:
    from forms.instance.instance import Instance

JR, ORX = CANONICAL["jr"], CANONICAL["orx"]
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


def write(instance: Instance, prune: bool) -> bytes:
    """UTF-8 XML. With `prune` what is not relevant is left out."""
    writer = Writer(instance, prune)
    writer.element(instance.root)
    return ('<?xml version="1.0" encoding="UTF-8"?>' + "".join(writer.parts)).encode()


def clean(text: str) -> str:
    """Without the characters XML cannot hold."""
    if text.isprintable():
        return text
    return "".join(filter(allowed, text))


def allowed(character: str) -> bool:
    """Whether XML 1.0 can hold a character."""
    if character < " ":
        return character in "\t\n\r"
    return not ("\ud800" <= character <= "\udfff" or character in "\ufffe\uffff")


class Writer:
    """Collects the parts of the document."""

    def __init__(self, instance: Instance, prune: bool) -> None:
        self.instance = instance
        self.prune = prune
        self.parts: list[str] = []
        self.spaces = {**instance.namespaces}
        for prefix, uri in instance.form.namespaces.items():
            if prefix and prefix not in ("h", "ev", "xsd"):
                self.spaces.setdefault(prefix, uri)
        self.spaces.setdefault("orx", ORX)
        self.prefixes = {uri: prefix for prefix, uri in self.spaces.items() if prefix}

    def element(self, node: Node) -> None:
        """One node with everything below it; depth is bounded by the form's."""
        if self.prune and not node.visible:
            return
        name = self.name(node)
        head = f"<{name}{self.attributes(node)}"
        unknown = self.instance.unknown.get(node, ())
        if node.d.kind == LEAF and not unknown:
            text = node.raw
            self.parts.append(f"{head}>{clean(text).translate(_TEXT)}</{name}>" if text else f"{head}/>")
            return
        self.parts.append(f"{head}>")
        for kid in node.kids:
            if isinstance(kid, Range):
                for item in kid.items:
                    self.element(item)
            else:
                self.element(kid)
        if node.d.path.count("/") == 2 and node.name == "meta" and self.instance.deprecated_id:
            prefix = name.rpartition(":")[0]
            tag = f"{prefix}:deprecatedID" if prefix else "deprecatedID"
            self.parts.append(f"<{tag}>{self.instance.deprecated_id.translate(_TEXT)}</{tag}>")
        for element in unknown:
            self.foreign(element)
        self.parts.append(f"</{name}>")

    def name(self, node: Node) -> str:
        d = node.d
        if d.space and (d.prefix or d.space != self.instance.form.root.space):
            prefix = self.prefixes.get(d.space)
            return f"{prefix}:{d.name}" if prefix else d.name
        return d.name

    def attributes(self, node: Node) -> str:
        given = dict(node.d.extra)
        if node.d.attributes:
            for d in node.d.attributes:
                given[d.name] = node.scope[d.slot].raw
        found = ""
        if node.parent is None:
            for prefix, uri in sorted(self.spaces.items()):
                if prefix:
                    found += f' xmlns:{prefix}="{uri.translate(_ATTRIBUTE)}"'
            if node.d.space and not node.d.prefix and node.d.space != "http://www.w3.org/2002/xforms":
                found += f' xmlns="{node.d.space.translate(_ATTRIBUTE)}"'
            given.pop("id", None)
            given.pop("version", None)
            found += f' id="{self.instance.form.form_id.translate(_ATTRIBUTE)}"'
            if self.instance.form.version:
                found += f' version="{self.instance.form.version.translate(_ATTRIBUTE)}"'
        for key, value in given.items():
            prefix = key.partition(":")[0] if ":" in key else ""
            if prefix and prefix not in self.spaces and prefix != "xml":
                continue
            found += f' {key}="{clean(value).translate(_ATTRIBUTE)}"'
        return found

    def foreign(self, element: Element) -> None:
        """An element the form does not know, as it came."""
        prefix = self.prefixes.get(element.space, "") if element.prefix else ""
        name = f"{prefix}:{element.name}" if prefix else element.name
        attributes = "".join(
            f' {key}="{clean(value).translate(_ATTRIBUTE)}"'
            for key, value in element.attrs.items()
            if ":" not in key or key.partition(":")[0] in self.spaces
        )
        self.parts.append(f"<{name}{attributes}>")
        for child in element.children:
            if isinstance(child, str):
                self.parts.append(clean(child).translate(_TEXT))
            else:
                self.foreign(child)
        self.parts.append(f"</{name}>")
