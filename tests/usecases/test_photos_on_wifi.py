"""Photos may wait for Wi-Fi; forms never do; the ledger says which of them wait."""

import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.crypto.attachment import seal_attachment
from app.store.store import OutboxEntry, StoredRecord
from app.usecases.connection import connection_of, hear_connection, waits_for_wifi
from app.usecases.device_settings import DeviceSettings, read_settings, write_settings
from app.usecases.ledger import ledger, sync_status
from app.usecases.seal import keep_record, readers
from app.usecases.services import Services
from app.usecases.sync_now import sync_now
from app.usecases.views import LedgerRow, RecordState
from app.usecases.worker import Worker

LARGE, SMALL = os.urandom(300_000), os.urandom(3_000)
WIFI_ONLY = replace(DeviceSettings(), photos_on_wifi_only=True)


def visit(worker: Worker, *photos: bytes) -> StoredRecord:
    """A finished visit with photos."""
    kept = []
    for number, photo in enumerate(photos):
        sealed = BytesIO()
        kept.append(seal_attachment(BytesIO(photo), sealed, f"foto-{number}.jpg"))
        worker.store.media.put(kept[-1].sha256, sealed.getvalue())
    return keep_record(
        worker,
        "submission",
        {"household_label": "Familia Exemplu 12", "synthetic": True},
        devices=readers(worker, worker.roster()),
        attachments=tuple(one.to_dict() for one in kept),
    )


def row_of(worker: Worker, stored: StoredRecord) -> LedgerRow:
    return next(row for row in ledger(worker) if row.record == stored.record_id)


def test_the_setting_is_off_until_somebody_asks_for_it(tmp_path: Path) -> None:
    services = Services(tmp_path)
    assert read_settings(services).photos_on_wifi_only is False
    write_settings(services, WIFI_ONLY)
    assert read_settings(services).photos_on_wifi_only is True
    (tmp_path / "settings.json").write_text('{"photos_on_wifi_only": "yes"}')
    assert read_settings(services).photos_on_wifi_only is False


@pytest.mark.parametrize(
    ("kinds", "word"),
    [
        (["wifi"], "wifi"),
        (["mobile", "wifi"], "wifi"),
        (["vpn", "mobile"], "mobile"),
        (["ethernet"], "ethernet"),
        (["vpn"], "unknown"),
        ([], "unknown"),
        (["none"], "none"),
    ],
)
def test_what_a_platform_reports_is_one_word(kinds: list[str], word: str) -> None:
    assert connection_of(kinds) == word


@pytest.mark.parametrize(
    ("connection", "only_wifi", "anyway", "waits"),
    [
        ("mobile", True, False, True),
        ("mobile", True, True, False),
        ("mobile", False, False, False),
        ("wifi", True, False, False),
        ("ethernet", True, False, False),
        ("unknown", True, False, False),  # in a browser nobody can tell
    ],
)
def test_a_large_photo_waits_on_mobile_data_where_the_setting_says_so(
    tmp_path: Path, connection: str, only_wifi: bool, anyway: bool, waits: bool
) -> None:
    services = Services(tmp_path)
    write_settings(services, replace(DeviceSettings(), photos_on_wifi_only=only_wifi))
    worker: Any = SimpleNamespace(services=services, connection=connection, photos_anyway=anyway)
    photo = OutboxEntry(
        "f" * 64, "r", None, None, None, "waiting", None, None, "attachment", "f" * 64, 300_000
    )
    assert waits_for_wifi(worker)(photo) is waits
    assert not waits_for_wifi(worker)(replace(photo, size=20_000))  # a signature travels with its form
    assert not waits_for_wifi(worker)(replace(photo, state="received"))
    record = OutboxEntry("r1", "r", 0, {"size": 300_000}, b"", "waiting", None, None)
    assert not waits_for_wifi(worker)(record)


def test_a_photo_waits_and_its_form_does_not_until_there_is_wifi(ana: Worker) -> None:
    write_settings(ana.services, WIFI_ONLY)
    first = visit(ana, LARGE, SMALL)
    hear_connection(ana, "mobile")
    outcome = sync_now(ana)
    assert outcome.problem is None and (outcome.sent, outcome.postponed) == (1, 1)
    row = row_of(ana, first)
    assert (row.state, row.parts, row.parts_sent) == (RecordState.SENDING, 3, 2)
    assert row.log_index is not None  # the form itself is received
    assert [(one.state, one.waits_for_wifi) for one in row.files] == [("waiting", True), ("received", False)]
    status = sync_status(ana)
    assert (status.waiting, status.photos, status.for_wifi) == (0, 1, 1)

    hear_connection(ana, "wifi")
    assert sync_status(ana).for_wifi == 0 and not row_of(ana, first).files[0].waits_for_wifi
    assert sync_now(ana).postponed == 0
    assert row_of(ana, first).state is RecordState.RECEIVED and sync_status(ana).photos == 0

    hear_connection(ana, "mobile")
    second = visit(ana, LARGE)
    assert sync_now(ana).postponed == 1
    assert sync_now(ana, photos_anyway=True).postponed == 0
    assert row_of(ana, second).state is RecordState.RECEIVED
    visit(ana, LARGE)
    assert sync_now(ana).postponed == 1  # "anyway" was for once


def test_a_photo_lost_on_the_tablet_is_named_in_the_ledger(ana: Worker) -> None:
    stored = visit(ana, LARGE)
    (photo,) = stored.record["attachments"]
    ana.store.media.delete(photo["sha256"])
    assert sync_now(ana).problem is None
    row = row_of(ana, stored)
    assert row.state is RecordState.STOPPED and row.log_index is not None
    assert row.files[0].problem is not None and row.files[0].problem.code == "store.not_found"
