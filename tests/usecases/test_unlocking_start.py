"""Before anybody unlocks: a device that is too weak is refused, a wrong clock only warned of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.crypto.selftest import CHECKS
from app.store.profiles import ProfileInfo, destroy_keyslot, list_profiles
from app.usecases.device_facts import read_facts
from app.usecases.services import Services
from app.usecases.start import accept_clock, check_start
from app.usecases.unlocking import create_locked_profile

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return Services(data_dir=tmp_path / "data", clock=lambda: NOW, scrypt_target=0)


def at(services: Services, **ahead: float) -> Services:
    return replace(services, clock=lambda: NOW + timedelta(**ahead))


def test_an_ordinary_device_starts_and_remembers_the_time(services: Services) -> None:
    assert check_start(services).fine
    assert read_facts(services).last_seen_at == NOW
    assert check_start(at(services, hours=-20)).fine, "a corrected clock is no question"
    assert read_facts(services).last_seen_at == NOW, "the time seen never goes back by itself"


def test_a_missing_primitive_is_refused_by_name(services: Services) -> None:
    start = check_start(services, {**CHECKS, "X25519": lambda: False, "scrypt": lambda: False})
    assert start.refused is not None and start.refused.code == "crypto.platform_too_weak"
    assert start.refused.detail == {"missing": "X25519, scrypt"} and start.refused.todo
    assert read_facts(services).last_seen == 0


def test_random_numbers_that_repeat_are_refused(services: Services) -> None:
    start = check_start(replace(services, random=bytes))
    assert start.refused is not None and "random" in str(start.refused.detail["missing"])


@pytest.mark.parametrize("days", [-3, -900, -20_000, 40_000])
def test_a_wrong_clock_is_a_warning_that_lets_one_go_on(services: Services, days: int) -> None:
    check_start(services)
    wrong = at(services, days=days)
    start = check_start(wrong)
    assert start.refused is None and start.clock is not None and start.clock.code == "crypto.clock_wrong"
    accept_clock(wrong)
    if days == -3:
        assert check_start(wrong).fine


def test_a_full_device_still_starts(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.protocol.errors import Problem
    from app.usecases import start

    def full(*arguments: object, **more: object) -> None:
        raise Problem("store.disk_full")

    monkeypatch.setattr(start, "note_facts", full)
    assert check_start(services).fine


def test_what_a_removed_profile_leaves_is_swept_but_sealed_work_stays(services: Services) -> None:
    for name in ("gone", "kept"):
        create_locked_profile(
            services, ProfileInfo(name, name, "fieldworker"), "punte lampa ulcior trifoi vant"
        )
    folder = services.data_dir / "profiles"
    (folder / "kept" / "unsent").mkdir()
    (folder / "kept" / "unsent" / "drafts.age").write_bytes(b"sealed")
    for name in ("gone", "kept"):
        destroy_keyslot(services.data_dir, name)
    assert check_start(services).fine and list_profiles(services.data_dir) == []
    assert not (folder / "gone").exists()
    assert (folder / "kept" / "unsent" / "drafts.age").read_bytes() == b"sealed"
    assert not (folder / "kept" / "store.db").exists()
