"""The platform's keystore, where there is one: a secret that never lies in our files.

With it a copy of the files alone cannot be guessed at, so a short PIN is enough. Android, iOS and the desktop
have one; a browser has none. Reading may wait for the platform: call from a worker thread, never from the
event loop.
"""

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


def secret_of(keystore: Keystore | None, profile: str) -> bytes:
    """The secret that a keyslot needs. Raises crypto.keystore_gone where the device no longer has it."""
    found = keystore.read(profile) if keystore is not None else None
    if not found:
        raise Problem("crypto.keystore_gone")
    return found
