"""Change signals between models and the components that show them.

A model kept in `ft.use_ref` is invisible to Flet; a component that shows it calls `use_signal(model.changed)`
and is rendered again at each `emit()`. The component that owns a text field does not: typing is undisturbed.
"""

from collections.abc import Callable

import flet as ft

from app.ui.effects import use_effect


class Signal:
    """A list of listeners. Call `emit()` on the page's event loop (from a thread:
    `Desk.later(signal.emit)`).
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Add a listener; returns the function that removes it (harmless when called twice)."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def emit(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def use_signal(signal: Signal) -> None:
    """Hook: render the calling component again whenever `signal` is emitted."""
    _, bump = ft.use_state(0)
    use_effect(lambda: signal.subscribe(lambda: bump(lambda n: n + 1)), [id(signal)])
