"""The XML of a form taken apart: the document, its namespaces, the data of its secondary instances."""

from __future__ import annotations

from forms.errors import FormError, shorten
from forms.xml import Element, Reader, as_bytes
from forms.xpath.tree import DataNode
from forms.xpath.tree_reader import DataReader

INSTANCE_DEPTH = 4


class FormDocument:
    """`html` without the contents of secondary instances, which are in `data` in their order."""

    __slots__ = ("data", "html", "namespaces")

    def __init__(
        self, html: Element, namespaces: dict[str, str], data: list[tuple[Element, DataNode]]
    ) -> None:
        self.html = html
        self.namespaces = namespaces
        self.data = data


class Parts:
    """The places of a form document that everything else starts from."""

    __slots__ = ("body", "instance", "itext", "model", "title", "tree")

    def __init__(self, html: Element) -> None:
        head = html.first("head")
        model = head.first("model") if head is not None else None
        if head is None or model is None:
            raise FormError(
                "form.no_model",
                f"line {html.line}",
                "there is no <model> in the <head>",
                "Check that this is an ODK XForm",
            )
        instance = model.first("instance")
        tree = next(iter(instance.elements), None) if instance is not None else None
        if instance is None or tree is None:
            raise FormError(
                "form.no_instance",
                f"line {model.line}",
                "the model has no primary <instance>",
                "Add an <instance> with the form's nodes",
            )
        title = head.first("title")
        self.model = model
        self.instance = instance
        self.tree = tree
        self.itext = model.first("itext")
        self.body = html.first("body")
        self.title = title.text.strip() if title is not None else ""


def read_document(source: bytes | str) -> FormDocument:
    """FormError for XML that cannot be a form."""
    primary_seen = False
    diverted: list[tuple[Element, DataReader]] = []

    def divert(element: Element, depth: int) -> DataReader | None:
        nonlocal primary_seen
        if element.name != "instance" or depth != INSTANCE_DEPTH:
            return None
        if not primary_seen:
            primary_seen = True
            return None
        reader = DataReader()
        diverted.append((element, reader))
        return reader

    reader = Reader("the form", divert)
    html = reader.read(as_bytes(source, "the form"))
    if html.name != "html":
        raise FormError(
            "form.not_xform",
            f"line {html.line}",
            f"the document is a <{shorten(html.name)}>",
            "Hand in an ODK XForm (an <h:html> document)",
        )
    return FormDocument(html, reader.namespaces, [(element, data.finish()) for element, data in diverted])
