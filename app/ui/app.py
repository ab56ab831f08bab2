"""One window of the app: the page's theme, its size, its back button, and the screen that is shown.

`main` is what Flet calls for every window. The window shows the unlock screen until somebody has unlocked,
then the shell of that person's role. It locks by itself when nobody does anything, also while it is out of
sight.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from typing import Any

import flet as ft

from app.ui.ctx import RTL_LANGUAGES, Ctx
from app.ui.desk import Desk
from app.ui.effects import use_effect
from app.ui.enrol.model import joining_of
from app.ui.guard import part
from app.ui.keystore import keystore_for
from app.ui.material import build_theme
from app.ui.nav import builder
from app.ui.noticeboard import noticeboard
from app.ui.shell import shell
from app.ui.signals import Signal, use_signal
from app.ui.theme import DARK, FONTS, LIGHT, PAPER

IDLE_CHECK_S = 5
MODES = {"light": ft.ThemeMode.LIGHT, "dark": ft.ThemeMode.DARK, "system": ft.ThemeMode.SYSTEM}


async def main(page: ft.Page) -> None:
    """Flet's entry point: a window over this device's own data."""
    from app.ui.cases import real_cases
    from app.usecases.services import default_services

    services = replace(default_services(), keystore=await keystore_for(page))
    open_window(page, Desk(real_cases(services), page.route or ""))


def open_window(page: ft.Page, desk: Desk) -> None:
    """Show `desk` in `page`."""
    window = Window(page, desk)
    page.title = "Doorstep"
    page.fonts = dict(FONTS)
    window.dress()
    page.on_resize = window.resized
    page.on_route_change = desk.guard(window.routed)
    page.on_app_lifecycle_state_change = window.lifecycle
    page.on_disconnect = window.closed
    page.on_close = window.closed
    page.render_views(App, window)
    page.run_task(window.watch)


@dataclass
class Window:
    """A page and its desk. `resized_to` fires when the layout must be made anew."""

    page: ft.Page
    desk: Desk
    size: tuple[float, float] = (0, 0)
    resized_to: Signal = field(default_factory=Signal)
    open: bool = True

    def __post_init__(self) -> None:
        self.size = (self.page.width or 1280, self.page.height or 800)
        # Hears of a connection; what waits is then sent without anybody pressing a button.
        self.connectivity = ft.Connectivity(on_change=self.desk.guard(self.connection_changed))
        self.desk.sync.ask = None if self.page.web else self.connectivity.get_connectivity
        self._dressed: tuple[str, float] | None = None
        self._pushed: list[str] = []  # paths we sent to the browser and that it has not reported yet
        self.desk.changed.subscribe(self.dress)

    def ctx(self) -> Ctx:
        """The context of this moment."""
        settings = self.desk.settings
        system_dark = self.page.platform_brightness == ft.Brightness.DARK
        return Ctx(
            width=self.size[0],
            height=self.size[1],
            scale=settings.text_size,
            language=settings.language,
            rtl=settings.language in RTL_LANGUAGES,
            dark=settings.theme == "dark" or (settings.theme == "system" and system_dark),
            timezone=self.desk.cases.timezone(),
            desk=self.desk,
        )

    def dress(self) -> None:
        """Put on the theme of the settings, where it is not on already."""
        settings = self.desk.settings
        if self._dressed == (settings.theme, settings.text_size):
            return
        first, self._dressed = self._dressed is None, (settings.theme, settings.text_size)
        self.page.theme_mode = MODES[settings.theme]
        self.page.theme = build_theme(LIGHT, settings.text_size)
        self.page.dark_theme = build_theme(DARK, settings.text_size)
        if not first:
            self.page.update()

    def resized(self, event: ft.PageResizeEvent) -> None:
        """A new width makes a new layout; a new height alone (the keyboard came up) leaves what is typed
        alone.
        """
        width_changed = event.width != self.size[0]
        self.size = (event.width, event.height)
        if width_changed:
            self.resized_to.emit()

    async def routed(self, event: ft.RouteChangeEvent) -> None:
        """Follow the browser's own steps; what it reports about ours may be late, and would lead back."""
        if event.route in self._pushed:
            del self._pushed[: self._pushed.index(event.route) + 1]
            return
        self._pushed.clear()
        await self.desk.follow(event.route)
        self.show_path()

    def show_path(self) -> None:
        """Let the browser's address say where we are, so that its back button has somewhere to go."""
        path = self.desk.nav.place.path
        if self.page.route != path and self.desk.worker is not None:
            self.page.route = path
            self._pushed.append(path)
            self.page.run_task(self.page.push_route, path)

    async def back(self) -> None:
        self.desk.nav.back()

    async def lifecycle(self, event: ft.AppLifecycleStateChangeEvent) -> None:
        """Android may end a paused app without a word: what is written goes to the store before that."""
        states = ft.AppLifecycleState
        if event.state in (states.HIDE, states.PAUSE, states.DETACH):
            self.out_of_sight()
        elif event.state in (states.SHOW, states.RESUME):
            self.desk.came_back()

    async def connection_changed(self, event: ft.ConnectivityChangeEvent) -> None:
        none = ft.ConnectivityType.NONE  # all that a browser knows
        await self.desk.sync.hear(one for one in event.connectivity if one is none or not self.page.web)

    def out_of_sight(self, event: Any = None) -> None:
        self.desk.went_away()

    def closed(self, event: Any = None) -> None:
        """The window is gone: what is written is kept and the profile is closed, unless another window
        shows it.

        A browser that lost its connection comes back as a new window at the same address: after the
        passphrase the person is where they were. (Resuming the old one was tried: Flet's client then hangs,
        see app.ui.serve.)
        """
        if self.open:
            self.open = False
            self.desk.leave()

    async def watch(self) -> None:
        """Lock when nobody does anything; ends with the window."""
        self.desk.loop = asyncio.get_running_loop()
        with contextlib.suppress(asyncio.CancelledError):
            while self.open:
                await asyncio.sleep(IDLE_CHECK_S)
                if not (self.desk.lock_when_away() or self.desk.lock_when_idle()):
                    await self.desk.safety.save_drafts()


