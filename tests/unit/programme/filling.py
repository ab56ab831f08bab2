"""Fills steps through the real form engine, with the clock, the ids and the lists of a test."""

import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import forms
from app.demo.population_steps import Step
from tests.unit.library.sheets import FOLDER

ZONE = ZoneInfo("Europe/Bucharest")
OPERATION = ("list_name", "entity_id", "operation", "label", "properties", "base_version")
Rows = Mapping[str, Sequence[Mapping[str, str]]]


@cache
def form(form_id: str) -> Any:
    """The shipped form, compiled by pyxform and loaded by the engine."""
    compiled = forms.compile_xlsform(FOLDER.xlsforms()[form_id])
    lists = {name: text.encode() for name, text in FOLDER.lists().items()}
    return forms.load_xform(compiled.xform_xml, media={**lists, **compiled.media})


def context(on: date, entities: Rows | None = None, seed: int = 1) -> Any:
    rng = random.Random(seed)
    moment = datetime.combine(on, time(10, 0), ZONE)
    return forms.Context(
        now=lambda: moment,
        timezone=ZONE,
        rng=rng,
        username="ana",
        entities=entities or {},
        new_id=lambda: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    )


def start(form_id: str, on: date, entities: Rows | None = None, seed: int = 1) -> Any:
    return form(form_id).new(context(on, entities, seed))


def take(instance: Any, steps: Iterable[Step]) -> None:
    """Answers every step; a question that is not relevant at that point is a mistake in the steps."""
    for step in steps:
        if step.op == "add_repeat":
            instance.add_repeat(step.ref)
            continue
        node = instance.at(step.ref)
        assert node.relevant, f"{step.ref} is not asked here"
        node.answer(step.value)
        assert node.validity.ok, (step.ref, step.value, node.validity.message)


def problems(instance: Any) -> list[tuple[str, str]]:
    return [(node.ref, node.validity.condition) for node in instance.problems()]


def as_record(form_id: str, record: str, index: int, on: date, finished: Any, **body: Any) -> dict[str, Any]:
    """The submission record that a use case would keep."""
    return {
        "kind": "submission",
        "form": form_id,
        "form_version": "1",
        "record": record,
        "revision": record,
        "parents": [],
        "author_device": "tablet",
        "created": datetime.combine(on, time(12, 0), UTC).isoformat(),
        "index": index,
        "body": {
            "xml": finished.xml.decode(),
            "instance_name": finished.instance_name,
            "entities": [{name: getattr(one, name) for name in OPERATION} for one in finished.entities],
            **body,
        },
    }
