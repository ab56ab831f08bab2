"""How much at once, and how long to wait: sizes that adapt to the link, waits with full jitter."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from app.protocol.versions import CHUNK_LIMIT, CHUNK_MIN

TARGET_SECONDS = 4.0  # a cut costs at most what the link carries in this time …
FIRST_SIZE = 64 * 1024  # … or this much before anything was measured
SMOOTHING = 0.4

BASE_SECONDS = 1.0
CAP_SECONDS = 60.0


class Pace:
    """The size of the next request, from what the last ones took."""

    def __init__(self, rate: float | None = None) -> None:
        self.rate = rate  # bytes a second, None before the first measurement

    def size(self, limit: int = CHUNK_LIMIT) -> int:
        """Bytes to put into the next request: 16 to 64 KiB on a slow link, more on a fast one."""
        wanted = FIRST_SIZE if self.rate is None else int(self.rate * TARGET_SECONDS)
        return max(CHUNK_MIN, min(wanted, limit))

    def measured(self, size: int, seconds: float) -> None:
        """Learns from a request of so many bytes; small ones measure the delay, not the link."""
        if size < CHUNK_MIN // 2 or seconds <= 0:
            return
        rate = size / seconds
        self.rate = rate if self.rate is None else self.rate + SMOOTHING * (rate - self.rate)

    def cut(self) -> None:
        """A request was cut: the next ones are smaller."""
        self.rate = (self.rate or FIRST_SIZE / TARGET_SECONDS) / 2

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
