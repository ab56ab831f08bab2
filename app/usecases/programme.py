"""The programme that a supervisor published: its forms, lists and rules, as this device received them."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import forms
from app.programme.config import ProgrammeConfig
from app.programme.entities import EntityStore
from app.programme.rules import FormRule
from app.protocol.errors import Problem
from app.usecases.opened import COUNTING, accepted, opened_records
from app.usecases.seal import in_log_order
from app.usecases.worker import Worker


@dataclass(frozen=True)
class FormSource:
    """One published form: its XForm XML and the media that came with it."""

    form: str
    version: str
    xml: bytes
    media: dict[str, bytes]


@dataclass(frozen=True)
class Programme:
    """The newest programme record, and every form version that any programme record ever brought."""

    name: str
    version: str
    config: ProgrammeConfig
    forms: dict[str, FormSource]
    versions: dict[tuple[str, str], FormSource]
    lists: dict[str, bytes]


def programme(worker: Worker) -> Programme:
    """The programme in force. Raises Problem("usecase.no_programme") before the first one arrived."""
    found = worker.derived("programme", lambda: _read(worker), kinds=("programme",))
    if found is None:
        raise Problem("usecase.no_programme")
    return found


def form(worker: Worker, form_id: str, version: str | None = None) -> forms.Form:
    """The compiled form, in this version or the one in force. Compiled once per unlocking.

    Raises Problem("usecase.no_such_form") where it never arrived.
    """
    ours = programme(worker)
    source = ours.forms.get(form_id) if version is None else ours.versions.get((form_id, version))
    if source is None:
        raise Problem("usecase.no_such_form", form=form_id, version=version or "")
    name = f"form:{source.form}:{source.version}"
    return worker.derived(name, lambda: forms.load_xform(source.xml, media={**ours.lists, **source.media}))


def entities(worker: Worker) -> EntityStore:
    """Households, people, tenancies …: every list as the records that this device may read leave it."""
    return worker.derived(
        "entities",
        lambda: EntityStore.from_records(opened_records(worker)),
        kinds=COUNTING,
        also=accepted(worker),
    )


def form_rule(worker: Worker, form_id: str) -> FormRule | None:
    """What programme.toml says of a form; None for a form it does not mention."""
    return programme(worker).config.forms.get(form_id)


def form_title(worker: Worker, form_id: str, language: str = "") -> str:
    """A form's title in a language of the interface, its id where the programme names none."""
    try:
        rule = form_rule(worker, form_id)
    except Problem:
        rule = None
    if rule is None:
        return form_id
    return rule.title.get(language) or next(iter(rule.title.values()), form_id)


def context(worker: Worker) -> forms.Context:
    """What a form instance may know of the world: clock, zone, ids, who fills it in, and the entity lists."""
    lists: Mapping[str, Sequence[Mapping[str, str]]] = entities(worker).rows()
    return forms.Context(
        now=lambda: worker.services.clock().astimezone(worker.services.timezone()),
        timezone=worker.services.timezone(),
        device_id=worker.device,
        username=worker.name,
        entities=lists,
        new_id=worker.services.new_id,
    )


def _read(worker: Worker) -> Programme | None:
    records = sorted(worker.store.records.all("programme"), key=in_log_order)
    # A programme record without rules only brings in entities.
    bodies = [one.record["body"] for one in records if one.record["body"].get("toml")]
    if not bodies:
        return None
    versions: dict[tuple[str, str], FormSource] = {}
    lists: dict[str, bytes] = {}
    for body in bodies:
        for one in body.get("forms", []):
            versions[one["id"], one["version"]] = _source(one)
        lists |= {name: text.encode() for name, text in body.get("lists", {}).items()}
    newest = bodies[-1]
    return Programme(
        name=newest["name"],
        version=newest["version"],
        config=ProgrammeConfig.parse(newest["toml"]),
        forms={one["id"]: versions[one["id"], one["version"]] for one in newest.get("forms", [])},
        versions=versions,
        lists=lists,
    )


def _source(one: dict[str, Any]) -> FormSource:
    media = {name: base64.b64decode(data) for name, data in one.get("media", {}).items()}
    return FormSource(one["id"], one["version"], one["xml"].encode(), media)
