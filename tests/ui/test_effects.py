"""Effects: a failing one never reaches the page, and what a signal took is given back."""

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.effects import use_effect
from app.ui.signals import Signal, use_signal
from tests.ui.headless import Headless


def show(component: Callable[..., Any], *arguments: Any) -> Callable[[ft.Page], None]:
    return lambda page: page.render(lambda: component(*arguments))


def test_a_failing_effect_or_cleanup_does_not_crash_the_session() -> None:
    ran: list[str] = []

    def broken(name: str) -> None:
        ran.append(name)
        raise ValueError(name)

    async def later() -> None:
        broken("later")

    @ft.component
    def Fragile(toggle: Signal) -> ft.Control:
        use_signal(toggle)
        use_effect(lambda: broken("setup"), None, lambda: broken("cleanup"))
        use_effect(later, None)
        return ft.Text(str(len(ran)))

    async def go() -> None:
        toggle = Signal()
        async with Headless(show(Fragile, toggle)) as app:  # fails at its end where the session crashed
            toggle.emit()
            await app.settle()

    asyncio.run(go())
    assert {"setup", "cleanup", "later"} <= set(ran)


def test_a_listener_is_given_back_when_its_component_goes() -> None:
    """Also after it was drawn again, when Flet itself has forgotten the cleanup."""
    inner, outer = Signal(), Signal()
    shown = [True]

    @ft.component
    def Part() -> ft.Control:
        use_signal(inner)
        return ft.Text("part")

    @ft.component
    def Whole() -> ft.Control:
        use_signal(outer)
        return ft.Column([Part()] if shown[0] else [])

    async def go() -> None:
        async with Headless(show(Whole)) as app:
            assert len(inner._listeners) == 1
            for _ in range(3):
                inner.emit()
                await app.settle()
            assert len(inner._listeners) == 1
            shown[0] = False
            outer.emit()
            await app.settle()
            assert inner._listeners == []

    asyncio.run(go())
