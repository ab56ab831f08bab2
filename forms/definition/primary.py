"""From the primary instance's XML to NodeDefs: repeats merged, templates found, scopes numbered."""

from __future__ import annotations

from forms.definition.model import ATTRIBUTE, GROUP, LEAF, REPEAT, NodeDef
from forms.errors import FormError
from forms.xml import Element

TEMPLATE = "jr:template"
MAX_NODES = 200_000


def local_path(path: str) -> str:
    """A path without prefixes, spaces and a closing slash: " /data/orx:meta " → "/data/meta"."""
    parts = [part.strip() for part in path.strip().split("/")]
    joined = "/".join(
        part.rpartition(":")[2] if not part.startswith("@") else "@" + part.rpartition(":")[2].lstrip("@")
        for part in parts
    )
    return joined.rstrip("/") or "/"


class Primary:
    """The definitions of the primary instance and the XML a new instance starts from."""

    def __init__(self, element: Element, repeats: set[str]) -> None:
        self.element = element
        self.repeats = repeats
        self.by_path: dict[str, NodeDef] = {}
        self.templates: dict[NodeDef, Element] = {}
        self.count = 0
        self.root = self.build(element)

    def build(self, element: Element) -> NodeDef:
        """Walks the XML with a stack; elements of one name under one parent share a definition."""
        root = NodeDef(element.name, GROUP, None)
        self.adopt(root, element)
        stack: list[tuple[NodeDef, Element]] = [(root, element)]
        while stack:
            node, source = stack.pop()
            below: list[tuple[NodeDef, Element]] = []
            seen: set[str] = set()
            for child in source.children:
                if isinstance(child, str):
                    continue
                definition = node.by_name.get(child.name)
                if definition is None:
                    definition = self.make(child, node)
                elif child.name in seen and definition.kind != REPEAT:
                    self.becomes_repeat(definition)
                seen.add(child.name)
                if definition.kind == REPEAT:
                    self.note_template(definition, child)
                below.append((definition, child))
            stack.extend(reversed(below))
        for definition in self.by_path.values():
            if definition.kind == GROUP and not definition.children and definition.parent is not None:
                definition.kind = LEAF
        return root

    def make(self, element: Element, parent: NodeDef) -> NodeDef:
        definition = NodeDef(element.name, GROUP, parent)
        parent.children.append(definition)
        parent.by_name[element.name] = definition
        if definition.path in self.repeats or TEMPLATE in element.attrs:
            definition.kind = REPEAT
        self.adopt(definition, element)
        return definition

    def adopt(self, definition: NodeDef, element: Element) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            raise FormError("form.size", "", f"the form has more than {MAX_NODES} nodes", "Split the form")
        definition.space, definition.prefix = element.space, element.prefix
        definition.extra = {k: v for k, v in element.attrs.items() if k != TEMPLATE}
        definition.default = _own_text(element)
        self.by_path[definition.path] = definition

    def becomes_repeat(self, definition: NodeDef) -> None:
        """A second element of one name means a repeat, even without one in the body."""
        definition.kind = REPEAT

    def note_template(self, definition: NodeDef, element: Element) -> None:
        """An explicit template wins, then the first instance."""
        known = self.templates.get(definition)
        if known is None or (TEMPLATE in element.attrs and TEMPLATE not in known.attrs):
            self.templates[definition] = element

    def attribute(self, owner: NodeDef, name: str) -> NodeDef:
        """The definition of an attribute that something is bound to."""
        key = "@" + name
        known = owner.by_name.get(key)
        if known is None:
            known = NodeDef(name, ATTRIBUTE, owner)
            known.default = owner.extra.get(name, "")
            owner.attributes.append(known)
            owner.by_name[key] = known
            self.by_path[known.path] = known
        return known

    def find(self, path: str) -> NodeDef | None:
        """The definition at a path as a bind or control writes it; makes attributes when they are asked for."""
        found = self.by_path.get(path.strip())
        if found is not None:
            return found
        local = local_path(path)
        found = self.by_path.get(local)
        if found is None and "/@" in local:
            owner = self.by_path.get(local.rpartition("/@")[0])
            name = local.rpartition("/@")[2]
            if owner is not None and name and name.replace("-", "_").replace(".", "_").isidentifier():
                return self.attribute(owner, name)
        return found

    def find_from_root(self, path: str) -> NodeDef | None:
        """The same; a relative path is one from the root."""
        found = self.find(path)
        if found is None and path and not path.startswith("/"):
            found = self.find(f"/{self.root.name}/{path}")
        return found

    def make_attributes(self, names: set[str]) -> None:
        """Attributes that expressions read become nodes; all others stay as they are written."""
        if not names:
            return
        for d in list(self.by_path.values()):
            for name in list(d.extra):
                if name in names or "*" in names:
                    self.attribute(d, name)

    def ensure_instance_id(self) -> None:
        """Every instance has meta/instanceID, also where the form's author left it out."""
        meta = self.root.by_name.get("meta")
        orx = ("http://openrosa.org/xforms", "orx")
        if meta is None:
            meta = NodeDef("meta", GROUP, self.root)
            meta.space, meta.prefix = orx
            self.root.children.append(meta)
            self.root.by_name["meta"] = meta
            self.by_path[meta.path] = meta
        elif meta.kind == LEAF:
            meta.kind = GROUP
        if meta.kind == GROUP and "instanceID" not in meta.by_name:
            node = NodeDef("instanceID", LEAF, meta)
            node.space, node.prefix = meta.space, meta.prefix
            meta.children.append(node)
            meta.by_name["instanceID"] = node
            self.by_path[node.path] = node

    def number(self) -> None:
        """Gives every definition its scope and slot, in document order."""
        order = 0
        stack: list[tuple[NodeDef, NodeDef]] = [(self.root, self.root)]
        while stack:
            node, scope = stack.pop()
            node.order = order
            order += 1
            node.scope = scope
            if node is not self.root:
                node.slot = scope.size
                scope.size += 1
            inner = node if node.kind == REPEAT else scope
            for attribute in node.attributes:
                attribute.scope, attribute.slot, attribute.order = inner, inner.size, order
                order += 1
                inner.size += 1
            stack.extend((child, inner) for child in reversed(node.children))


def _own_text(element: Element) -> str:
    children = element.children
    if not children:
        return ""
    if len(children) == 1 and isinstance(children[0], str):
        text = children[0]
        return text if not text.isspace() else ""
    return ""
