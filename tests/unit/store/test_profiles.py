"""Unlocking, back-off, changing and destroying keyslots."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.protocol.errors import Problem
from app.store import profiles
from app.store.backoff import LONGEST_WAIT, Tries, read_tries
from app.store.profiles import ProfileInfo, change_passphrase, create_profile, destroy_keyslot, list_profiles
from app.store.profiles import unlock_profile as unlock
from tests.unit.store.conftest import every_byte, stored

RIGHT = "cinci cuvinte usor de tinut"
ANA = ProfileInfo("ana", "Ana", "fieldworker")


class Clock:
    """Time that moves only when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    create_profile(tmp_path, ANA, RIGHT, store_key=bytes(range(32)))
    return tmp_path


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries without their half second: the real slot is opened in the other tests."""

    def check(slot: object, passphrase: str, *, keystore_secret: bytes = b"") -> bytes:
        if passphrase != RIGHT:
            raise Problem("crypto.wrong_passphrase")
        return bytes(range(32))

    monkeypatch.setattr(profiles, "open_keyslot", check)


def attempt(data: Path, clock: Callable[[], datetime], passphrase: str = "wrong") -> Problem:
    with pytest.raises(Problem) as caught:
        unlock(data, "ana", passphrase, clock)
    return caught.value


def test_a_profile_unlocks_with_its_passphrase_only(data: Path, clock: Clock) -> None:
    store = unlock(data, "ana", RIGHT, clock)
    store.records.add(stored("a"))
    store.close()
    problem = attempt(data, clock)
    assert problem.code == "crypto.wrong_passphrase" and problem.detail == {"tries": 1, "wait": 0}
    store = unlock(data, "ana", RIGHT, clock)
    assert store.records.count() == 1
    store.close()
    assert sorted(path.name for path in (data / "profiles" / "ana").iterdir()) == [
        "keyslot.json",
        "media",
        "store.db",
        "store.mark",
        "tries.json",
    ]


def test_profiles_are_listed_and_unknown_ones_refused(data: Path, clock: Clock) -> None:
    create_profile(data, ProfileInfo("b", "Bogdan", "supervisor"), RIGHT, store_key=bytes(32))
    (data / "profiles" / ".half.new").mkdir()
    (data / "profiles" / "broken").mkdir()
    (data / "profiles" / "broken" / "keyslot.json").write_text("{")
    assert [info.label for info in list_profiles(data)] == ["Ana", "Bogdan"]
    assert list_profiles(data / "nowhere") == []
    for name in ("nobody", "../ana", ""):
        with pytest.raises(Problem, match=r"store\.unknown_profile"):
            unlock(data, name, RIGHT, clock)
    with pytest.raises(Problem, match=r"crypto\.broken_keyslot"):
        unlock(data, "broken", RIGHT, clock)
    with pytest.raises(Problem, match=r"store\.profile_exists"):
        create_profile(data, ANA, RIGHT, store_key=bytes(32))


def test_one_worker_cannot_open_the_store_of_another(data: Path, clock: Clock) -> None:
    create_profile(data, ProfileInfo("b", "Bogdan", "fieldworker"), "alta", store_key=bytes(32))
    ana, bogdan = data / "profiles" / "ana", data / "profiles" / "b"
    (ana / "store.db").write_bytes((bogdan / "store.db").read_bytes())
    with pytest.raises(Problem, match=r"store\.wrong_key"):
        unlock(data, "ana", RIGHT, clock)


@pytest.mark.usefixtures("fast")
def test_five_wrong_tries_make_it_wait_longer_and_longer(data: Path, clock: Clock) -> None:
    waits = [attempt(data, clock).detail["wait"] for _ in range(5)]
    assert waits == [0, 0, 0, 0, 30]
    refused = attempt(data, clock, RIGHT)
    assert refused.code == "store.locked_out" and refused.detail == {"tries": 5, "wait": 30}
    clock.move(29.5)
    assert attempt(data, clock, RIGHT).detail["wait"] == 1
    clock.move(1)
    assert attempt(data, clock).detail == {"tries": 6, "wait": 60}
    clock.move(61)
    unlock(data, "ana", RIGHT, clock).close()
    assert attempt(data, clock).detail == {"tries": 1, "wait": 0}


@pytest.mark.usefixtures("fast")
def test_setting_the_clock_back_does_not_shorten_the_wait(data: Path, clock: Clock) -> None:
    for _ in range(5):
        attempt(data, clock)
    clock.move(-3600)
    assert attempt(data, clock, RIGHT).detail["wait"] == 30
    clock.move(20)
    assert attempt(data, clock, RIGHT).detail["wait"] == 10
    clock.move(11)
    unlock(data, "ana", RIGHT, clock).close()


def test_the_wait_grows_to_a_day_and_no_further(clock: Clock) -> None:
    tries = Tries(wrong=400)
    assert tries.after_wrong(clock()).wait == LONGEST_WAIT


def test_a_try_is_counted_before_it_is_made(
    data: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for a kill during the half second of scrypt."""

    def killed(*_: object, **__: object) -> bytes:
        raise Killed

    monkeypatch.setattr(profiles, "open_keyslot", killed)
    for _ in range(2):
        with pytest.raises(Killed):
            unlock(data, "ana", RIGHT, clock)
    assert read_tries(data / "profiles" / "ana" / "tries.json").wrong == 2


@pytest.mark.usefixtures("fast")
def test_a_damaged_count_is_not_a_fresh_start(data: Path, clock: Clock) -> None:
    (data / "profiles" / "ana" / "tries.json").write_text("{}")
    assert attempt(data, clock).detail["wait"] == 60


def test_the_passphrase_changes_and_the_visits_stay(data: Path, clock: Clock) -> None:
    store = unlock(data, "ana", RIGHT, clock)
    store.records.add(stored("a"))
    store.close()
    with pytest.raises(Problem, match=r"crypto\.wrong_passphrase"):
        change_passphrase(data, "ana", "wrong", "nou", clock)
    change_passphrase(data, "ana", RIGHT, "o alta fraza de trecere", clock)
    assert attempt(data, clock, RIGHT).code == "crypto.wrong_passphrase"
    store = unlock(data, "ana", "o alta fraza de trecere", clock)
    assert store.records.count() == 1
    store.close()


def test_a_destroyed_keyslot_opens_nothing(data: Path, clock: Clock) -> None:
    slot = json.loads((data / "profiles" / "ana" / "keyslot.json").read_text())["slot"]
    destroy_keyslot(data, "ana")
    assert slot["wrapped"].encode() not in every_byte(data)
    assert list_profiles(data) == []
    with pytest.raises(Problem, match=r"store\.unknown_profile"):
        unlock(data, "ana", RIGHT, clock)
