"""What one process holds in memory, and keeping it small."""

import ctypes
import gc

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # mallopt(3)


def frugal() -> None:
    """Asks the C library to give memory back: by default each thread has a heap that only grows.

    Does nothing where the library has no such call.
    """
    gc.collect()
    library = ctypes.CDLL(None)
    for option, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, 64 * 1024), (_TRIM_THRESHOLD, 128 * 1024)):
        if hasattr(library, "mallopt"):
            library.mallopt(option, value)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)


def resident() -> float:
    """This process's resident bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return float(file.read().split()[1]) * 4096
    except OSError:
        return 0.0
