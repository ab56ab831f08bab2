"""Small forms and contexts for the engine's unit tests."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

import forms

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=timezone(timedelta(hours=2)))
NAMESPACES = (
    'xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" '
    'xmlns:orx="http://openrosa.org/xforms" xmlns:entities="http://www.opendatakit.org/xforms/entities"'
)


def xform(nodes: str, model: str = "", body: str = "", root: str = '<data id="f" version="1">') -> str:
    """A form document around the inside of its primary instance, further model parts and its body."""
    return (
        f"<h:html {NAMESPACES}><h:head><h:title>Form</h:title><model><instance>{root}{nodes}</data></instance>"
        f"{model}</model></h:head><h:body>{body}</h:body></h:html>"
    )


def bind(name: str, **attributes: str) -> str:
    """A bind for /data/`name`; attribute names may use __ for the colon ("jr__preload")."""
    written = "".join(
        f' {key.rstrip("_").replace("__", ":")}="{value.replace("&", "&amp;").replace("<", "&lt;")}"'
        for key, value in attributes.items()
    )
    return f'<bind nodeset="/data/{name}"{written}/>'


def question(name: str, inner: str = "", control: str = "input", attributes: str = "") -> str:
    return f'<{control} ref="/data/{name}"{attributes}><label>{name}</label>{inner}</{control}>'


def repeat(name: str, inner: str = "", attributes: str = "") -> str:
    return f'<group ref="/data/{name}"><repeat nodeset="/data/{name}"{attributes}>{inner}</repeat></group>'


def context(**more: Any) -> forms.Context:
    """A context in which time stands still and ids count."""
    ids = iter(range(1, 10_000))
    return forms.Context(
        **{
            "now": lambda: NOW,
            "timezone": NOW.tzinfo or UTC,
            "rng": Random(1),
            "new_id": lambda: f"id-{next(ids)}",
            **more,
        }
    )


def start(nodes: str, model: str = "", body: str = "", media: Any = None, **more: Any) -> Any:
    """A new instance of such a form."""
    return forms.load_xform(xform(nodes, model, body), media=media).new(context(**more))


def texts(instance: Any, *refs: str) -> list[str]:
    return [instance.at(ref if ref.startswith("/") else f"/data/{ref}").text for ref in refs]
