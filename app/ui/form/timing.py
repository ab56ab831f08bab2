"""Doing something a moment later on the page's event loop, and being able to think better of it."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Later(Protocol):
    """Call `action` after `seconds`; the function returned takes it back, harmlessly also afterwards."""

    def __call__(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]: ...


def on_the_loop(seconds: float, action: Callable[[], None]) -> Callable[[], None]:
    """`Later` on the running event loop, in the context (the page) of the caller."""
    return asyncio.get_running_loop().call_later(seconds, action).cancel
