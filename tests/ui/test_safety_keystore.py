"""The platform's keystore through Flet, against a stand-in for the package's service."""

import asyncio
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest

from app.protocol.errors import Problem
from app.ui import keystore as module
from app.ui.keystore import FletKeystore, answers, keystore_for, secure_storage


class Storage:
    """What flet_secure_storage.SecureStorage does, in memory. `fails`: raise as a locked device does."""

    def __init__(self, fails: bool = False, forgets: bool = False) -> None:
        self.kept: dict[str, str] = {}
        self.fails, self.forgets = fails, forgets

    async def get(self, key: str) -> str | None:
        self._try()
        return self.kept.get(key)

    async def set(self, key: str, value: str) -> None:
        self._try()
        if not self.forgets:
            self.kept[key] = value

    async def remove(self, key: str) -> None:
        self._try()
        self.kept.pop(key, None)

    def _try(self) -> None:
        if self.fails:
            raise RuntimeError("the keychain is locked")


def in_a_thread(storage: Storage, call: Any) -> Any:
    """Calls with a keystore whose service lives on a running loop, as the app does it."""

    async def story() -> Any:
        keystore = FletKeystore(storage, asyncio.get_running_loop())
        return await asyncio.to_thread(call, keystore)

    return asyncio.run(story())


def test_a_secret_is_written_read_and_forgotten() -> None:
    storage, secret = Storage(), bytes(range(32))

    def story(keystore: FletKeystore) -> None:
        assert keystore.read("ana") is None
        keystore.write("ana", secret)
        assert keystore.read("ana") == secret and list(storage.kept) == ["doorstep.profile.ana"]
        assert keystore.read("ion") is None
        keystore.forget("ana")
        keystore.forget("ana")
        assert keystore.read("ana") is None

    in_a_thread(storage, story)


@pytest.mark.parametrize("storage", [Storage(fails=True), Storage(forgets=True)])
def test_what_the_platform_does_not_keep_is_told(storage: Storage) -> None:
    def story(keystore: FletKeystore) -> None:
        with pytest.raises(Problem, match=r"crypto\.keystore_silent"):
            keystore.write("ana", bytes(32))

    in_a_thread(storage, story)


def test_a_garbled_secret_is_not_taken_for_a_lost_one() -> None:
    storage = Storage()
    storage.kept["doorstep.profile.ana"] = "no base64!"

    def story(keystore: FletKeystore) -> None:
        with pytest.raises(Problem, match=r"crypto\.keystore_silent"):
            keystore.read("ana")

    in_a_thread(storage, story)


def test_a_probe_tells_whether_it_can_be_counted_on() -> None:
    assert asyncio.run(answers(Storage()))
    assert not asyncio.run(answers(Storage(fails=True)))
    assert not asyncio.run(answers(Storage(forgets=True)))
    storage = Storage()
    asyncio.run(answers(storage))
    assert storage.kept == {}


@pytest.mark.parametrize(
    ("web", "platform", "expected"),
    [
        (True, ft.PagePlatform.ANDROID, False),
        (True, ft.PagePlatform.LINUX, False),
        (False, ft.PagePlatform.ANDROID, True),
        (False, ft.PagePlatform.IOS, True),
        (False, ft.PagePlatform.MACOS, True),
    ],
)
def test_a_browser_never_has_one(
    web: bool, platform: ft.PagePlatform, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "secure_storage", Storage)
    page: Any = SimpleNamespace(web=web, platform=platform)
    found = asyncio.run(keystore_for(page))
    assert (found is not None) is expected
    assert found is None or found.usable


def test_the_options_erase_nothing_and_do_not_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    import flet_secure_storage as fss

    given: dict[str, Any] = {}
    monkeypatch.setattr(fss, "SecureStorage", lambda **options: given.update(options))
    secure_storage()
    assert given["android_options"].reset_on_error is False
    for name in ("ios_options", "macos_options"):
        assert given[name].synchronizable is False
        assert given[name].accessibility is fss.KeychainAccessibility.FIRST_UNLOCK_THIS_DEVICE
