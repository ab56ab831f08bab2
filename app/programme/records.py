"""Opened records as the programme reads them, in an order that is the same on every device.

Order: records with a log index by that index; own records that no server has seen yet after them, by the
moment they were made. The revision's id decides the rest, so that every device derives the same lists.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

UNREADABLE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Opened:
    """One opened record (DESIGN §3, inner record) with its log index, None while only on this device."""

    kind: str
    form: str
    form_version: str
    record: str
    revision: str
    parents: tuple[str, ...]
    author: str
    created: datetime
    index: int | None
    body: Mapping[str, Any]

    @property
    def order(self) -> tuple[bool, int, datetime, str]:
        return (self.index is None, self.index or 0, self.created, self.revision)


@dataclass(frozen=True)
class Submission:
    """All revisions of one submission in order; `heads` are those that no other revision replaces.

    Two heads or more: the submission is in conflict until a revision names them as its parents.
    """

    record: str
    revisions: tuple[Opened, ...]

    @property
    def first(self) -> Opened:
        return self.revisions[0]

    @cached_property
    def heads(self) -> tuple[Opened, ...]:
        replaced = {parent for one in self.revisions for parent in one.parents}
        return tuple(one for one in self.revisions if one.revision not in replaced) or self.revisions[-1:]

    @property
    def newest(self) -> Opened:
        return self.heads[-1]

    @property
    def responsible(self) -> str:
        """The device that is asked when something is unclear: who wrote the newest revision; of a merge, whose
        answers came first, because whoever merged was perhaps never there.
        """
        return (self.first if len(self.newest.parents) > 1 else self.newest).author

    def ancestors(self, revision: str) -> frozenset[str]:
        """The revisions below this one, itself included, as far as they are on this device."""
        parents = {one.revision: one.parents for one in self.revisions}
        found: set[str] = set()
        waiting = [revision]
        while waiting:
            one = waiting.pop()
            if one in parents and one not in found:
                found.add(one)
                waiting.extend(parents[one])
        return frozenset(found)

    def common(self, one: str, other: str) -> tuple[Opened, ...]:
        """The nearest common ancestors of two revisions: one usually, several after concurrent merges."""
        shared = self.ancestors(one) & self.ancestors(other)
        below = {deep for near in shared for deep in self.ancestors(near) if deep != near}
        return tuple(each for each in self.revisions if each.revision in shared - below)


def opened(records: Iterable[Any]) -> list[Opened]:
    """Records (mappings, or objects with these attributes) in the order in which the programme reads them."""
    return sorted((_opened(one) for one in records), key=lambda one: one.order)


def submissions(records: Iterable[Opened]) -> dict[str, Submission]:
    """Record id → the submission, in the order of their first revisions."""
    found: dict[str, list[Opened]] = {}
    for one in records:
        if one.kind == "submission":
            found.setdefault(one.record, []).append(one)
    return {record: Submission(record, tuple(revisions)) for record, revisions in found.items()}


def moment(text: Any) -> datetime:
    """An ISO moment, UTC without a zone. What cannot be read counts as earliest: order must not fail."""
    if isinstance(text, datetime):
        found = text
    else:
        try:
            found = datetime.fromisoformat(str(text))
        except ValueError:
            return UNREADABLE
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _opened(one: Any) -> Opened:
    if isinstance(one, Opened):
        return one
    get = one.get if isinstance(one, Mapping) else lambda name, default=None: getattr(one, name, default)
    return Opened(
        kind=str(get("kind", "")),
        form=str(get("form", "") or ""),
        form_version=str(get("form_version", "") or ""),
        record=str(get("record", "")),
        revision=str(get("revision", "")),
        parents=tuple(get("parents", ()) or ()),
        author=str(get("author_device", "") or ""),
        created=moment(get("created", "")),
        index=get("index", None),
        body=get("body", {}) or {},
    )
