"""What the screens say while photos wait for Wi-Fi, and that they go by themselves when there is some."""

import asyncio
import threading
from dataclasses import replace
from typing import Any

from app.ui.app import open_window
from app.ui.desk import Desk
from app.usecases.views import LedgerFile, RecordState, SyncOutcome, SyncProgress, SyncStatus
from tests.ui import sample
from tests.ui.fakes import PASSPHRASE, World, make_cases
from tests.ui.headless import Headless, run
from tests.ui.test_shell_screens import Unlocked, english

ROW = replace(
    sample.ledger_row(5, RecordState.SENDING, 3, 2),
    log_index=4,
    files=(
        LedgerFile("a.jpg", 1_480_000, "waiting", True, None),
        LedgerFile("b.jpg", 30_000, "received", False, None),
    ),
)


class Phone:
    """What the use cases would say of two photos that wait."""

    def __init__(self) -> None:
        self.waiting, self.photos, self.mobile = 0, 2, True
        self.calls: list[bool] = []

    def status(self, worker: Any) -> SyncStatus:
        self.mobile = worker.connection == "mobile"
        for_wifi = self.photos if self.mobile else 0
        return SyncStatus(
            "https://exemplu.invalid", self.waiting, sample.NOW, None, False, 0, self.photos, for_wifi
        )

    def sync_now(
        self, worker: Any, progress: Any, cancel: threading.Event, photos_anyway: bool = False
    ) -> SyncOutcome:
        self.calls.append(photos_anyway)
        left = self.photos if worker.connection == "mobile" and not photos_anyway else 0
        self.waiting, self.photos = 0, left
        return SyncOutcome(0, 0, 0, None, postponed=left)


def window(phone: Phone, world: World | None = None) -> Unlocked:
    return Unlocked(
        world or english(),
        sync_status=phone.status,
        sync_now=phone.sync_now,
        ledger=lambda worker, language: [ROW],
    )


def test_photos_that_wait_for_wifi_are_named_and_can_be_sent_anyway() -> None:
    async def story() -> None:
        phone, opened = Phone(), None
        opened = window(phone)
        async with opened as app:
            opened.desk.sync.ask = None
            await opened.desk.sync.hear(["mobile"])
            assert phone.calls == []  # nothing that could go now
            await app.press("nav.sent")
            assert "2 photos are only on this tablet" in app.words("sent.syncing")
            assert "2 photos wait for Wi-Fi." in app.words("sent.syncing")
            words = app.words("sent.record.r5")
            assert "2 of 3 received" in words and "Sending 2 of 3" not in words
            assert "The server has the form and gave a receipt" in words
            assert "Photo 1 of 2 (1.5 MB): waits for Wi-Fi" in words and "Photo 2" not in words
            await app.press("sent.sync.photos")
            await app.until(lambda: phone.calls == [True])
            await app.until(lambda: "sent.sync.photos" not in app.ids())

    run(story)


def test_what_waits_goes_by_itself_when_there_is_wifi() -> None:
    async def story() -> None:
        phone = Phone()
        opened = window(phone)
        async with opened:
            sync = opened.desk.sync
            sync.ask = None
            await sync.hear(["mobile"])
            assert phone.calls == []
            await sync.hear(["none"])
            assert phone.calls == []
            await sync.hear(["wifi"])
            assert phone.calls == [False] and phone.photos == 0
            await sync.hear(["wifi"])
            assert phone.calls == [False]  # nothing waits
            phone.waiting = 1
            await sync.hear(["mobile"])
            assert phone.calls == [False, False] and phone.waiting == 0  # a form goes over any connection

    run(story)


def test_the_platform_is_asked_before_each_synchronisation() -> None:
    async def story() -> None:
        phone = Phone()
        opened = window(phone)
        async with opened:
            sync = opened.desk.sync

            async def ask() -> list[str]:
                return ["mobile"]

            sync.ask = ask
            await sync.start()
            assert sync.connection == "mobile" and phone.photos == 2

            async def silent() -> list[str]:
                raise RuntimeError("the page is going away")

            sync.ask = silent
            await sync.start()
            assert sync.connection == "mobile" and phone.calls == [False, False]

    run(story)


def test_the_card_says_about_how_long_it_still_takes() -> None:
    async def story() -> None:
        gate = threading.Event()

        def sync_now(worker: Any, progress: Any, cancel: threading.Event) -> SyncOutcome:
            progress(SyncProgress("push", 1, 30, 1024, 40960, 290.0))
            gate.wait(30)
            return SyncOutcome(30, 0, 0, None)

        opened = Unlocked(english(), sync_now=sync_now)
        async with opened as app:
            opened.desk.sync.ask = None
            running = asyncio.create_task(opened.desk.sync.start())
            await app.until(lambda: "About 5 minutes left." in app.words("today.syncing"))
            gate.set()
            await running

    run(story)


def test_the_setting_is_on_the_settings_page() -> None:
    async def story() -> None:
        world = english()
        desk = Desk(make_cases(world))
        async with Headless(lambda page: open_window(page, desk)) as app:
            await desk.unlock("p-ana", PASSPHRASE)
            await app.settle()
            await app.press("nav.settings")
            await app.press("settings.photos.wifi")
            assert world.settings.photos_on_wifi_only
            await app.press("settings.photos.any")
            assert not world.settings.photos_on_wifi_only

    run(story)
