"""Lets the recorded golden material drive our engine: the two small adapters its runner asks for.

    TZ=America/Phoenix python ../shared/golden/check_traces.py traces tests.golden.adapter:make --only agree
    TZ=America/Phoenix python ../shared/golden/check_traces.py xpath tests.golden.adapter:evaluate --only core

The material was recorded in Phoenix time, so that is the zone here whatever TZ says.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any
from uuid import UUID

import forms
from forms.functions import to_boolean, to_number, to_string
from forms.instance.context import Context, Surroundings
from forms.xpath.evaluate import evaluate as evaluate_expression

PHOENIX = timezone(timedelta(hours=-7))
_PROPERTIES = {"deviceID": "device_id", "email": "email", "username": "username", "phoneNumber": "phone"}


def make(
    form_xml: str, attachments: Mapping[str, str], preload: Mapping[str, str], instance_xml: str | None
) -> "Engine":
    """A form being filled in, or a submission being edited, behind the runner's interface."""
    return Engine(form_xml, attachments, preload, instance_xml)


def evaluate(expression: str, xml: str, context: str, kind: str) -> Any:
    """The value of one expression as the wanted type: "number", "string", "boolean", "nodes" or "error"."""
    surroundings = Surroundings(Context(now=lambda: datetime.now(PHOENIX), timezone=PHOENIX, rng=Random(1)))
    value = evaluate_expression(
        expression, document=xml or "<root/>", context=context, surroundings=surroundings
    )
    if kind == "number":
        return to_number(value, PHOENIX)
    if kind == "string":
        return to_string(value)
    if kind == "boolean":
        return to_boolean(value)
    return value


class Engine:
    """The runner's view of an instance."""

    def __init__(
        self,
        form_xml: str,
        attachments: Mapping[str, str],
        preload: Mapping[str, str],
        instance_xml: str | None,
    ) -> None:
        media = {url.rpartition("/")[2]: text.encode() for url, text in attachments.items()}
        ids = Random(1)
        context = Context(
            now=lambda: datetime.now(PHOENIX),
            timezone=PHOENIX,
            rng=Random(1),
            new_id=lambda: str(UUID(int=ids.getrandbits(128), version=4)),
            **{ours: preload[theirs] for theirs, ours in _PROPERTIES.items() if theirs in preload},
        )
        form = forms.load_xform(form_xml.encode(), media=media)
        if instance_xml is None:
            self.instance = form.new(context)
        else:
            self.instance = form.open(instance_xml.encode(), context, edit=True)

    def answer(self, ref: str, value: Any) -> None:
        self.instance.at(ref).answer("" if value is None else value)

    def add_repeat(self, ref: str) -> None:
        self.instance.add_repeat(ref)

    def remove_repeat(self, ref: str, index: int) -> None:
        self.instance.remove_repeat(f"{ref}[{index + 1}]")

    def set_language(self, name: str) -> None:
        self.instance.language = name

    def state(self) -> dict[str, dict[str, Any]]:
        return {node.ref: _row(node) for node in _below(self.instance.root) if node.kind != "repeat"}


def _below(node: Any) -> Iterator[Any]:
    for child in node.children:
        yield child
        yield from _below(child)


def _row(node: Any) -> dict[str, Any]:
    row = {
        "relevant": node.relevant,
        "label": node.label,
        "hint": node.hint,
        "readonly": node.readonly,
        "required": node.required,
    }
    if node.kind not in ("group", "repeat-instance"):
        row["value"] = node.text
        row["constraint_ok"] = node.validity.condition != "constraint"
        if node.control in ("select", "select1", "rank"):
            row["choices"] = [[choice.value, choice.label] for choice in node.choices]
    return row
