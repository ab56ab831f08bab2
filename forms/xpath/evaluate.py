"""One expression over any XML document: for authors, tests and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.errors import FormError
from forms.functions.values import EvaluationError, NodeSet, Value, to_boolean, to_number, to_string
from forms.xpath.compiler import Compiler, Place
from forms.xpath.document import read_document
from forms.xpath.focus import Focus
from forms.xpath.lookup import DataSource
from forms.xpath.parser import parse
from forms.xpath.tree import DataNode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forms.functions.context import EvaluationContext


class DocumentHost:
    """Answers an expression's questions about a plain document."""

    def __init__(self, document: DataNode, instances: Mapping[str, DataNode]) -> None:
        self._document = document
        self._sources = {name: DataSource(name, tree) for name, tree in instances.items()}

    def data_source(self, name: str) -> DataSource | None:
        """A secondary instance: one handed in, else the document's own `<instance id="…">`."""
        found = self._sources.get(name)
        if found is None:
            for node in _elements(self._document):
                if node.name == "instance" and any(
                    a.name == "id" and a.own == name for a in node.attrs or []
                ):
                    found = self._sources[name] = DataSource(name, node)
                    break
        return found

    def translate(self, text_id: str) -> str:
        raise EvaluationError("itext", f"a plain document has no texts, so not “{text_id}”")

    def choice_label(self, node: Any, path: str, value: str) -> str:
        return value

    def document(self) -> DataNode:
        return self._document


def _elements(document: DataNode) -> list[DataNode]:
    from forms.xpath.axes import descendant

    return [node for node in descendant(document) if node.xpath_kind == "element"]


def evaluate(
    expression: str,
    *,
    document: bytes | str = b"<data/>",
    context: str = "/",
    want: str | None = None,
    surroundings: EvaluationContext | None = None,
) -> Value:
    """The value of `expression` at the node `context` of the XML `document`.

    `want` converts the result ("string", "number", "boolean"). Raises FormError for an expression or document
    that cannot be read, EvaluationError for one that cannot be worked out.
    """
    from forms.instance.context import Context, Surroundings

    tree = read_document(document)
    around = surroundings if surroundings is not None else Surroundings(Context())
    focus = Focus([], DocumentHost(tree, {}), around, around.timezone)
    compiler = Compiler(None, None, strict=False)
    node: Any = tree
    if context not in ("", "/"):
        found = compiler.nodes(parse(context), Place(None, 0))(tree, focus)
        if not found:
            raise FormError("xpath.context", context, "the document has no such node", "Check the path")
        node = found[0]
    focus.current = node
    value = compiler.value(parse(expression), Place(None, 0))(node, focus)
    if want == "string":
        return to_string(value)
    if want == "number":
        return to_number(value, around.timezone)
    return to_boolean(value) if want == "boolean" else value


__all__ = ["NodeSet", "evaluate"]
