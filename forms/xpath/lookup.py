"""Secondary instances as expressions see them: a document, and dictionaries for equality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.functions.values import text_number
from forms.xpath.tree import DataNode, Rows

if TYPE_CHECKING:
    from datetime import tzinfo

Names = tuple[str, ...]


class DataSource:
    """One secondary instance. Indexes are made when first asked for and kept."""

    __slots__ = ("_items", "_numbers", "_texts", "document", "name")

    def __init__(self, name: str, document: DataNode) -> None:
        self.name = name
        self.document = document
        self._items: dict[Names, list[DataNode]] = {}
        self._texts: dict[tuple[Names, str], dict[str, list[Any]]] = {}
        self._numbers: dict[tuple[Names, str], dict[float, list[DataNode]]] = {}

    def items(self, names: Names) -> list[DataNode]:
        """The elements that the child steps `names` lead to."""
        found = self._items.get(names)
        if found is None:
            found = [self.document]
            for name in names:
                if len(found) == 1:
                    found = [kid for kid in found[0].kids if kid.name == name and kid.xpath_kind == "element"]
                else:
                    found = [
                        k for node in found for k in node.kids if k.name == name and k.xpath_kind == "element"
                    ]
            self._items[names] = found
        return found

    def equal_text(self, names: Names, field: str, value: str) -> list[DataNode]:
        """The items whose child `field` has exactly that text, in document order."""
        index = self._texts.get((names, field))
        if index is None:
            index = self._texts[names, field] = self._index(names, field)
        found = index.get(value, [])
        rows = self._rows(names)
        return found if rows is None else [rows.node(at) for at in found]

    def _rows(self, names: Names) -> Rows | None:
        """The plain rows a path leads to, where it leads to nothing else."""
        if not names:
            return None
        above = self.items(names[:-1])
        rows = above[0].rows if len(above) == 1 else None
        return rows if rows is not None and rows.item == names[-1] else None

    def _index(self, names: Names, field: str) -> dict[str, list[Any]]:
        """Text of `field` → the numbers of plain rows, or the nodes."""
        index: dict[str, list[Any]] = {}
        rows = self._rows(names)
        if rows is None:
            for item in self.items(names):
                index.setdefault(item.field(field), []).append(item)
            return index
        column = rows.shape.get(field)
        if column is None:
            return {"": list(range(len(rows.cells)))}
        for at, cells in enumerate(rows.cells):
            text = cells[column]
            if text in index:
                index[text].append(at)
            else:
                index[text] = [at]
        return index

    def equal_number(self, names: Names, field: str, value: float, zone: tzinfo | None) -> list[DataNode]:
        """The items whose child `field` is that number."""
        index = self._numbers.get((names, field))
        if index is None:
            index = {}
            for item in self.items(names):
                number = text_number(item.field(field), zone)
                if number == number:
                    index.setdefault(number, []).append(item)
            self._numbers[names, field] = index
        return index.get(value, [])
