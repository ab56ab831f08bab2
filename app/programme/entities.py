"""Entity lists (ODK Entities) derived from the records this device may read.

Nothing is stored: the lists are what replaying the entity operations of every submission's newest revision
gives; of several that lie side by side, all of them (`head_operations`). A submission stands where its first
revision stands in the log, so that correcting an old visit does not overwrite a newer one; a rejected one
counts for nothing.
https://getodk.github.io/xforms-spec/entities
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.programme.entity import Conflict, Entity
from app.programme.entity_replay import Replay
from app.programme.head_operations import operations_of
from app.programme.published import config_in
from app.programme.records import Opened, opened, submissions
from app.programme.review_state import review_states


class _Change(NamedTuple):
    """`at`: the record at whose place in the log it counts; `source`: the one that made the operations."""

    at: Opened
    source: Opened
    operations: Sequence[Mapping[str, Any]]
    beside: Sequence[Conflict] = ()


@dataclass(frozen=True)
class EntityStore:
    """Every entity list at one moment: `lists[list name][id]`, in the order in which entities were made."""

    lists: Mapping[str, Mapping[str, Entity]]
    conflicts: tuple[Conflict, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Built when first asked for; entities never change, so they never grow stale.
    _indexes: dict[tuple[str, str], dict[str, list[Entity]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @classmethod
    def from_records(cls, records: Iterable[Any]) -> "EntityStore":
        """Replays what the records did: mappings or objects of DESIGN §3, each with its `index`."""
        found = opened(records)
        replay = Replay()
        conflicts: list[Conflict] = []
        for at, source, operations, beside in _in_order(found):
            for operation in operations:
                replay.apply(operation, source, at)
            conflicts += beside
        conflicts += replay.leftovers()
        return cls(replay.lists(), tuple(conflicts), _columns(found, replay.lists()))

    def all(self, list_name: str) -> list[Entity]:
        """The entities of a list; none where the list is unknown."""
        return list(self.lists.get(list_name, {}).values())

    def get(self, list_name: str, entity_id: str) -> Entity | None:
        return self.lists.get(list_name, {}).get(entity_id)

    def where(self, list_name: str, **wanted: str) -> list[Entity]:
        """Entities whose properties have these values; an index answers for the first one named."""
        (first, value), *others = wanted.items()
        found = self._index(list_name, first).get(value, ())
        return [one for one in found if all(one.get(name) == text for name, text in others)]

    def _index(self, list_name: str, name: str) -> Mapping[str, Sequence[Entity]]:
        index = self._indexes.get((list_name, name))
        if index is None:
            index = {}
            for one in self.all(list_name):
                index.setdefault(one.get(name), []).append(one)
            self._indexes[list_name, name] = index
        return index

    def rows(self) -> dict[str, list[dict[str, str]]]:
        """List name → ODK rows, for `forms.Context(entities=…)`. Known lists are there even while empty."""
        names = dict.fromkeys([*self.columns, *self.lists])
        return {name: [one.row(self.columns.get(name, ())) for one in self.all(name)] for name in names}


def _in_order(found: list[Opened]) -> list[_Change]:
    """Every record that changes entities, in the order in which it counts."""
    kept = [_Change(one, one, one.body.get("entities", ())) for one in found if one.kind == "programme"]
    states = review_states(found)
    for record, submission in submissions(found).items():
        state = states[record]
        if state.state != "rejected":
            rejected = [head for head, word in state.head_states.items() if word == "rejected"]
            operations, beside = operations_of(submission, rejected)
            kept.append(_Change(submission.first, submission.newest, operations, beside))
    return sorted(kept, key=lambda one: one.at.order)


def _columns(found: list[Opened], lists: Mapping[str, Mapping[str, Entity]]) -> dict[str, tuple[str, ...]]:
    config = config_in(found)
    known = config.entities if config else {}
    columns = {name: dict.fromkeys(properties) for name, properties in known.items()}
    for name, entities in lists.items():
        for entity in entities.values():
            columns.setdefault(name, {}).update(dict.fromkeys(entity.properties))
    return {name: tuple(found_columns) for name, found_columns in columns.items()}


__all__ = ["Conflict", "Entity", "EntityStore"]
