"""What lists and searches run over: the heads of all records, decrypted, in memory."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from app.store.backend import Content
from app.store.model import RecordHead

SHORT = 200  # characters; longer texts of a body are not for lists
_LABELS = ("instance_name", "household_label", "name", "note")


def summary_of(body: dict[str, Any]) -> Content:
    """The short plain fields of a record's body."""
    return {
        name: value
        for name, value in body.items()
        if isinstance(value, bool | int) or (isinstance(value, str) and len(value) <= SHORT)
    }


def head_of(content: Content, order: int) -> RecordHead:
    """The head of a stored record's content."""
    record = content["record"]
    return RecordHead(
        revision=record["revision"],
        record_id=record["record"],
        kind=record["kind"],
        form=record.get("form", ""),
        form_version=record.get("form_version", ""),
        created=record.get("created", ""),
        author_device=record.get("author_device", ""),
        seq=record.get("seq", 0),
        epoch=record.get("epoch", 0),
        parents=tuple(record.get("parents", ())),
        log_index=content["index"],
        origin=content["origin"],
        order=order,
        summary=summary_of(record.get("body", {})),
    )


def folded(text: str) -> str:
    """Text without case and diacritics, so that „Stefan” finds „Ștefan”."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


class RecordIndex:
    """Heads by revision, by record and by kind, each in order of insertion."""

    def __init__(self, heads: Iterable[RecordHead] = ()) -> None:
        self._heads: dict[str, RecordHead] = {}
        self._of_record: dict[str, list[str]] = {}
        self._of_kind: dict[str, dict[str, None]] = {}
        self._folded: dict[str, str] = {}
        self._next_order = 0
        for head in heads:
            self.put(head)

    def put(self, head: RecordHead) -> None:
        """Adds a head, or replaces the one of the same revision in its place."""
        if head.revision not in self._heads:
            self._of_record.setdefault(head.record_id, []).append(head.revision)
            self._of_kind.setdefault(head.kind, {})[head.revision] = None
        self._heads[head.revision] = head
        self._next_order = max(self._next_order, head.order + 1)
        self._folded.pop(head.revision, None)

    def remove(self, revision: str) -> None:
        head = self._heads.pop(revision, None)
        if head is not None:
            self._of_record[head.record_id].remove(revision)
            del self._of_kind[head.kind][revision]
            self._folded.pop(revision, None)

    def get(self, revision: str) -> RecordHead | None:
        return self._heads.get(revision)

    def of(self, record_id: str) -> list[str]:
        return list(self._of_record.get(record_id, ()))

    def of_kind(self, kind: str | None) -> list[str]:
        return list(self._heads if kind is None else self._of_kind.get(kind, ()))

    def heads(self, kind: str | None = None) -> list[RecordHead]:
        return list(self._heads.values()) if kind is None else [self._heads[r] for r in self.of_kind(kind)]

    def search(self, text: str, kind: str | None = None) -> Iterator[RecordHead]:
        """Heads whose labels hold every word of the text."""
        words = folded(text).split()
        for head in self.heads(kind):
            found = self._folded.get(head.revision)
            if found is None:
                labels = " ".join(str(head.summary[name]) for name in _LABELS if name in head.summary)
                found = self._folded[head.revision] = folded(labels)
            if all(word in found for word in words):
                yield head

    def next_order(self) -> int:
        """One more than any order so far."""
        return self._next_order

    def __contains__(self, revision: str) -> bool:
        return revision in self._heads

    def __len__(self) -> int:
        return len(self._heads)
