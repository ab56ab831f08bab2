"""Attachments of pulled records: known by name at once, fetched when somebody wants to see them.

A supervisor who looks at twenty records on a slow link should not wait for two hundred photos.
"""

from app.protocol.errors import Problem
from app.store.store import Store
from app.sync.courier import Courier
from app.sync.intake import ATTACHMENT
from app.sync.objects import download


def is_here(store: Store, sha256: str) -> bool:
    """Whether the sealed file can be opened without a connection."""
    return store.media.has(sha256)


def log_index(store: Store, sha256: str) -> int | None:
    """Where the log announced the sealed file; None while its author has not sent it."""
    known = store.values.get(ATTACHMENT + sha256)
    found: int | None = None if known is None else known["index"]
    return found


def fetch_attachment(store: Store, courier: Courier, sha256: str, size: int) -> bytes:
    """The sealed file (age), fetched if it is not here; `size` as the record names it.

    Resumes a download that was cut. Raises Problem: sync.altered, sync.object_missing, sync.server_away …
    """
    if not store.media.has(sha256):
        if size <= 0:
            raise Problem("sync.object_missing")
        download(courier, sha256, size, store.media)
    return store.media.read(sha256)
