"""Choices of a select: written in the body, taken from a list under a filter, or found by search()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.instance.problems import PROBLEMS
from forms.xpath.ast import Call
from forms.xpath.compiler import Compiler

if TYPE_CHECKING:
    from collections.abc import Callable

    from forms.definition.body import Control, Item
    from forms.instance.instance import Instance
    from forms.instance.node import Node


class Choice:
    """`value` is what is stored; `label` and `media` are worked out when asked for, in the current language."""

    __slots__ = ("_label", "_media", "node", "value")

    def __init__(
        self, value: str, label: Callable[[], str], media: Callable[[], dict[str, str]], node: Any
    ) -> None:
        self.value = value
        self._label = label
        self._media = media
        self.node = node

    @property
    def label(self) -> str:
        return self._label()

    @property
    def media(self) -> dict[str, str]:
        return self._media()

    def __repr__(self) -> str:
        return f"Choice({self.value!r}, {self.label!r})"


class ItemsetChoice(Choice):
    """A choice out of a list; `node` is its row."""

    __slots__ = ("_choices", "_select")

    def __init__(self, value: str, node: Any, choices: Choices, select: Node) -> None:
        self.value = value
        self.node = node
        self._choices = choices
        self._select = select

    @property
    def label(self) -> str:
        try:
            return self._choices.row_label(self._select, self.node)
        except PROBLEMS as problem:
            self._select.problem = str(problem)
            return ""

    @property
    def media(self) -> dict[str, str]:
        return self._choices.row_media(self._select, self.node)


class Choices:
    """Keeps the choices of each select until something they depend on changes."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.kept: dict[Node, list[Choice]] = {}
        self.named: dict[Node, dict[str, Choice]] = {}
        self.readers: dict[Control, tuple[Any, Any]] = {}

    def of(self, node: Node) -> list[Choice]:
        kept = self.kept.get(node)
        if kept is None:
            kept = self.kept[node] = self.make(node)
        return kept

    def by_value(self, node: Node) -> dict[str, Choice]:
        """The same by value; the first of equal ones."""
        named = self.named.get(node)
        if named is None:
            named = self.named[node] = {}
            for choice in self.of(node):
                named.setdefault(choice.value, choice)
        return named

    def drop(self, node: Node) -> None:
        self.kept.pop(node, None)
        self.named.pop(node, None)

    def drop_all(self) -> None:
        self.kept.clear()
        self.named.clear()

    def make(self, node: Node) -> list[Choice]:
        control = node.d.control
        if control is None:
            return []
        try:
            if control.search is not None:
                return self.searched(node, control)
            if control.itemset is not None:
                return self.listed(node, control)
        except PROBLEMS as problem:
            node.problem = str(problem)
            return []
        return [self.written(node, item) for item in control.items]

    def written(self, node: Node, item: Item) -> Choice:
        texts, label = self.instance.texts, item.label
        if label is None:
            return Choice(item.value, lambda: "", dict, None)
        return Choice(
            item.value,
            lambda: texts.render(label, node),
            lambda: texts.media_of(texts.forms(label, node), node),
            None,
        )

    def listed(self, node: Node, control: Control) -> list[Choice]:
        itemset = control.itemset
        if itemset is None or itemset.binding is None:
            return []
        rows = itemset.binding.compiled(node, self.instance.focus)
        value = self.reader(control)[0]
        return [ItemsetChoice(value(row), row, self, node) for row in rows]

    def reader(self, control: Control) -> tuple[Callable[[Any], str], Callable[[Any], str]]:
        """How to read value and label out of a row."""
        made = self.readers.get(control)
        if made is None:
            itemset = control.itemset
            value = self.getter(itemset.value) if itemset is not None else str
            label = self.getter(itemset.label) if itemset is not None else str
            made = self.readers[control] = (value, label)
        return made

    def getter(self, ref: str) -> Callable[[Any], str]:
        """Reads one relative path at a row: a column by name, anything else as an expression."""
        from forms.xpath.parser import parse
        from forms.xpath.tree import DataNode

        if not ref:
            return lambda row: ""
        compiler = Compiler(None, None, strict=False)
        compiled = compiler.string(parse(ref), compiler.top)
        focus = self.instance.focus
        if not ref.replace("_", "").replace("-", "").isalnum():
            return lambda row: compiled(row, focus)

        def get(row: Any) -> str:
            if type(row) is DataNode and row.shape is not None:
                index = row.shape.get(ref)
                return row.values[index] if index is not None else ""  # type: ignore[index]
            return compiled(row, focus)

        return get

    def row_label(self, node: Node, row: Any) -> str:
        control = node.d.control
        if control is None or control.itemset is None:
            return self.searched_label(node, row)
        text = self.reader(control)[1](row)
        if not control.itemset.label_is_itext:
            return text
        texts = self.instance.texts
        forms = texts.by_id(text, node)
        return next((texts.put(forms[f], node) for f in ("", "long", "short") if f in forms), "")

    def row_media(self, node: Node, row: Any) -> dict[str, str]:
        control = node.d.control
        texts = self.instance.texts
        if control is not None and control.itemset is not None and control.itemset.label_is_itext:
            return texts.media_of(texts.by_id(self.reader(control)[1](row), node), node)
        return {
            form: found for form in ("image", "audio", "video", "big-image") if (found := field(row, form))
        }

    def label_for(self, node: Node, value: str) -> str:
        """The label of the choice with that value; "" where there is none."""
        choice = self.by_value(node).get(value)
        return choice.label if choice is not None else ""

    # -- search()

    def searched(self, node: Node, control: Control) -> list[Choice]:
        """search('file'[, 'contains|matches|startswith|endswith', column, text[, column, text]]): rows of a CSV;
        the select's own items name the columns of value and label."""
        search = control.search
        if search is None or not isinstance(search.expr, Call):
            return []
        compiler = Compiler(self.instance.form.root, node.d)
        args = [compiler.string(arg, compiler.top)(node, self.instance.focus) for arg in search.expr.args]
        source = self.instance.data_source(args[0]) or self.instance.data_source(args[0].removesuffix(".csv"))
        rows = source.items(("root", "item")) if source is not None else []
        if len(args) >= 4:
            rows = [row for row in rows if matches(args[1], row.field(args[2]), args[3])]
        if len(args) >= 6:
            rows = [row for row in rows if row.field(args[4]) == args[5]]
        if source is None:
            return [self.written(node, item) for item in control.items]
        found: list[Choice] = []
        for item in control.items:
            if not any(row.has(item.value) for row in rows[:1]) and rows:
                found.append(self.written(node, item))
                continue
            label = item.label
            columns = [
                c.strip() for c in (self.instance.texts.render(label, node) if label else "").split(",")
            ]
            for row in rows:
                text = ", ".join(row.field(column) for column in columns)
                found.append(Choice(row.field(item.value), _always(text), dict, row))
        return found

    def searched_label(self, node: Node, row: Any) -> str:
        return field(row, "label")


def _always(text: str) -> Callable[[], str]:
    return lambda: text


def matches(how: str, text: str, wanted: str) -> bool:
    text, wanted = text.lower(), wanted.lower()
    if how == "startswith":
        return text.startswith(wanted)
    if how == "endswith":
        return text.endswith(wanted)
    return text == wanted if how == "matches" else wanted in text


def field(row: Any, name: str) -> str:
    get = getattr(row, "field", None)
    return str(get(name)) if get is not None else ""
