"""Noticing that an earlier copy of a store's file was put back in its place.

Encryption cannot tell: the earlier file was genuine once. So the store counts its openings and closings in a row
of its own, and keeps the same number in marks outside the file. A store that counts less than one of its marks is
an earlier copy. What a mark is worth depends on where it lies:

 file mark (always)        found out: whoever puts back the database alone. Not: whoever puts back both files.
 keystore mark (where the  found out: whoever puts back any files of this device.
 device has a keystore)

Numbers already used before the server are a second line: it knows this device's newest entry
(`app/sync/rollback.py`), also when nothing here does.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, Protocol

from app.store.backend import Backend
from app.store.boxes import BoxDamaged, Boxer, RandomBytes
from app.store.files import write_atomically
from app.store.values import Values

COUNTED = "store.generation"
PUT_BACK = "store.put_back"
"""A value that stays until somebody has looked into it: {"counted", "marked"}, the two numbers."""

Age = Literal["current", "older", "unmarked"]
"""`older`: an earlier copy was put back. `unmarked`: the mark is gone, so nobody can tell."""


class Mark(Protocol):
    """One number kept outside the database."""

    def read(self) -> int | None:
        """The number; None where there is none, none that this store wrote, or its place does not answer."""
        ...

    def write(self, n: int) -> None:
        """Raises Problem("store.…")."""
        ...


class FileMark:
    """A mark beside the database, sealed with the store's key."""

    def __init__(self, path: Path, store_key: bytes, random: RandomBytes) -> None:
        self._path = path
        self._boxer = Boxer(store_key, "mark", random)

    def read(self) -> int | None:
        try:
            return int.from_bytes(self._boxer.open(0, 0, self._path.read_bytes()), "big")
        except (OSError, BoxDamaged):
            return None

    def write(self, n: int) -> None:
        write_atomically(self._path, self._boxer.seal(0, 0, n.to_bytes(8, "big")))


class Generation:
    """The count of one opened store, and its marks."""

    def __init__(
        self, backend: Backend, values: Values, beside: Mark, elsewhere: Sequence[Mark] = ()
    ) -> None:
        """`beside` is kept up at every step; marks `elsewhere` may be slow and are asked at openings only."""
        self._backend = backend
        self._values = values
        self._beside = beside
        self._elsewhere = elsewhere

    def age(self) -> Age:
        """What this store is, compared with its marks. Changes nothing."""
        counted = self.counted()
        marked = _highest(mark.read() for mark in (self._beside, *self._elsewhere))
        if marked is None:
            return "unmarked" if counted else "current"
        return "older" if counted < marked else "current"

    def counted(self) -> int:
        return int(self._values.get(COUNTED, 0))

    def opened(self) -> None:
        """Counts one opening, with all marks."""
        self._advance((self._beside, *self._elsewhere))

    def closing(self) -> None:
        """Counts on before closing, so that a copy made meanwhile is an earlier one."""
        self._advance((self._beside,))

    def _advance(self, marks: Sequence[Mark]) -> None:
        """The database first: after a kill in between it is ahead of its marks, which is fine.

        From then on the marks fit again, so what `age` had to say about an earlier copy is kept as a value.
        """
        marked = _highest(mark.read() for mark in marks) or 0
        with self._backend.transaction():
            counted = self.counted()
            if counted < marked:
                self._values.set(PUT_BACK, {"counted": counted, "marked": marked})
            following = max(counted, marked) + 1
            self._values.set(COUNTED, following)
        for mark in marks:
            mark.write(following)

    def put_back(self) -> bool:
        """Whether an earlier copy was put back, now or before, and nobody has looked into it yet."""
        return self._values.get(PUT_BACK) is not None


def looked_into(values: Values) -> None:
    """Ends the warning: a synchronisation has compared this store with the server's log."""
    values.delete(PUT_BACK)


def _highest(found: Iterable[int | None]) -> int | None:
    return max((n for n in found if n is not None), default=None)
