"""The platform's keystore, where there is one: a secret that never lies in our files.

With it a copy of the files alone cannot be guessed at, so a short PIN is enough. Android, iOS and the desktop
have one; a browser has none. Reading may wait for the platform: call from a worker thread, never from the
event loop.
"""

from contextlib import suppress
from typing import Protocol

from app.protocol.errors import Problem

SECRET_SIZE = 32


class Keystore(Protocol):
    """One secret a profile. Every call raises Problem("crypto.keystore_silent") where the platform fails."""

    @property
    def usable(self) -> bool:
        """Whether it answered when the app started; a new lock does without one that did not."""
        ...

    def read(self, profile: str) -> bytes | None:
        """The secret, None where there is none (any more)."""
        ...

    def write(self, profile: str, secret: bytes) -> None:
        """Keeps a secret durably, replacing the one before."""
        ...

    def forget(self, profile: str) -> None:
        """Deletes a secret; deleting what is not there is fine."""
        ...


class KeystoreMark:
    """The age of a profile's store, kept where nobody can put files back (`app.store.generation.Mark`).

    A keystore that does not answer keeps nobody out: the mark then stays behind, and one that is too low never
    accuses anybody. Called while opening only, from a worker thread.
    """

    def __init__(self, keystore: Keystore, profile: str) -> None:
        self._keystore = keystore
        self._name = mark_name(profile)

    def read(self) -> int | None:
        with suppress(Problem):
            found = self._keystore.read(self._name)
            return None if found is None else int.from_bytes(found, "big")
        return None

    def write(self, n: int) -> None:
        with suppress(Problem):
            self._keystore.write(self._name, n.to_bytes(8, "big"))


def mark_name(profile: str) -> str:
    """Under what the keystore keeps it; no profile's id holds a slash."""
    return f"{profile}/age"


def secret_of(keystore: Keystore | None, profile: str) -> bytes:
    """The secret that a keyslot needs. Raises crypto.keystore_gone where the device no longer has it."""
    found = keystore.read(profile) if keystore is not None else None
    if not found:
        raise Problem("crypto.keystore_gone")
    return found
