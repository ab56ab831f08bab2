"""Drafts: a snapshot of the form instance, and a journal of every answer since.

 start ─▶ snapshot 0, next entry 0
 append ─▶ journal entry n (durable before it returns)
 snapshot ─▶ new snapshot that covers entries below n; those are deleted in the same transaction
 load ─▶ snapshot + entries from n on

Entry numbers only grow, so an entry from before a snapshot can never be taken for a later answer. The journal
keeps its end with it: answers that somebody deleted there are counted as unreadable, like those in its middle.
"""

from collections.abc import Callable
from typing import Any

from app.protocol.errors import Problem
from app.store.backend import Backend, Content
from app.store.model import Draft, DraftHead

SNAPSHOT_FLOOR = 1024


class Drafts:
    """All drafts of one worker."""

    def __init__(self, backend: Backend, new_id: Callable[[], str]) -> None:
        self._backend = backend
        self._heads = backend.table("draft", floor=256)
        self._snapshots = backend.table("draft_snapshot", floor=SNAPSHOT_FLOOR)
        self._journal = backend.journal()
        self._new_id = new_id

    def start(self, meta: dict[str, Any], snapshot: bytes) -> str:
        """A new draft with its first snapshot; gives its id."""
        draft_id = self._new_id()
        with self._backend.transaction():
            self._heads.put(draft_id, {"meta": meta, "from": 0, "ends": True})
            self._snapshots.put(draft_id, {"xml": snapshot})
            self._journal.begin(draft_id)
        return draft_id

    def append(self, draft_id: str, entry: dict[str, Any]) -> None:
        """Adds one answer, on disk when this returns. Raises store.not_found, store.disk_full."""
        with self._backend.transaction():
            self._journal.append(draft_id, self._next_number(draft_id), entry)

    def snapshot(self, draft_id: str, xml: bytes) -> None:
        """Replaces the snapshot, which now covers everything appended so far, and empties the journal."""
        with self._backend.transaction():
            head = self._head(draft_id)
            n = self._next_number(draft_id)
            self._heads.put(draft_id, {**head, "from": n})
            self._snapshots.put(draft_id, {"xml": xml})
            self._journal.truncate(draft_id, below_n=n)

    def load(self, draft_id: str) -> Draft:
        """The draft with everything needed to resume it; raises store.not_found."""
        with self._backend.reading():
            head = self._head(draft_id)
            snapshot = self._snapshots.get(draft_id)
            entries, beyond = self._journal.read(draft_id, head["from"])
            missing = self._missing(draft_id, head, len(entries))
        if snapshot is None:
            raise Problem("store.not_found", what="draft")
        return Draft(draft_id, head["meta"], snapshot["xml"], entries, max(beyond, missing))

    def _missing(self, draft_id: str, head: Content, read: int) -> int:
        """How many answers the journal's end speaks of that could not be read; at least one where the end
        itself is gone. Stores of older releases have none."""
        try:
            following = self._journal.next(draft_id)
        except Problem as problem:
            if problem.code != "store.row_damaged":
                raise
            return 1
        if following is None:
            return 1 if head.get("ends") else 0
        return max(0, following - int(head["from"]) - read)

    def list(self) -> list[DraftHead]:
        """Every draft without its answers, the one whose head changed last at the end."""
        return [DraftHead(key, content["meta"]) for key, _, content in self._heads.scan()]

    def set_meta(self, draft_id: str, meta: dict[str, Any]) -> None:
        """Replaces what lists show of a draft; raises store.not_found."""
        with self._backend.transaction():
            self._heads.put(draft_id, {**self._head(draft_id), "meta": meta})

    def discard(self, draft_id: str) -> None:
        """Deletes a draft with its journal; deleting what is not there is fine."""
        with self._backend.transaction():
            self._heads.delete(draft_id)
            self._snapshots.delete(draft_id)
            self._journal.truncate(draft_id)

    def count(self) -> int:
        return self._heads.count()

    def _head(self, draft_id: str) -> Content:
        head = self._heads.get(draft_id)
        if head is None:
            raise Problem("store.not_found", what="draft")
        return head

    def _next_number(self, draft_id: str) -> int:
        """By the journal's end; where that is not there, by its newest entry or the snapshot."""
        try:
            following = self._journal.next(draft_id)
        except Problem as problem:
            if problem.code != "store.row_damaged":
                raise
            following = None
        if following is not None:
            return following
        last = self._journal.last(draft_id)
        return int(self._head(draft_id)["from"]) if last is None else last + 1
