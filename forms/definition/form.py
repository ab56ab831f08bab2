"""A loaded form. Immutable: instances keep their answers to themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.collecting import Paused

if TYPE_CHECKING:
    from forms.definition.actions import Action
    from forms.definition.binding import Binding
    from forms.definition.body import Control
    from forms.definition.model import NodeDef
    from forms.definition.text import Itext
    from forms.instance.context import Context
    from forms.instance.instance import Instance
    from forms.xml import Element
    from forms.xpath.lookup import DataSource


class Form:
    """What `load_xform` returns. `title`, `form_id`, `version`, `languages`, `default_language`, `warnings`."""

    title: str
    form_id: str
    version: str
    languages: list[str]
    default_language: str
    warnings: list[str]
    root: NodeDef
    by_path: dict[str, NodeDef]
    element: Element
    templates: dict[NodeDef, Element]
    itext: Itext
    order: list[Binding]
    actions: list[Action]
    sources: dict[str, DataSource]
    external: dict[str, str]
    submission: dict[str, str]
    appearance: str
    entities_version: str
    namespaces: dict[str, str]
    media: dict[str, bytes | str]
    controls: list[Control]
    source: bytes | str = b""
    cache: bytes = b""

    def new(self, context: Context) -> Instance:
        """A fresh instance: defaults, preloads, first-load actions, everything calculated."""
        from forms.instance.instance import Instance

        with Paused():
            return Instance.start(self, context)

    def open(self, instance_xml: bytes | str, context: Context, edit: bool = False) -> Instance:
        """An instance from XML. With `edit` it becomes a correction: a new instanceID, the old one as
        deprecatedID. What the form does not know is kept and reported (`instance.migration`)."""
        from forms.instance.instance import Instance

        with Paused():
            return Instance.reopen(self, context, instance_xml, edit)

    def to_cache(self) -> bytes:
        """What `forms.load_cached` takes for a quick second load."""
        from forms.definition.cache import to_cache

        return to_cache(self)

    def __repr__(self) -> str:
        return f"Form({self.form_id!r}, version {self.version!r})"
