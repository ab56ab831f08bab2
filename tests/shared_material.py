"""Finds the reference material that lives beside the project, and skips clearly where it is absent."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("DOORSTEP_SHARED", ROOT.parent / "shared"))


def shared(*parts: str) -> Path:
    """The path below the shared folder; skips the calling test (or module) where it does not exist."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        reason = f"reference material {'/'.join(parts)} is not beside the project"
        pytest.skip(reason, allow_module_level=True)
    return path
