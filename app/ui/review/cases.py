"""The use cases of merging and of photos, as one bundle for `UseCases.reviewing`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

_REAL = {
    "merge_page": "merging", "keep_choice": "merging", "merge_note": "merging",
    "merge_preview": "merging", "decide_merge": "merging", "attachment": "attachments",
}  # fmt: skip


@dataclass(frozen=True)
class ReviewCases:
    """Two versions of a record, and the files of a submission; documented in `app.usecases`."""

    merge_page: Callable[..., Any]
    keep_choice: Callable[..., None]
    merge_note: Callable[..., None]
    merge_preview: Callable[..., Any]
    decide_merge: Callable[..., Any]
    attachment: Callable[..., bytes]


def real_reviewing() -> ReviewCases:
    """The bundle over `app.usecases`."""
    return ReviewCases(
        **{name: getattr(import_module(f"app.usecases.{module}"), name) for name, module in _REAL.items()}
    )
