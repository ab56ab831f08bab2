"""The form screen in a headless window: pressing and typing as a person does, key by key."""

import asyncio
from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.form import screen
from tests.ui.form_desk import context
from tests.ui.headless import Headless


class FormWindow(Headless):
    """One form on a window of its own; `outcomes` is what it was left with."""

    def __init__(self, filling: Any, c: Ctx | None = None) -> None:
        self.filling, self.c, self.outcomes = filling, c or context(), []
        super().__init__(self._open, (self.c.width, self.c.height))

    def _open(self, page: ft.Page) -> None:
        page.render(_alone, self.c, self.filling, self.outcomes.append)

    async def type(self, identifier: str, text: str, leave: bool = True, pace: float = 0.0) -> ft.TextField:
        """Enter a field, type key by key as the client reports it, and leave it."""
        field = self.field(identifier)
        await self.session.dispatch_event(field._i, "focus", None)
        for at in range(len(text)):
            self.session.apply_patch(field._i, {"value": text[: at + 1]})
            await self.session.dispatch_event(field._i, "change", text[: at + 1])
            await asyncio.sleep(pace)
        if leave:
            await self.blur(identifier)
        return field

    async def blur(self, identifier: str) -> None:
        await self.session.dispatch_event(self.field(identifier)._i, "blur", None)
        await self.settle()

    def shows(self, identifier: str) -> bool:
        return identifier in self.ids()


@ft.component
def _alone(c: Ctx, filling: Any, on_close: Any) -> ft.Control:
    return screen(c, filling, on_close)
