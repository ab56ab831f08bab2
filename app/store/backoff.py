"""Waiting after wrong passphrases, remembered across restarts.

Five tries are free; after that each wrong one doubles the wait, from 30 seconds to a day. A try is noted
before the passphrase is tested, so killing the app in between does not make it free.

The wait is kept as "so many seconds from then". If the clock now shows a time before "then" (it was set
back), the wait starts again from now: setting the clock back never shortens it. Setting it forward does;
against somebody with hours and the file itself only the passphrase and scrypt protect (docs/security).
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.store.faults import translated
from app.store.files import write_atomically

FREE_TRIES = 5
FIRST_WAIT = 30
LONGEST_WAIT = 24 * 3600


@dataclass(frozen=True)
class Tries:
    """`wrong` tries in a row; from `since` (Unix seconds) on, `wait` seconds must pass."""

    wrong: int = 0
    since: float = 0.0
    wait: int = 0

    def remaining(self, now: datetime) -> int:
        """Whole seconds still to wait."""
        passed = max(0.0, now.timestamp() - self.since)
        return max(0, -int(-(self.wait - passed) // 1))

    def after_wrong(self, now: datetime) -> "Tries":
        wrong = self.wrong + 1
        wait = 0 if wrong < FREE_TRIES else min(FIRST_WAIT << min(wrong - FREE_TRIES, 20), LONGEST_WAIT)
        return Tries(wrong, now.timestamp(), wait)

    def if_clock_set_back(self, now: datetime) -> "Tries":
        """The same wait counted from now, where `since` lies in the future."""
        return Tries(self.wrong, now.timestamp(), self.wait) if now.timestamp() < self.since else self


def read_tries(path: Path) -> Tries:
    """The remembered tries; a file that does not read counts as having used up the free ones."""
    if not path.exists():
        return Tries()
    with translated():
        text = path.read_text("utf-8")
    try:
        found = json.loads(text)
        return Tries(int(found["wrong"]), float(found["since"]), int(found["wait"]))
    except (ValueError, KeyError, TypeError):
        return Tries(wrong=FREE_TRIES)


def write_tries(path: Path, tries: Tries) -> None:
    """Remembers durably; raises store.disk_full, store.read_only."""
    write_atomically(path, json.dumps(asdict(tries)).encode())
