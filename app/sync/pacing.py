"""How much at once, and how long to wait: sizes that adapt to the link, waits with full jitter."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from app.protocol.versions import CHUNK_LIMIT, CHUNK_MIN

TARGET_SECONDS = 2.0  # a cut costs at most what the link carries in this time …
PATIENCE = 6.0  # … or, on a link that has not been cut for a while, in this
FIRST_SIZE = 64 * 1024  # … or this much before anything was measured
# While nothing is cut, a request's own weight matters more than what a cut would cost.
BATCH_FLOOR = 64 * 1024
LANE_SIZE = 64 * 1024  # a chunk worth a request of its own beside others
SMOOTHING = 0.4

BASE_SECONDS = 1.0
CAP_SECONDS = 60.0


class Pace:
    """The size of the next request, from what the last ones took. Used by several lanes at once."""

    def __init__(self, rate: float | None = None) -> None:
        self.rate = rate  # bytes a second of the whole link, None before the first measurement
        self._floor = BATCH_FLOOR
        self._seconds = TARGET_SECONDS
        self._lock = Lock()

    def size(self, limit: int = CHUNK_LIMIT) -> int:
        """Bytes to put into the next chunk: 16 to 64 KiB on a slow link, more on a fast one."""
        return max(CHUNK_MIN, min(self._wanted(), limit))

    def batch(self, limit: int = CHUNK_LIMIT) -> int:
        """Bytes to put into the next batch of entries or page: not less than 64 KiB until the link is cut."""
        return min(max(self._floor, self._wanted()), limit)

    def lanes(self, most: int) -> int:
        """How many objects to send at once: as many as leave each a decent chunk, so that a cut, which ends them
        all, costs no more than one large chunk would."""
        return max(1, min(most, self._wanted() // LANE_SIZE))

    def _wanted(self) -> int:
        return FIRST_SIZE if self.rate is None else int(self.rate * self._seconds)

    def measured(self, size: int, seconds: float, beside: int = 0) -> None:
        """Learns from a request of so many bytes that shared the link with `beside` others; small ones measure
        the delay, not the link."""
        if size < CHUNK_MIN // 2 or seconds <= 0:
            return
        rate = size / seconds * (beside + 1)
        with self._lock:
            self.rate = rate if self.rate is None else self.rate + SMOOTHING * (rate - self.rate)
            self._floor = min(BATCH_FLOOR, self._floor * 5 // 4)
            self._seconds = min(PATIENCE, self._seconds * 1.5)

    def cut(self) -> None:
        """A request was cut: the next ones are smaller."""
        with self._lock:
            self.rate = (self.rate or FIRST_SIZE / TARGET_SECONDS) / 2
            self._floor = max(CHUNK_MIN, self._floor // 2)
            self._seconds = TARGET_SECONDS

    def timeout(self, size: int) -> float:
        """Seconds of silence to bear while so many bytes are on their way over a very slow link."""
        return 30.0 + size / 2_000


@dataclass(frozen=True)
class Backoff:
    """Full jitter (any time up to the bound, which doubles): many tablets do not come back at once."""

    random: Callable[[int], bytes]
    tries: int = 5

    def wait(self, attempt: int, retry_after: float | None = None) -> float:
        """Seconds before try number `attempt` + 1, never less than the server asked for."""
        bound = min(CAP_SECONDS, BASE_SECONDS * 2**attempt)
        (number,) = struct.unpack(">Q", self.random(8))
        jitter: float = number / 2**64 * bound
        return jitter if retry_after is None else retry_after + jitter
