"""What the device is connected by, and what waits because of it.

Photos may wait for Wi-Fi (a setting of the device). Records never wait: they are small, and they are the work.
Where nobody can tell what the connection is (in a browser, over a cable nobody named), it counts as free.
"""

from collections.abc import Callable, Iterable
from typing import Any

from app.protocol.versions import INLINE_LIMIT
from app.store.store import OutboxEntry
from app.usecases.device_settings import read_settings
from app.usecases.worker import Worker

FREE = ("wifi", "ethernet")
METERED = "mobile"
UNKNOWN = "unknown"
_FILES = frozenset({"attachment", "carried"})


def connection_of(kinds: Iterable[str]) -> str:
    """One word for what a platform reports (several kinds at once, a VPN among them): wifi, ethernet, mobile or
    unknown; "none" where there is no connection."""
    heard = list(kinds)
    for kind in (*FREE, METERED):
        if kind in heard:
            return kind
    return "none" if heard == ["none"] else UNKNOWN


def hear_connection(worker: Any, connection: str) -> None:
    """Notes what the device is connected by (a word of `connection_of`)."""
    worker.connection = connection


def waits_for_wifi(worker: Worker) -> Callable[[OutboxEntry], bool]:
    """Whether an entry is a large file that waits for Wi-Fi now. Smaller ones (a signature, a drawing) travel
    with the records; one that was given its number already must follow up."""
    free = worker.connection != METERED or worker.photos_anyway
    if free or not read_settings(worker.services).photos_on_wifi_only:
        return lambda _: False
    return lambda entry: (
        entry.role in _FILES
        and not entry.numbered
        and entry.state != "received"
        and entry.size > INLINE_LIMIT
    )
