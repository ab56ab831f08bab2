"""Any XML document as a read-only tree, with its texts, comments and processing instructions."""

from __future__ import annotations

from forms.errors import FormError
from forms.xml import MAX_BYTES, as_bytes, split_name
from forms.xpath.tree import COMMENT, DOCUMENT, ELEMENT, INSTRUCTION, TEXT, DataNode, attribute_nodes


def read_document(source: bytes | str) -> DataNode:
    """Any XML document with its texts, comments and processing instructions, for `evaluate`."""
    from pyexpat import ExpatError, ParserCreate

    data = as_bytes(source, "the document", MAX_BYTES)
    document = DataNode(DOCUMENT, "")
    document._kids = []
    stack = [document]
    parser = ParserCreate(namespace_separator=" ")
    parser.namespace_prefixes = True
    parser.buffer_text = True

    def put(kind: str, name: str, own: str) -> DataNode:
        node = DataNode(kind, name, stack[-1], own)
        kids = stack[-1]._kids
        if kids is not None:
            kids.append(node)
        return node

    def start(raw: str, attributes: dict[str, str]) -> None:
        local, space, prefix = split_name(raw)
        node = put(ELEMENT, local, "")
        node.space, node.prefix = space, prefix
        node._kids = []
        node.attrs = attribute_nodes(node, attributes)
        stack.append(node)
        if len(stack) > 400:
            raise FormError("xml.depth", "", "the document nests too deep", "Use a flatter document")

    def doctype(name: str, system: str | None, public: str | None, internal: bool) -> None:
        if internal:
            raise FormError("xml.doctype", "", "the document declares entities", "Remove <!DOCTYPE …>")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda raw: stack.pop()
    parser.CharacterDataHandler = lambda text: put(TEXT, "", text)
    parser.CommentHandler = lambda text: put(COMMENT, "", text)
    parser.ProcessingInstructionHandler = lambda target, text: put(INSTRUCTION, target, text)
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (ExpatError, UnicodeError, LookupError, ValueError) as problem:
        raise FormError(
            "xml.malformed", "", f"the document is not well-formed ({problem})", "Mend it"
        ) from None
    return document
