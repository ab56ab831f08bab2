"""What a submission does to entities while several of its revisions lie side by side.

Nothing of either revision is left out: each head's changes against the common ancestor are applied one after
the other, field by field, the later one in the log standing where both differ. Every such field is flagged.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from app.programme.entity import Conflict
from app.programme.records import Opened, Submission

Key = tuple[str, str]
Operation = Mapping[str, Any]


def operations_of(
    submission: Submission, rejected: Collection[str] = ()
) -> tuple[list[Operation], list[Conflict]]:
    """The operations that count, and what two heads say differently. `rejected`: heads that do not count."""
    heads = [one for one in submission.heads if one.revision not in rejected]
    if len(heads) < 2:
        return [one for head in heads for one in _of(head)], []
    common = submission.common(heads[0].revision, heads[1].revision)
    base = {_key(one): one for ancestor in common[:1] for one in _of(ancestor)}
    standing: dict[Key, dict[str, Any]] = {}
    conflicts: list[Conflict] = []
    for head in heads:
        for one in _of(head):
            there = standing.get(_key(one))
            if there is None:
                standing[_key(one)] = {**one, "properties": {**one.get("properties", {})}}
            else:
                conflicts += _joined(one, there, base.get(_key(one), {}), head)
    return list(standing.values()), conflicts


def _joined(one: Operation, there: dict[str, Any], base: Operation, head: Opened) -> list[Conflict]:
    """Applies what this head changed to what the heads before it left."""
    before: Mapping[str, str] = base.get("properties", {})
    standing: dict[str, str] = there["properties"]
    differing: dict[str, tuple[str, str]] = {}
    for name, value in one.get("properties", {}).items():
        present = standing.get(name)
        if value == present or (name in standing and value == before.get(name)):
            continue  # the same, or this head left it as it was
        if name in standing and present != before.get(name):
            differing[name] = (value, present or "")
        standing[name] = value
    if one.get("label") and one.get("label") != base.get("label"):
        there["label"] = one["label"]
    list_name, entity = _key(one)
    found = Conflict(list_name, entity, "heads", head.record, head.revision, differing)
    return [found] if differing else []


def _of(one: Opened) -> Iterable[Operation]:
    operations: Iterable[Operation] = one.body.get("entities", ())
    return operations


def _key(one: Operation) -> Key:
    return str(one["list_name"]), str(one["entity_id"])
