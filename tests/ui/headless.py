"""A real Flet session on a connection that leads nowhere: screens are mounted, pressed and read without a client.

    async with Headless(lambda page: open_window(page, desk)) as app:
        await app.press("unlock.open")
        assert "Familia Exemplu 12" in app.words()

What the session sends is encoded as on the wire, because that encoding takes the snapshots that later diffs need.
"""

import asyncio
import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

ROUND_S = 0.002
LINKS = ("_parent", "_session", "_parent_component")


class NowhereConnection(Connection):
    """Takes messages, encodes them, and remembers what the session complained about."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(1)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.messages = 0
        self.crashes: list[str] = []

    def send_message(self, message: Any) -> None:
        msgpack.packb([message.action, message.body], default=_encode())
        self.messages += 1
        if message.action.name == "SESSION_CRASHED":
            self.crashes.append(str(getattr(message.body, "message", message.body)))

    def dispose(self) -> None:
        self.executor.shutdown(wait=False)


def _encode() -> Callable[[Any], Any]:
    return configure_encode_object_for_msgpack(BaseControl)


class Headless:
    """One window. `size` in dp is what the client would have reported."""

    def __init__(self, main: Callable[[ft.Page], Any], size: tuple[float, float] = (1280, 800)) -> None:
        self._main, self._size = main, size

    async def __aenter__(self) -> "Headless":
        self.connection = NowhereConnection()
        self.session = Session(self.connection)
        self.page = self.session.page
        self.page.width, self.page.height = self._size
        msgpack.packb(self.session.get_page_patch(), default=_encode())
        _context_page.set(self.page)
        self._main(self.page)
        await self.settle()
        return self

    async def __aexit__(self, *failure: Any) -> None:
        crashes = list(self.connection.crashes)
        await self.page._trigger_event("close", None)
        self.session.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        self.connection.dispose()
        if failure[0] is None:
            assert not crashes, f"the session crashed: {crashes[0]}"

    async def settle(self, rounds: int = 12) -> None:
        """Let queued updates, effects and handlers run."""
        for _ in range(rounds):
            await asyncio.sleep(ROUND_S)

    async def until(self, true: Callable[[], Any], seconds: float = 5) -> None:
        """Wait until something holds; fails with what is on the screen."""
        for _ in range(int(seconds / 0.01)):
            if true():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"never happened; on screen: {self.words()}")

    # Finding
    def walk(self, node: Any = None, seen: set[int] | None = None) -> Iterator[BaseControl]:
        """Every control on the page, dialogs too, in the order of the tree."""
        seen = set() if seen is None else seen
        node = self.page if node is None else node
        if isinstance(node, list | tuple):
            for one in node:
                yield from self.walk(one, seen)
        elif isinstance(node, dict):
            for one in node.values():
                yield from self.walk(one, seen)
        elif isinstance(node, BaseControl) and id(node) not in seen:
            seen.add(id(node))
            yield node
            for field in dataclasses.fields(node):
                value = None if field.name in LINKS else getattr(node, field.name, None)
                if isinstance(value, BaseControl | list | tuple | dict):
                    yield from self.walk(value, seen)

    def find(self, kind: type, **wanted: Any) -> list[Any]:
        """Controls of a class with these attributes."""
        return [
            one
            for one in self.walk()
            if isinstance(one, kind)
            and all(getattr(one, name, None) == value for name, value in wanted.items())
        ]

    def ids(self) -> list[str]:
        """Every semantics identifier on the page."""
        return [one.identifier for one in self.find(ft.Semantics) if one.identifier]

    def tagged(self, identifier: str) -> Any:
        """The control inside the semantics identifier; fails where it is absent."""
        found = self.find(ft.Semantics, identifier=identifier)
        assert found, f"no {identifier!r}; there are {sorted(set(self.ids()))}"
        return found[0].content

    def words(self, identifier: str | None = None) -> str:
        """All visible text, or that within an identifier, joined by spaces."""
        root = None if identifier is None else self.tagged(identifier)
        return " ".join(one.value for one in self.walk(root) if isinstance(one, ft.Text) and one.value)

    # Acting
    async def press(self, identifier: str) -> None:
        """Click the control of an identifier. Fails where it cannot be pressed."""
        control = self._pressable(identifier)
        await self.session.dispatch_event(control._i, "click", None)
        await self.settle()

    def _pressable(self, identifier: str) -> Any:
        for one in self.walk(self.tagged(identifier)):
            if getattr(one, "on_click", None) is not None:
                assert not getattr(one, "disabled", False), f"{identifier} is disabled"
                return one
        raise AssertionError(f"nothing to press in {identifier!r}")

    async def write(self, identifier: str, text: str) -> None:
        """Type into the field of an identifier: the value arrives, then the change event."""
        field = self.field(identifier)
        self.session.apply_patch(field._i, {"value": text})
        await self.session.dispatch_event(field._i, "change", text)
        await self.settle()

    async def submit(self, identifier: str) -> None:
        field = self.field(identifier)
        await self.session.dispatch_event(field._i, "submit", field.value)
        await self.settle()

    def field(self, identifier: str) -> Any:
        return next(one for one in self.walk(self.tagged(identifier)) if isinstance(one, ft.TextField))

    async def resize(self, width: float, height: float) -> None:
        self.page.width, self.page.height = width, height
        await self.page._trigger_event("resize", {"width": width, "height": height})
        await self.settle()

    async def event(self, name: str, data: Any = None) -> None:
        """An event of the page itself (`app_lifecycle_state_change`, `route_change`)."""
        await self.page._trigger_event(name, data)
        await self.settle()


def run(story: Callable[[], Any]) -> Any:
    """Run an async test story to its end."""
    return asyncio.run(story())
