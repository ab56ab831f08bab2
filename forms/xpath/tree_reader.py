"""Builds read-only trees from what the XML reader hands over, and tables from rows."""

from __future__ import annotations

from forms.xml import Handlers, split_name
from forms.xpath.tree import DOCUMENT, ELEMENT, DataNode, Rows, Shape, attribute_nodes, leaf

LightRow = tuple[Shape, tuple[str, ...]]
Child = str | DataNode | LightRow


class _Frame:
    __slots__ = ("attributes", "names", "raw", "values")

    def __init__(self, raw: str, attributes: dict[str, str]) -> None:
        self.raw = raw
        self.attributes = attributes
        self.names: list[str] = []
        self.values: list[Child] = []


class DataReader(Handlers):
    """Builds the tree of one secondary instance from expat's events, rows as plain tuples."""

    def __init__(self) -> None:
        self.frames = [_Frame("", {})]
        self.leaf: str | None = None
        self.attributes: dict[str, str] = {}
        self.text = ""
        self.shapes: dict[tuple[str, ...], Shape] = {}
        self.locals: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.leaf is not None:
            self.frames.append(_Frame(self.leaf, self.attributes))
        self.leaf = name
        self.attributes = attributes
        self.text = ""

    def data(self, text: str) -> None:
        if self.leaf is not None:
            self.text += text

    def end(self, name: str) -> None:
        if self.leaf is not None:
            self.leaf = None
            frame = self.frames[-1]
            frame.names.append(name)
            if self.attributes:
                node = leaf(self._local(name), self.text)
                node.attrs = attribute_nodes(node, self.attributes)
                frame.values.append(node)
            else:
                frame.values.append(self.text)
            return
        frame = self.frames.pop()
        parent = self.frames[-1]
        parent.names.append(frame.raw)
        parent.values.append(self._close(frame))

    def finish(self, node: DataNode | None = None) -> DataNode:
        """The document node over everything read, or `node` with everything read below it."""
        made = node if node is not None else DataNode(DOCUMENT, "")
        self._fill(made, self.frames[0])
        return made

    def _local(self, raw: str) -> str:
        known = self.locals.get(raw)
        if known is None:
            known = self.locals[raw] = split_name(raw)[0]
        return known

    def _close(self, frame: _Frame) -> Child:
        if not frame.attributes and set(map(type, frame.values)) == {str}:
            shape = self._shape(frame.names)
            if len(shape) == len(frame.names):
                return shape, tuple(frame.values)  # type: ignore[arg-type]
        node = DataNode(ELEMENT, self._local(frame.raw))
        if frame.attributes:
            node.attrs = attribute_nodes(node, frame.attributes)
        self._fill(node, frame)
        return node

    def _shape(self, raws: list[str]) -> Shape:
        names = tuple(raws)
        shape = self.shapes.get(names)
        if shape is None:
            shape = self.shapes[names] = {self._local(raw): index for index, raw in enumerate(names)}
        return shape

    def _fill(self, node: DataNode, frame: _Frame) -> None:
        """Puts children below a node in the lightest form they allow."""
        names, values = frame.names, frame.values
        kinds = set(map(type, values))
        if kinds == {tuple} and len(set(names)) == 1:
            rows: list[LightRow] = values  # type: ignore[assignment]
            shape = rows[0][0]
            if all(row[0] is shape for row in rows):
                node.rows = Rows(node, self._local(names[0]), shape, [row[1] for row in rows])
                return
        if kinds == {str}:
            shape = self._shape(names)
            if len(shape) == len(names):
                node.shape = shape
                node.values = values  # type: ignore[assignment]
                return
        node.adopt([self._node(name, value) for name, value in zip(names, values, strict=True)])

    def _node(self, raw: str, value: Child) -> DataNode:
        if isinstance(value, DataNode):
            return value
        name = self._local(raw)
        if isinstance(value, str):
            return leaf(name, value)
        node = DataNode(ELEMENT, name)
        node.shape, node.values = value
        return node


def table(shape: Shape, cells: list[tuple[str, ...]], root: str = "root", item: str = "item") -> DataNode:
    """A document with one element a row, as ODK presents CSV files and entity lists."""
    document = DataNode(DOCUMENT, "")
    top = DataNode(ELEMENT, root)
    document.adopt([top])
    top.rows = Rows(top, item, shape, cells)
    return document
