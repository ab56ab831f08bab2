"""The ODK XForms language: forms, live instances, expressions. Pure: no I/O, clock or chance of its own.

    form = forms.load_xform(xml, media={"schools.csv": b"..."})
    instance = form.new(forms.Context(now=..., timezone=..., rng=..., new_id=...))
    instance.at("/data/people[2]/age").answer("34")

Spec: https://getodk.github.io/xforms-spec/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.definition.form import Form
from forms.definition.load import load_xform
from forms.errors import AnswerRefused, FormError
from forms.instance.context import Context

if TYPE_CHECKING:
    from forms.authoring.compiling import compile_xlsform
    from forms.definition.cache import load_cached
    from forms.instance.choices import Choice
    from forms.instance.instance import Instance
    from forms.instance.node import Node
    from forms.instance.validity import Validity
    from forms.serialise.finalise import EntityOperation, Finalised
    from forms.xpath.evaluate import evaluate

_LATER = {
    "Choice": "forms.instance.choices",
    "EntityOperation": "forms.serialise.finalise",
    "Finalised": "forms.serialise.finalise",
    "Instance": "forms.instance.instance",
    "Node": "forms.instance.node",
    "Validity": "forms.instance.validity",
    "compile_xlsform": "forms.authoring.compiling",
    "load_cached": "forms.definition.cache",
    "evaluate": "forms.xpath.evaluate",
}


def __getattr__(name: str) -> Any:
    """Imports what a tablet may never need when it is first asked for."""
    from importlib import import_module

    module = _LATER.get(name)
    if module is None:
        raise AttributeError(f"module 'forms' has no attribute {name!r}")
    return getattr(import_module(module), name)


__all__ = [
    "AnswerRefused",
    "Choice",
    "Context",
    "EntityOperation",
    "Finalised",
    "Form",
    "FormError",
    "Instance",
    "Node",
    "Validity",
    "compile_xlsform",
    "evaluate",
    "load_cached",
    "load_xform",
]
