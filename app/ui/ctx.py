"""What every piece and screen needs to know about the page: room, words, direction, and the desk behind it.

A `Ctx` is immutable and cheap; the app makes a new one when the window, the language, the theme or the text
size changes. Left and right exist only here (`pad`, `edge`): everything else says start and end.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import flet as ft

from app.ui import theme as t
from app.ui.i18n import Words

if TYPE_CHECKING:
    from app.ui.desk import Desk

RTL_LANGUAGES = ("ar", "ur", "fa", "he")
LTR_ISOLATE, POP_ISOLATE = "\u2066", "\u2069"


@dataclass(frozen=True)
class Ctx:
    """`width`, `height` in dp; `scale` is the text size (1.0 to 2.0); `desk` is the page's own state and
    doors.
    """

    width: float
    height: float
    scale: float = 1.0
    language: str = "en"
    rtl: bool = False
    dark: bool = False
    timezone: tzinfo = UTC
    desk: "Desk | None" = field(default=None, compare=False)

    # words
    def _(self, message: str, /, **fields: object) -> str:
        """The message in the page's language, `{fields}` filled in."""
        return Words(self.language).text(message, **fields)

    def n_(self, one: str, many: str, n: int, /, **fields: object) -> str:
        """The plural form for `n`; `{n}` is filled in."""
        return Words(self.language).plural(one, many, n, **fields)

    # room
    @property
    def room(self) -> str:
        """`compact`, `medium` or `expanded`: width divided by text size, so big text gets a calmer layout."""
        width = self.width / self.scale
        if width < t.COMPACT_BELOW:
            return "compact"
        return "medium" if width < t.EXPANDED_FROM else "expanded"

    @property
    def compact(self) -> bool:
        return self.room == "compact"

    @property
    def expanded(self) -> bool:
        return self.room == "expanded"

    @property
    def gutter(self) -> int:
        return {"compact": t.S4, "medium": t.S6, "expanded": t.S8}[self.room]

    # direction
    def pad(self, start: float = 0, top: float = 0, end: float = 0, bottom: float = 0) -> ft.Padding:
        left, right = (end, start) if self.rtl else (start, end)
        return ft.Padding(left=left, top=top, right=right, bottom=bottom)

    def edge(self, width: float, color: str) -> ft.Border:
        """A border on the start side only."""
        side = ft.BorderSide(width, color)
        return ft.Border(right=side) if self.rtl else ft.Border(left=side)

    def ltr(self, text: str) -> str:
        """Numbers with Latin units keep their order inside right-to-left text."""
        return f"{LTR_ISOLATE}{text}{POP_ISOLATE}" if self.rtl else text

    # doors
    def on(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """An event handler whose failure becomes a calm notice: of no or one argument, sync or async."""
        return self.desk.guard(handler) if self.desk else handler

    def local(self, moment: datetime) -> datetime:
        """An aware moment in the timezone of the programme."""
        return moment.astimezone(self.timezone)
