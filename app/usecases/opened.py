"""Every record of this device, opened once: what lists, review states and plans are derived from.

After a change only what came since, or found its place in the log since, is read from the store again.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from app.programme.records import Opened, opened
from app.programme.review_state import ReviewState, review_states
from app.store.store import RecordHead, StoredRecord
from app.usecases.worker import KEPT, Worker

_CACHE = f"{KEPT}opened"
COUNTING = ("programme", "submission")  # with `accepted`: what lists and plans follow from
_MANY = 500  # reading so many one by one takes longer than reading all


class Kept(NamedTuple):
    """One revision in all its forms. `plain` is the inner record with `index` and `origin`."""

    stored: StoredRecord
    plain: dict[str, Any]
    opened: Opened


def opened_records(worker: Worker) -> list[Opened]:
    """In log order, as the pure functions of app.programme want them."""
    return worker.derived("opened", lambda: [one.opened for one in _in_order(worker)])


def plain_records(worker: Worker) -> list[dict[str, Any]]:
    """The same as plain mappings, in the same order. Not to be changed by the caller."""
    return worker.derived("plain", lambda: [one.plain for one in _in_order(worker)])


def stored_records(worker: Worker, kind: str) -> list[StoredRecord]:
    """Those of a kind as the store keeps them, in log order."""
    return [one.stored for one in _in_order(worker) if one.opened.kind == kind]


def states(worker: Worker) -> dict[str, ReviewState]:
    """Record id → its review state, for every submission on this device."""
    return worker.derived(
        "states", lambda: review_states(opened_records(worker)), kinds=("submission", "review")
    )


def accepted(worker: Worker) -> str:
    """A name for what counts: it changes when something was rejected, or is rejected no more.

    Lists and plans pass over what was rejected; no other word of a review changes them.
    """
    found = [
        (record, head, word)
        for record, state in states(worker).items()
        for head, word in (("", state.state), *state.head_states.items())
        if word == "rejected"
    ]
    return f"{len(found)}:{hash(frozenset(found))}"


def plain(stored: StoredRecord) -> dict[str, Any]:
    """One stored record: the inner record with its log index (None: not received yet) and origin."""
    return {**stored.record, "index": stored.index, "origin": stored.origin}


def _in_order(worker: Worker) -> list[Kept]:
    return worker.derived("kept", lambda: sorted(_all(worker).values(), key=lambda one: one.opened.order))


def _all(worker: Worker) -> dict[str, Kept]:
    """Revision → record. What was read before is taken from there while its place in the log is the same."""
    before: Mapping[str, Kept] = worker.memo.get(_CACHE, {})
    found: dict[str, Kept] = {}
    new: list[RecordHead] = []
    for head in worker.store.records.heads():
        known = before.get(head.revision)
        if known is not None and known.stored.index == head.log_index:
            found[head.revision] = known
        else:
            new.append(head)
    for stored in _read(worker, new):
        found[stored.revision] = _kept(stored)
    worker.memo[_CACHE] = found
    return found


def _read(worker: Worker, heads: list[RecordHead]) -> Iterable[StoredRecord]:
    """Damaged rows are left out; the store's own check tells of them."""
    if len(heads) > _MANY:
        wanted = {head.revision for head in heads}
        return (stored for stored in worker.store.records.all() if stored.revision in wanted)
    return worker.store.records.some([head.revision for head in heads])


def _kept(stored: StoredRecord) -> Kept:
    ours = plain(stored)
    (one,) = opened([ours])
    return Kept(stored, ours, one)
