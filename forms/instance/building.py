"""Nodes out of XML: a new instance, a draft or a submission that is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.definition.model import LEAF, REPEAT, NodeDef
from forms.definition.primary import TEMPLATE
from forms.instance.node import Node, Range, RepeatInstance
from forms.xml import Element

if TYPE_CHECKING:
    from forms.instance.instance import Instance, Migration


class Builder:
    """Fills a group, or the instances of a repeat, from an element. With a `migration` it keeps what the form
    does not know and reports it."""

    def __init__(self, instance: Instance, migration: Migration | None = None, blank: bool = False) -> None:
        self.instance = instance
        self.migration = migration
        self.blank = blank

    def fill(self, node: Node, element: Element | None) -> None:
        """Makes all nodes below `node`."""
        stack: list[tuple[Node, Element | None]] = [(node, element)]
        while stack:
            group, source = stack.pop()
            self.attributes(group, source)
            stack.extend(self.children(group, source))

    def children(self, group: Node, source: Element | None) -> list[tuple[Node, Element | None]]:
        """The nodes directly below a group; returns those that have children themselves."""
        instance, scope = self.instance, group.scope
        elements: dict[str, list[Element]] = {}
        if source is not None:
            for child in source.children:
                if type(child) is Element:
                    found = elements.get(child.name)
                    if found is None:
                        elements[child.name] = [child]
                    else:
                        found.append(child)
        kids: list[Node] = []
        deeper: list[tuple[Node, Element | None]] = []
        for d in group.d.children:
            matching = elements.get(d.name)
            if d.kind == REPEAT:
                place = Range(d, instance, group, scope)
                scope[d.slot] = place
                kids.append(place)
                for element in matching or ():
                    if TEMPLATE not in element.attrs:
                        deeper.append((self.repeat_instance(place), element))
                continue
            node = Node(d, instance, group, scope)
            scope[d.slot] = node
            kids.append(node)
            if d.kind == LEAF:
                text = d.default if matching is None else leaf_text(matching[0])
                if text and not self.blank:
                    node.raw = text
                    if node.visible:
                        node.seen = text
                if d.attributes:
                    self.attributes(node, matching[0] if matching else None)
            else:
                deeper.append((node, matching[0] if matching else None))
            if matching is None and self.migration is not None and source is not None:
                self.migration.added.append(d.path)
        group.kids = kids
        if self.migration is not None:
            self.keep_unknown(group, elements)
        return deeper

    def repeat_instance(self, place: Range) -> RepeatInstance:
        """A new, still empty instance at the end of a range."""
        scope: list[Any] = [None] * place.d.size
        made = RepeatInstance(place.d, self.instance, place, scope)
        place.items.append(made)
        made.place = len(place.items)
        return made

    def attributes(self, node: Node, source: Element | None) -> None:
        for d in node.d.attributes:
            made = Node(d, self.instance, node, node.scope)
            node.scope[d.slot] = made
            made.raw = source.attrs.get(d.name, d.default) if source is not None else d.default
            made.seen = made.raw if made.visible else ""

    def keep_unknown(self, group: Node, elements: dict[str, list[Element]]) -> None:
        known = group.d.by_name
        for name, several in elements.items():
            if name in known:
                continue
            for element in several:
                if TEMPLATE in element.attrs:
                    continue
                if name == "deprecatedID" and group.d.path.count("/") == 2 and group.name == "meta":
                    self.instance.deprecated_id = leaf_text(element)
                    continue
                self.instance.unknown.setdefault(group, []).append(element)
                if self.migration is not None:
                    self.migration.unknown.append(f"{group.ref}/{name}")


def leaf_text(element: Element) -> str:
    """The text of a leaf's element; white space between tags is not an answer."""
    children = element.children
    if not children:
        return ""
    text = children[0] if len(children) == 1 and isinstance(children[0], str) else element.text
    return "" if text.isspace() else text


def template_of(instance: Instance, d: NodeDef) -> Element | None:
    return instance.form.templates.get(d)
