"""What the server asks of a place for large sealed objects. All calls block; the caller minds its threads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

PIECE = 256 * 1024  # bytes read or hashed at a time: no object is ever in memory whole


class ObjectDamaged(OSError):
    """The place has an object of this name, but not all of its bytes."""


@dataclass(frozen=True)
class Upload:
    """One device's unfinished upload of one object; its own, so that nobody can spoil another's."""

    workspace: str
    device: str
    sha256: str


class ObjectStore(Protocol):
    """Implemented by `files.FileObjects` and `remote.RemoteObjects`; one contract suite holds for both."""

    def offset(self, upload: Upload) -> int:
        """How many bytes of it are kept durably."""

    def append(self, upload: Upload, offset: int, data: bytes, *, last: bool = False) -> int:
        """Keeps the next bytes durably and returns the new offset. `last`: with them the object is whole.

        Raises Problem("server.offset_mismatch", offset=…) unless `offset` is where the upload stands.
        """

    def finish(self, upload: Upload) -> int:
        """Turns an upload whose last bytes have come into an object and returns its size; may be repeated.

        Raises Problem("server.object_corrupt") and forgets the upload where the hash is another.
        """

    def ended(self, upload: Upload) -> bool:
        """Whether the last bytes have come, so that `finish` is all that is missing, or a `discard` after it.

        So it is found again where the server stopped between any two of its steps.
        """

    def discard(self, upload: Upload) -> None:
        """Forgets the upload; an object that has come of it stays."""

    def uploads(self, workspace: str, device: str) -> int:
        """How many unfinished uploads a device has."""

    def size(self, workspace: str, sha256: str) -> int | None:
        """None where there is no such object."""

    def read(self, workspace: str, sha256: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes start … end-1 in pieces; raises FileNotFoundError or ObjectDamaged before the first."""

    def remove(self, workspace: str, sha256: str) -> None: ...

    def objects(self) -> Iterator[tuple[str, str, float]]:
        """Every (workspace, sha256, Unix seconds it was last written) kept."""

    def drop_stale(self, before: float) -> int:
        """Forgets unfinished uploads untouched since `before` (Unix seconds); returns how many."""

    def ready(self) -> None:
        """Raises OSError where the place is away or cannot be written to."""
