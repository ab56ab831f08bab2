"""Labels, hints, guidance, media and messages of live nodes in the current language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.definition.text import DEFAULT_FORMS, MEDIA_FORMS, Parts, Text, render
from forms.instance.problems import PROBLEMS

if TYPE_CHECKING:
    from forms.instance.instance import Instance
    from forms.instance.node import Node


class Texts:
    """Puts texts together when they are asked for; nothing is kept."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def label(self, node: Node) -> str:
        control = node.d.control
        if control is None or control.label is None:
            return ""
        return self.render(control.label, node)

    def hint(self, node: Node) -> str:
        control = node.d.control
        return self.render(control.hint, node) if control is not None and control.hint is not None else ""

    def guidance(self, node: Node) -> str:
        control = node.d.control
        if control is None or control.hint is None:
            return ""
        return self.put(self.forms(control.hint, node).get("guidance", ()), node)

    def media(self, node: Node) -> dict[str, str]:
        control = node.d.control
        if control is None or control.label is None:
            return {}
        return self.media_of(self.forms(control.label, node), node)

    def media_of(self, forms: dict[str, Parts], node: Node) -> dict[str, str]:
        return {form: self.put(forms[form], node).strip() for form in MEDIA_FORMS if form in forms}

    def render(self, text: Text, node: Node) -> str:
        """The plain text of a label, hint or message."""
        if text.parts:
            return self.put(text.parts, node)
        forms = self.forms(text, node)
        for form in DEFAULT_FORMS:
            if form in forms:
                return self.put(forms[form], node)
        return ""

    def forms(self, text: Text, node: Node) -> dict[str, Parts]:
        text_id = text.text_id
        if text.id_output is not None:
            text_id = self.put((text.id_output,), node)
        if not text_id:
            return {}
        return self.instance.form.itext.forms(self.instance.language, text_id) or {}

    def by_id(self, text_id: str, node: Node) -> dict[str, Parts]:
        return self.instance.form.itext.forms(self.instance.language, text_id) or {}

    def put(self, parts: Parts, node: Node) -> str:
        if not parts:
            return ""
        try:
            return render(parts, node, node.d, self.instance.form.root, self.instance.focus).strip()
        except PROBLEMS as problem:
            node.problem = str(problem)
            return ""
