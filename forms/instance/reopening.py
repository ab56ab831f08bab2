"""Opening drafts and submissions, and the secondary instances an instance brings along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.definition.sources import entity_document, file_name, read_source
from forms.errors import FormError, shorten
from forms.xml import Element, Reader, as_bytes
from forms.xpath.lookup import DataSource
from forms.xpath.tree import from_element

if TYPE_CHECKING:
    from forms.definition.form import Form
    from forms.instance.instance import Instance
    from forms.instance.node import Node

MAX_INSTANCE_BYTES = 32 * 1024 * 1024


class Above:
    """The document node over the root element, as expressions see it."""

    __slots__ = ("root",)
    xpath_kind = "document"
    name = prefix = space = text = ""

    def __init__(self, root: Node) -> None:
        self.root = root

    def xpath_parent(self) -> Any:
        return None

    def xpath_children(self) -> list[Any]:
        return [self.root]

    def xpath_attributes(self) -> list[Any]:
        return []


def read_instance(form: Form, source: bytes | str) -> tuple[Element, dict[str, str]]:
    """The root element of a filled-in instance and the namespaces it declares."""
    reader = Reader("the submission")
    element = reader.read(as_bytes(source, "the submission", MAX_INSTANCE_BYTES))
    if element.name != form.root.name:
        raise FormError(
            "instance.other_form",
            f"line {element.line}",
            f"the submission's root is <{shorten(element.name)}>, the form's is <{form.root.name}>",
            "Open it with the form it was filled in with",
        )
    given = element.get("id")
    if given and form.form_id and given != form.form_id:
        raise FormError(
            "instance.other_form",
            f"line {element.line}",
            f"the submission is of form “{shorten(given)}”, not “{form.form_id}”",
            "Open it with the form it was filled in with",
        )
    return element, reader.namespaces


def source_for(instance: Instance, name: str) -> DataSource | None:
    """A secondary instance made for this instance, or shared by all of the form."""
    form = instance.form
    src = form.external.get(name, "")
    entities = instance.context.entities
    stem = file_name(src).rpartition(".")[0] if src else name
    for key in (name, stem):
        if key in entities and (src or name not in form.sources):
            return DataSource(name, entity_document(entities[key]))
    if src.endswith("last-saved"):
        saved = instance.context.last_saved
        element = read_instance(form, saved)[0] if saved else form.element
        return DataSource(name, from_element(element))
    found = form.sources.get(name)
    if found is not None:
        return found
    for file in (name, name + ".csv"):
        if file in form.media:
            return DataSource(name, read_source(file, form.media[file]))
    if name == form.form_id or name == form.root.name:
        return None
    return None
