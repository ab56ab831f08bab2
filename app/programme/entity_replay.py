"""Applies entity operations one after the other: create, update, upsert, with versions and conflicts.

An update made from an older version than the one that stands is applied field by field all the same, and
flagged: the one later in the log stands, because no tablet's clock decides an order, and what it replaced is
named in the conflict. Nothing is overwritten unnoticed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.programme.entity import Conflict, Entity
from app.programme.records import Opened

Key = tuple[str, str]


@dataclass(frozen=True)
class _Operation:
    """One operation with the record that made it; `at` is where that record stands in the log."""

    key: Key
    kind: str
    label: str | None
    properties: Mapping[str, str]
    base: int | None
    source: Opened
    at: Opened


class Replay:
    """The growing lists. `apply` in log order; then read `lists()` and `leftovers()`."""

    def __init__(self) -> None:
        self._entities: dict[Key, Entity] = {}
        self._waiting: dict[Key, list[_Operation]] = {}
        self._conflicts: list[Conflict] = []
        self._version_before: dict[tuple[Key, str], int] = {}

    def apply(self, operation: Mapping[str, Any], source: Opened, at: Opened) -> None:
        """One EntityOperation in its JSON form, made by `source`."""
        one = _read(operation, source, at)
        there = self._entities.get(one.key)
        if there is None and one.kind == "update":
            # It may have been made on another tablet that has not sent its record yet.
            self._waiting.setdefault(one.key, []).append(one)
        elif there is None:
            self._create(one)
        elif one.kind == "create":
            self._created_twice(one, there)
        else:
            self._update(one, there)

    def lists(self) -> dict[str, dict[str, Entity]]:
        found: dict[str, dict[str, Entity]] = {}
        for (list_name, entity_id), entity in self._entities.items():
            found.setdefault(list_name, {})[entity_id] = entity
        return found

    def leftovers(self) -> Iterator[Conflict]:
        """Every conflict, those of updates whose entity never appeared last."""
        yield from self._conflicts
        for waiting in self._waiting.values():
            for one in waiting:
                yield _conflict(one, "missing")

    def _create(self, one: _Operation) -> None:
        self._entities[one.key] = Entity(
            list_name=one.key[0],
            id=one.key[1],
            label=one.label or "",
            properties=dict(one.properties),
            version=1,
            made_by=one.source.record,
            created=one.at.created,
            updated=one.at.created,
            imported=dict(one.properties) if one.source.kind == "programme" else {},
        )
        for waiting in self._waiting.pop(one.key, []):
            self._update(waiting, self._entities[one.key])

    def _created_twice(self, one: _Operation, there: Entity) -> None:
        if one.source.kind == "programme":
            return  # a register is brought in again with each version of the programme
        self._conflicts.append(_conflict(one, "exists", _differing(there, one.properties)))

    def _update(self, one: _Operation, there: Entity) -> None:
        # A record may touch one entity twice; its own first change does not make the second one stale.
        known = self._version_before.setdefault((one.key, one.source.record), there.version)
        stale = one.base is not None and one.base < known
        if stale:
            self._note_stale(one, there)
        self._entities[one.key] = replace(
            there,
            label=one.label or there.label,
            properties={**there.properties, **one.properties},
            version=there.version + 1,
            updated=max(there.updated, one.at.created),
        )

    def _note_stale(self, one: _Operation, there: Entity) -> None:
        differing = {
            name: (value, there.get(name))
            for name, value in one.properties.items()
            if there.get(name) and there.get(name) != value
        }
        if differing:
            self._conflicts.append(_conflict(one, "stale", differing))


def _read(operation: Mapping[str, Any], source: Opened, at: Opened) -> _Operation:
    base = str(operation.get("base_version") or "")
    return _Operation(
        key=(str(operation["list_name"]), str(operation["entity_id"])),
        kind=str(operation["operation"]),
        label=operation.get("label"),
        properties={name: str(value) for name, value in operation.get("properties", {}).items()},
        base=int(base) if base.isdecimal() else None,
        source=source,
        at=at,
    )


def _differing(there: Entity, arriving: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {name: (there.get(name), value) for name, value in arriving.items() if there.get(name) != value}


def _conflict(
    one: _Operation, reason: str, differing: Mapping[str, tuple[str, str]] | None = None
) -> Conflict:
    list_name, entity = one.key
    return Conflict(list_name, entity, reason, one.source.record, one.source.revision, differing or {})