@ft.component
def App(window: Window) -> list[ft.View]:
    """The one view: notices above, the screen below."""
    desk = window.desk
    use_signal(desk.changed)
    use_signal(desk.nav.changed)
    use_signal(window.resized_to)
    use_signal(desk.safety.changed)
    c = window.ctx()
    use_effect(window.show_path, [desk.nav.place.path, desk.worker is not None])
    screen = ft.Column([noticeboard(c), Screen(c, key=desk.nav.place.path)], spacing=0, expand=True)
    return [
        ft.View(
            route="/",
            controls=[ft.SafeArea(screen, expand=True, minimum_padding=0)],
            padding=0,
            spacing=0,
            bgcolor=PAPER,
            can_pop=desk.nav.depth == 1,
            on_confirm_pop=c.on(window.back),
        )
    ]


@part
def Screen(c: Ctx) -> ft.Control:
    """The screen of the place where the person is, inside the shell of their role."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.safety.changed)
    if desk.worker is None and desk.safety.page:
        from app.ui.safety.front import front

        return front(c)
    if desk.worker is None or joining_of(desk).step == "welcome":
        from app.ui.enrol.door import door

        return door(c)
    return shell(c, _body(c, desk))


def _body(c: Ctx, desk: Desk) -> ft.Control:
    place = desk.nav.place
    if place.name == "form":
        return builder("form")(c, place.carry, _closer(c, desk))
    if place.name in ("submission", "merge"):
        return builder(place.name)(c, place.params["record"], _closer(c, desk))
    return builder(place.name)(c, **place.params)


def _closer(c: Ctx, desk: Desk) -> Any:
    said = {
        "kept": c._("Everything is saved. The draft is on the page “Today”."),
        "finished": c._("Finished. It is only on this tablet until it has been sent."),
        "discarded": c._("The draft was thrown away."),
    }

    def on_close(outcome: str = "kept") -> None:
        is_form = desk.nav.place.name == "form"
        desk.nav.close()
        if is_form:
            desk.say(said[outcome])
        desk.sync.refresh()
        desk.data.emit()

    return on_close
