"""The shape of each kind's body, so that whoever reads it later never stumbles over a foreign one.

Known members have their type; members that readers cannot do without must be there; members nobody knows
yet are let through, because a newer version of the program may have written them.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Check = Callable[[Any], bool]
REVIEW_STATES = frozenset({"received", "hasIssues", "edited", "approved", "rejected"})


def fault(kind: str, body: Mapping[str, Any]) -> str | None:
    """The name of the first member that is missing or misshapen; None for a sound body."""
    for name in _NEEDED.get(kind, ()):
        if name not in body:
            return name
    for name, check in _SHAPES.get(kind, {}).items():
        if name in body and not check(body[name]):
            return name
    return None


def is_moment(value: Any) -> bool:
    """RFC 3339 with an offset, of a year that every calendar function can handle."""
    if not isinstance(value, str) or not value[:4].isdecimal() or "T" not in value:
        return False
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and 1970 <= moment.year <= 2200


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _moment(value: Any) -> bool:
    return value == "" or is_moment(value)


def _optional_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _text_map(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _list_of(needed: Mapping[str, Check], also: Mapping[str, Check] | None = None) -> Check:
    """A list of objects with these members, and these others where they occur."""
    optional = also or {}

    def check(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(one, dict)
            and all(name in one and sound(one[name]) for name, sound in needed.items())
            and all(sound(one[name]) for name, sound in optional.items() if name in one)
            for one in value
        )

    return check


_ENTITIES = _list_of(
    {"list_name": _text, "entity_id": _text, "operation": lambda value: value in ("create", "update")},
    {"label": _optional_text, "properties": _text_map, "base_version": _optional_text},
)
_SHAPES: Mapping[str, Mapping[str, Check]] = {
    "submission": {
        "xml": _text,
        "instance_name": _text,
        "household": _text,
        "household_label": _text,
        "tenancy": _text,
        "entities": _ENTITIES,
        "started": _moment,
        "finished": _moment,
        "synthetic": _flag,
        "note": _text,
    },
    "review": {
        "submission": _text,
        "revision": _text,
        "state": lambda value: isinstance(value, str) and value in REVIEW_STATES,
        "comments": _list_of({"ref": _text, "text": _text}),
        "note": _text,
    },
    "assignment": {"household": _text, "devices": _texts},
    "profile": {"member": _text, "name": _text, "role": _text},
    "drafts": {"of": _text, "to": _text},
    "programme": {
        "name": _text,
        "version": _text,
        "toml": _text,
        "forms": _list_of({"id": _text, "version": _text, "xml": _text}, {"media": _text_map}),
        "lists": _text_map,
        "entities": _ENTITIES,
    },
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "review": ("submission", "state"),
    "assignment": ("household", "devices"),
    "profile": ("member", "name", "role"),
    "drafts": ("of", "to"),
}
