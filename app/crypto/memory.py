"""What the process keeps in memory while somebody works, and where it must not end up."""


def no_core_dumps() -> bool:
    """Forbids this process to write its memory to disk when it crashes; whether the platform can.

    Other places where memory goes stay as they are: swap, hibernation, and whoever may debug this process.
    """
    try:
        import resource
    except ImportError:  # Windows
        return False
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        return False
    return True
