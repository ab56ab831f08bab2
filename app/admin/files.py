"""Writing files that hold secrets: readable by their owner alone, whole or not at all, never over another."""

import os
from pathlib import Path


def write_secret(path: Path, data: bytes) -> None:
    """A new file with mode 0600, on disk before this returns. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())


def replace_secret(path: Path, data: bytes) -> None:
    """As `write_secret`, but the new content takes the place of the old in one step."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    write_secret(draft, data)
    os.replace(draft, path)
