"""Read-only trees that expressions walk: secondary instances, and any document an author hands in.

A list of 50,000 choices becomes rows that share one shape (column name → index); the elements below a row
are made only when an expression really walks there.
"""

from __future__ import annotations

from collections.abc import Sequence

from forms.xml import Element, split_name

ELEMENT, TEXT, ATTRIBUTE, COMMENT, INSTRUCTION, DOCUMENT = (
    "element",
    "text",
    "attribute",
    "comment",
    "pi",
    "document",
)
Shape = dict[str, int]


class DataNode:
    """A node of a read-only tree. `shape` and `values` hold the children of a plain row as texts."""

    __slots__ = (
        "_kids",
        "attrs",
        "name",
        "own",
        "parent",
        "prefix",
        "rows",
        "shape",
        "space",
        "values",
        "xpath_kind",
    )

    def __init__(self, kind: str, name: str, parent: DataNode | None = None, own: str = "") -> None:
        self.xpath_kind = kind
        self.name = name
        self.parent = parent
        self.own = own
        self.space = ""
        self.prefix = ""
        self.attrs: list[DataNode] | None = None
        self.shape: Shape | None = None
        self.values: Sequence[str] | None = None
        self.rows: Rows | None = None
        self._kids: list[DataNode] | None = None

    @property
    def kids(self) -> list[DataNode]:
        """Children in document order."""
        kids = self._kids
        if kids is None and self.rows is not None:
            kids = self._kids = [self.rows.node(index) for index in range(len(self.rows.cells))]
        if kids is None:
            kids = []
            if self.shape is not None and self.values is not None:
                for name, value in zip(self.shape, self.values, strict=True):
                    kids.append(leaf(name, value, self))
            elif self.own and self.xpath_kind == ELEMENT:
                kids.append(DataNode(TEXT, "", self, self.own))
            self._kids = kids
        return kids

    def adopt(self, kids: list[DataNode]) -> None:
        """Makes `kids` the children."""
        self._kids = kids
        for kid in kids:
            kid.parent = self

    def field(self, name: str) -> str:
        """The text of the first child element of that name; "" where there is none."""
        shape = self.shape
        if shape is not None:
            index = shape.get(name)
            if index is None:
                return self.attribute(name[1:]) if name.startswith("@") else ""
            return self.values[index]  # type: ignore[index]
        for kid in self.kids:
            if kid.name == name and kid.xpath_kind == ELEMENT:
                return kid.text
        return self.attribute(name[1:]) if name.startswith("@") else ""

    def attribute(self, name: str) -> str:
        """The text of the attribute of that name; "" where there is none."""
        return next((a.own for a in self.attrs or () if a.name == name), "")

    def has(self, name: str) -> bool:
        """Whether there is a child element of that name."""
        if self.shape is not None:
            return name in self.shape
        return any(kid.name == name and kid.xpath_kind == ELEMENT for kid in self.kids)

    @property
    def text(self) -> str:
        """XPath's string-value."""
        if self.values is not None:
            return "".join(self.values)
        if self.rows is not None:
            return "".join("".join(cells) for cells in self.rows.cells)
        if self._kids is None or self.xpath_kind not in (ELEMENT, DOCUMENT):
            return self.own
        return "".join(text_parts(self))

    @property
    def path(self) -> str:
        """Where it stands: "/html[1]/body[1]/@id", "/" for the document."""
        parts: list[str] = []
        node: DataNode | None = self
        while node is not None and node.parent is not None:
            name = f"{node.prefix}:{node.name}" if node.prefix else node.name
            if node.xpath_kind == ATTRIBUTE:
                parts.append("@" + name)
            else:
                label = {TEXT: "text()", COMMENT: "comment()", INSTRUCTION: "processing-instruction()"}.get(
                    node.xpath_kind, name
                )
                alike = [
                    k
                    for k in node.parent.kids
                    if k.xpath_kind == node.xpath_kind and (node.xpath_kind != ELEMENT or k.name == node.name)
                ]
                parts.append(f"{label}[{next(i for i, k in enumerate(alike, 1) if k is node)}]")
            node = node.parent
        return "/" + "/".join(reversed(parts))

    def xpath_parent(self) -> DataNode | None:
        return self.parent

    def xpath_children(self) -> list[DataNode]:
        return self.kids

    def xpath_attributes(self) -> list[DataNode]:
        return self.attrs or []


class Rows:
    """The plain rows below one element: texts until somebody walks there. A list of 50,000 choices is then
    50,000 tuples, of which only those chosen by a filter ever become nodes."""

    __slots__ = ("cells", "item", "made", "parent", "shape")

    def __init__(self, parent: DataNode, item: str, shape: Shape, cells: list[tuple[str, ...]]) -> None:
        self.parent = parent
        self.item = item
        self.shape = shape
        self.cells = cells
        self.made: dict[int, DataNode] = {}

    def node(self, index: int) -> DataNode:
        """The row as a node; always the same one."""
        node = self.made.get(index)
        if node is None:
            node = self.made[index] = DataNode(ELEMENT, self.item, self.parent)
            node.shape = self.shape
            node.values = self.cells[index]
        return node


def leaf(name: str, text: str, parent: DataNode | None = None) -> DataNode:
    """An element that holds only text."""
    return DataNode(ELEMENT, name, parent, text)


def text_parts(node: DataNode) -> list[str]:
    """The texts below `node` in document order, without recursion."""
    parts: list[str] = []
    stack = [node]
    while stack:
        top = stack.pop()
        if top.rows is not None:
            parts.append(top.text)
        elif top.xpath_kind in (ELEMENT, DOCUMENT) and top._kids is not None:
            stack.extend(reversed(top._kids))
        elif top.values is not None:
            parts.extend(top.values)
        elif top.xpath_kind in (ELEMENT, TEXT):
            parts.append(top.own)
    return parts


def attribute_nodes(owner: DataNode, attributes: dict[str, str]) -> list[DataNode]:
    """Attribute nodes for expat's attribute names."""
    made = []
    for raw, value in attributes.items():
        local, space, prefix = split_name(raw)
        node = DataNode(ATTRIBUTE, local, owner, value)
        node.space, node.prefix = space, prefix
        made.append(node)
    return made


def from_element(element: Element) -> DataNode:
    """A document over an already read element."""
    document = DataNode(DOCUMENT, "")
    document.adopt([_element_node(element)])
    return document


def _element_node(element: Element) -> DataNode:
    node = DataNode(ELEMENT, element.name)
    node.space, node.prefix = element.space, element.prefix
    node.attrs = [
        DataNode(ATTRIBUTE, key.rpartition(":")[2], node, value) for key, value in element.attrs.items()
    ]
    node.adopt(
        [
            _element_node(c) if isinstance(c, Element) else DataNode(TEXT, "", None, c)
            for c in element.children
        ]
    )
    return node
