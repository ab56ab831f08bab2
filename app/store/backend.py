"""What a repository needs from whatever keeps its rows. Two implementers: `rows.py` (SQLite) and `memory.py`.

Keys are names (a revision, a draft id, the name of a value); contents are msgpack-able dicts.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

Content = dict[str, Any]


class RowTable(Protocol):
    """Named rows. `stamp` is the change counter at which a row was last written."""

    def get(self, key: str) -> Content | None:
        """The content, None where there is no such row; raises store.row_damaged."""
        ...

    def put(self, key: str, content: Content) -> int:
        """Inserts or replaces; returns the new stamp."""
        ...

    def delete(self, key: str) -> bool: ...

    def scan(self, after: int = 0) -> Iterator[tuple[str, int, Content]]:
        """(key, stamp, content) of rows changed after that stamp, oldest change first; damaged rows are left
        out and reported by `damaged()`."""
        ...

    def count(self) -> int: ...

    def damaged(self) -> int:
        """How many rows the last complete `scan()` could not open."""
        ...


class JournalTable(Protocol):
    """The answers of drafts: append-only, numbered without gaps. The end of each is kept with it, so that
    answers missing there are noticed as well."""

    def begin(self, draft: str) -> None:
        """A journal without entries, whose first will have the number 0; only inside a transaction."""
        ...

    def append(self, draft: str, n: int, content: Content) -> None:
        """Adds the entry of that number, the next one; only inside a transaction."""
        ...

    def next(self, draft: str) -> int | None:
        """The number of the next entry; None for a journal that does not say where it ends (a store of an
        older release, or somebody deleted it). Raises store.row_damaged."""
        ...

    def last(self, draft: str) -> int | None:
        """The highest number of a draft's entries."""
        ...

    def read(self, draft: str, from_n: int) -> tuple[list[Content], int]:
        """Entries from that number on, up to the first gap or damaged one; and how many are there beyond it."""
        ...

    def truncate(self, draft: str, below_n: int | None = None) -> None:
        """Deletes a draft's journal, or its entries below a number."""
        ...

    def count(self) -> int: ...


class Backend(Protocol):
    """Tables by name, and the transaction around them."""

    def table(self, name: str, floor: int = 64, *, compress: bool = True) -> RowTable: ...

    def journal(self) -> JournalTable: ...

    def transaction(self) -> AbstractContextManager[None]: ...

    def reading(self) -> AbstractContextManager[None]:
        """Several reads of one state; no writing inside."""
        ...

    def after_rollback(self, hook: Callable[[], None]) -> None:
        """Runs `hook` if the current transaction (or its inner part) is rolled back."""
        ...

    def version(self) -> int: ...

    def scrub(self) -> None: ...

    def close(self) -> None: ...
