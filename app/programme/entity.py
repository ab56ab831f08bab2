"""One entity, and a conflict between two records about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Entity:
    """One row of a list. `version` counts from 1; `made_by` is the record that created it.

    `imported`: what an existing register said, where it was brought in from one.
    """

    list_name: str
    id: str
    label: str
    properties: Mapping[str, str]
    version: int
    made_by: str
    created: datetime
    updated: datetime
    imported: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """A property's text; an absent and an empty one are the same."""
        return self.properties.get(name) or default

    def row(self, columns: Iterable[str] = ()) -> dict[str, str]:
        """The row as forms read it in a secondary instance."""
        fixed = {
            "name": self.id,
            "label": self.label,
            "__version": str(self.version),
            "__trunkVersion": str(self.version),
            "__branchId": "",
        }
        return {**dict.fromkeys(columns, ""), **self.properties, **fixed}


@dataclass(frozen=True)
class Conflict:
    """Two records that did not know of each other met in one entity; a person should look.

    `reason`: `stale` (made from an older version), `exists` (created twice), `missing` (update of an entity
    that is not here), `heads` (two versions of one record say different things until they are merged).
    `differing`: property → (value that stands, value that does not).
    """

    list_name: str
    entity: str
    reason: str
    record: str
    revision: str
    differing: Mapping[str, tuple[str, str]] = field(default_factory=dict)
