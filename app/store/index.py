"""What lists and searches run over: the heads of all records, decrypted, in memory."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from app.store.backend import Content
from app.store.model import RecordHead

SHORT = 200  # characters; longer texts of a body are not for lists
PARENTS = RecordHead._fields.index("parents")
NAMES = RecordHead._fields.index("names")
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
    summary = summary_of(record.get("body", {}))
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
        names=tuple(summary),
        values=list(summary.values()),
    )


def pack_heads(heads: list[RecordHead]) -> Content:
    """Heads for a snapshot: the sets of names are written once and referred to by number."""
    shapes: dict[tuple[str, ...], int] = {}
    rows = [(*head[:NAMES], shapes.setdefault(head.names, len(shapes)), head.values) for head in heads]
    return {"shapes": list(shapes), "heads": rows}


def unpack_heads(packed: Content) -> list[RecordHead]:
    """The heads of a snapshot, in their order."""
    shapes = [tuple(names) for names in packed["shapes"]]
    heads = []
    for row in packed["heads"]:
        row[PARENTS] = tuple(row[PARENTS])
        row[NAMES] = shapes[row[NAMES]]
        heads.append(RecordHead._make(row))
    return heads


def folded(text: str) -> str:
    """Text without case and diacritics, so that „Stefan” finds „Ștefan”."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


class RecordIndex:
    """Heads by revision and by record, in order of insertion."""

    def __init__(self, heads: Iterable[RecordHead] = ()) -> None:
        self._heads = {head.revision: head for head in heads}
        self._next_order = max((head.order for head in self._heads.values()), default=-1) + 1
        self._of_record: dict[str, list[str]] | None = None  # made when first asked for
        self._folded: dict[str, str] = {}

    def put(self, head: RecordHead) -> None:
        """Adds a head, or replaces the one of the same revision in its place."""
        if self._of_record is not None and head.revision not in self._heads:
            self._of_record.setdefault(head.record_id, []).append(head.revision)
        self._heads[head.revision] = head
        self._next_order = max(self._next_order, head.order + 1)
        self._folded.pop(head.revision, None)

    def remove(self, revision: str) -> None:
        if self._heads.pop(revision, None) is not None:
            self._of_record = None
            self._folded.pop(revision, None)

    def get(self, revision: str) -> RecordHead | None:
        return self._heads.get(revision)

    def of(self, record_id: str) -> list[str]:
        """The revisions of a record."""
        if self._of_record is None:
            self._of_record = {}
            for head in self._heads.values():
                self._of_record.setdefault(head.record_id, []).append(head.revision)
        return list(self._of_record.get(record_id, ()))

    def heads(self, kind: str | None = None) -> list[RecordHead]:
        return [head for head in self._heads.values() if kind is None or head.kind == kind]

    def search(self, text: str, kind: str | None = None) -> Iterator[RecordHead]:
        """Heads whose labels hold every word of the text."""
        words = folded(text).split()
        for head in self.heads(kind):
            found = self._folded.get(head.revision)
            if found is None:
                summary = head.summary
                labels = " ".join(str(summary[name]) for name in _LABELS if name in summary)
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
