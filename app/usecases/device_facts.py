"""What this device found out about itself: the lock's cost it can bear, and the latest time it has seen.

Kept in `device.json` beside `settings.json`, in a file of its own, so that a screen which saves an older copy of
the settings cannot turn the clock check back. Readable before anybody unlocks; nothing about people.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app.crypto.selftest import LATEST
from app.store.files import write_atomically
from app.usecases.services import Services


@dataclass(frozen=True)
class DeviceFacts:
    """`log_n` is 0 until measured. `last_seen` (Unix seconds) is 0 until the first start."""

    log_n: int = 0
    last_seen: float = 0.0

    @property
    def last_seen_at(self) -> datetime | None:
        return datetime.fromtimestamp(self.last_seen, UTC) if self.last_seen else None


def read_facts(services: Services) -> DeviceFacts:
    """The facts kept so far; nothing known where the file is absent or damaged."""
    try:
        found = json.loads(_path(services).read_text("utf-8"))
        facts = DeviceFacts(int(found.get("log_n", 0)), float(found.get("last_seen", 0.0)))
        return facts if 0 <= facts.last_seen < LATEST.timestamp() else replace(facts, last_seen=0.0)
    except (OSError, ValueError, TypeError, AttributeError, OverflowError):
        return DeviceFacts()


def note_facts(
    services: Services, *, log_n: int | None = None, last_seen: float | None = None
) -> DeviceFacts:
    """Changes some facts and keeps them durably. Raises store.disk_full, store.read_only."""
    facts = read_facts(services)
    facts = DeviceFacts(
        facts.log_n if log_n is None else log_n, facts.last_seen if last_seen is None else last_seen
    )
    services.data_dir.mkdir(parents=True, exist_ok=True)
    write_atomically(_path(services), json.dumps(asdict(facts)).encode())
    return facts


def _path(services: Services) -> Path:
    return services.data_dir / "device.json"
