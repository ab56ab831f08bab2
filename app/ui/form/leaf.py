"""Components that are drawn again only when they have to be."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.guard import part


def leaf(fn: Callable[..., Any]) -> Callable[..., Any]:
    """A component (its first argument is the context) that its parents' rendering leaves alone: it is drawn again
    when an argument is another one, when a `Topic` among its arguments is fired, or by its own state."""
    made: Callable[..., Any] = ft.memo(part(fn))
    return made
