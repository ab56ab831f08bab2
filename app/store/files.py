"""Files that are replaced whole: after a kill or a power cut there is the old one or the new one."""

import os
from collections.abc import Iterable
from pathlib import Path

from app.store.faults import translated


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Writes beside the target, makes that durable, renames it. Raises store.disk_full, store.read_only."""
    temporary = path.with_name(path.name + ".new")
    with translated():
        try:
            with open(temporary, "wb") as file:
                for part in [data] if isinstance(data, bytes) else data:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes renames in a folder durable, where the platform can (Windows cannot open folders)."""
    if os.name == "nt":
        return
    with translated():
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
