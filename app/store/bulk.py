"""Reading tens of thousands of rows at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the cycle collector while a great many small values are made that hold no cycles.

    It would walk all of them again and again: half of the time to unlock 50,000 records (bench.store).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
