"""The platform's keystore through Flet: Android's, Apple's keychain, and the desktops' own; never a browser's.

A secret is 32 random bytes a profile, written as base64. `reset_on_error=False` on Android: by its default the
package erases every secret when one cannot be read, and with it every profile's lock. On Apple systems the entry
stays on this device: it is not in backups and is not synchronised.

Not run on a real device yet: everything here was tested against a stand-in for the package.
"""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from concurrent.futures import TimeoutError as NoAnswer
from typing import Any, TypeVar

import flet as ft

from app.protocol.errors import Problem

T = TypeVar("T")

PREFIX = "doorstep.profile."
PROBE = "doorstep.probe"
ANSWER_S = 20.0  # a locked keychain may ask the person first
PLATFORMS = (
    ft.PagePlatform.ANDROID,
    ft.PagePlatform.IOS,
    ft.PagePlatform.MACOS,
    ft.PagePlatform.WINDOWS,
    ft.PagePlatform.LINUX,
)


class FletKeystore:
    """`app.usecases.keystore.Keystore` over a `SecureStorage` service. Called from worker threads only.

    `usable` False: it did not answer when the app started. New locks then do without it, and what needs it says so.
    """

    def __init__(self, storage: Any, loop: asyncio.AbstractEventLoop, usable: bool = True) -> None:
        self._storage = storage
        self._loop = loop
        self.usable = usable

    def read(self, profile: str) -> bytes | None:
        found = self._ask(lambda: self._storage.get(PREFIX + profile))
        if found is None:
            return None
        try:
            return base64.b64decode(str(found), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Problem("crypto.keystore_silent") from error

    def write(self, profile: str, secret: bytes) -> None:
        """Writes and reads back: what the platform did not keep must not become half of a lock."""
        text = base64.b64encode(secret).decode("ascii")
        self._ask(lambda: self._storage.set(PREFIX + profile, text))
        if self.read(profile) != secret:
            raise Problem("crypto.keystore_silent")

    def forget(self, profile: str) -> None:
        self._ask(lambda: self._storage.remove(PREFIX + profile))

    def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        async def asked() -> T:
            return await call()

        try:
            return asyncio.run_coroutine_threadsafe(asked(), self._loop).result(ANSWER_S)
        except (NoAnswer, TimeoutError, RuntimeError, ft.FletException) as error:
            raise Problem("crypto.keystore_silent") from error


async def keystore_for(page: ft.Page) -> FletKeystore | None:
    """The keystore of this device; None in a browser."""
    if page.web or page.platform not in PLATFORMS:
        return None
    storage = secure_storage()
    return FletKeystore(storage, asyncio.get_running_loop(), await answers(storage))


def secure_storage() -> Any:
    """The service with options that neither erase nor travel."""
    import flet_secure_storage as fss

    accessible = fss.KeychainAccessibility.FIRST_UNLOCK_THIS_DEVICE
    return fss.SecureStorage(
        android_options=fss.AndroidOptions(reset_on_error=False, migrate_on_algorithm_change=True),
        ios_options=fss.IOSOptions(accessibility=accessible, synchronizable=False),
        macos_options=fss.MacOsOptions(accessibility=accessible, synchronizable=False),
    )


async def answers(storage: Any) -> bool:
    """Whether what is written can be read again: a Linux desktop may have no key service at all."""
    try:
        async with asyncio.timeout(ANSWER_S):
            await storage.set(PROBE, "1")
            found = await storage.get(PROBE)
            await storage.remove(PROBE)
    except (TimeoutError, RuntimeError, ft.FletException):
        return False
    return bool(found == "1")
