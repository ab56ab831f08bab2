"""The lock of a profile: what is accepted as a passphrase, the keystore's half, changing it, and losing it."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.crypto.keyslot import FLOOR_LOG_N
from app.protocol.errors import Problem
from app.store import profiles as store_profiles
from app.store.profiles import ProfileInfo
from app.usecases import unlocking
from app.usecases.device_facts import DeviceFacts, note_facts, read_facts
from app.usecases.services import Services
from app.usecases.unlocking import change_lock, create_locked_profile, new_lock, open_profile

WORDS = "punte lampa ulcior trifoi vant"
OTHER = "copac fereastra drum paine soare"
ANA = ProfileInfo("ana", "Ana Exemplu", "fieldworker")


class FakeKeystore:
    """A platform's keystore in memory; `silent` makes it fail as a locked screen does."""

    def __init__(self) -> None:
        self.secrets: dict[str, bytes] = {}
        self.silent = False
        self.usable = True

    def read(self, profile: str) -> bytes | None:
        if self.silent:
            raise Problem("crypto.keystore_silent")
        return self.secrets.get(profile)

    def write(self, profile: str, secret: bytes) -> None:
        self.secrets[profile] = secret

    def forget(self, profile: str) -> None:
        self.secrets.pop(profile, None)


@pytest.fixture
def plain(tmp_path: Path) -> Services:
    return Services(data_dir=tmp_path, scrypt_target=0)


@pytest.fixture
def tablet(plain: Services) -> Services:
    """A device with a keystore."""
    return replace(plain, keystore=FakeKeystore())


def code_of(call: object, *arguments: object) -> str:
    with pytest.raises(Problem) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_a_passphrase_of_five_words_is_asked_for(plain: Services) -> None:
    for weak in ("", "scurt", "123456", "trei cuvinte doar", "acelasi acelasi acelasi acelasi acelasi"):
        assert code_of(new_lock, plain, weak) == "crypto.weak_passphrase"
    assert new_lock(plain, WORDS).keystore_secret == b""
    assert new_lock(plain, unlocking.suggestion(plain).text).log_n == FLOOR_LOG_N
    assert not unlocking.lock_kind(plain).pin


def test_a_pin_is_enough_only_with_a_keystore(plain: Services, tablet: Services) -> None:
    assert code_of(new_lock, plain, "482913") == "crypto.weak_passphrase"
    assert len(new_lock(tablet, "482913").keystore_secret) == 32
    assert unlocking.lock_kind(tablet).pin
    for easy in ("48291", "000000", "123456", "987654"):
        assert code_of(new_lock, tablet, easy) == "crypto.weak_pin"
    assert code_of(new_lock, tablet, "abc") == "crypto.weak_passphrase"


def test_the_cost_is_measured_once_and_never_below_the_floor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[float] = []

    def tune(target: float) -> int:
        measured.append(target)
        return 30

    monkeypatch.setattr(unlocking, "tune_log_n", tune)
    services = Services(data_dir=tmp_path)
    assert [new_lock(services, WORDS).log_n for _ in range(3)] == [unlocking.TUNED_CEILING] * 3
    assert measured == [0.5] and read_facts(services).log_n == unlocking.TUNED_CEILING
    note_facts(services, log_n=3)  # altered by hand
    assert new_lock(replace(services, scrypt_target=0), WORDS).log_n == FLOOR_LOG_N


def test_damaged_facts_count_as_none(plain: Services) -> None:
    for text in ("", "[]", '{"log_n": "x"}', '{"last_seen": 1e300}', '{"last_seen": -5}'):
        (plain.data_dir / "device.json").write_text(text)
        assert read_facts(plain) == DeviceFacts()


def test_the_files_alone_do_not_open_with_the_right_pin(tablet: Services, plain: Services) -> None:
    create_locked_profile(tablet, ANA, "482913")
    open_profile(tablet, "ana", "482913").close()
    assert code_of(open_profile, plain, "ana", "482913") == "crypto.keystore_gone"
    other = FakeKeystore()
    other.write("ana", bytes(32))
    assert (
        code_of(open_profile, replace(tablet, keystore=other), "ana", "482913") == "crypto.wrong_passphrase"
    )


def test_a_lost_keystore_entry_is_told_and_counts_as_no_try(tablet: Services) -> None:
    create_locked_profile(tablet, ANA, "482913")
    keystore = tablet.keystore
    assert isinstance(keystore, FakeKeystore)
    kept = keystore.secrets.pop("ana")
    for _ in range(9):
        assert code_of(open_profile, tablet, "ana", "482913") == "crypto.keystore_gone"
    keystore.secrets["ana"] = kept
    keystore.silent = True
    assert code_of(open_profile, tablet, "ana", "482913") == "crypto.keystore_silent"
    keystore.silent = False
    open_profile(tablet, "ana", "482913").close()


def test_a_profile_that_could_not_be_made_leaves_no_secret(
    tablet: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **more: object) -> None:
        raise Problem("store.disk_full")

    monkeypatch.setattr(unlocking, "create_profile", full)
    assert code_of(create_locked_profile, tablet, ANA, WORDS) == "store.disk_full"
    assert tablet.keystore is not None and tablet.keystore.read("ana") is None


def test_changing_the_passphrase(plain: Services) -> None:
    create_locked_profile(plain, ANA, WORDS)
    assert code_of(change_lock, plain, "ana", WORDS, "scurt") == "crypto.weak_passphrase"
    assert code_of(change_lock, plain, "ana", "nu este aceasta", OTHER) == "crypto.wrong_passphrase"
    change_lock(plain, "ana", WORDS, OTHER)
    assert code_of(open_profile, plain, "ana", WORDS) == "crypto.wrong_passphrase"
    open_profile(plain, "ana", OTHER).close()


def test_wrong_old_passphrases_slow_down_like_wrong_unlocking(
    plain: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_locked_profile(plain, ANA, WORDS)

    def wrong(*arguments: object, **more: object) -> bytes:
        raise Problem("crypto.wrong_passphrase")

    with monkeypatch.context() as quick:
        quick.setattr(store_profiles, "open_keyslot", wrong)
        for _ in range(5):
            assert code_of(change_lock, plain, "ana", "nu", OTHER) == "crypto.wrong_passphrase"
    assert code_of(open_profile, plain, "ana", WORDS) == "store.locked_out"


def test_a_keystore_that_appears_later_joins_the_lock_when_it_is_changed(
    plain: Services, tablet: Services
) -> None:
    create_locked_profile(plain, ANA, WORDS)
    open_profile(tablet, "ana", WORDS).close()  # a secret is not needed yet
    change_lock(tablet, "ana", WORDS, "482913")
    open_profile(tablet, "ana", "482913").close()
    assert code_of(open_profile, plain, "ana", "482913") == "crypto.keystore_gone"


def test_a_kill_while_the_keystore_joins_leaves_the_old_passphrase(
    plain: Services, tablet: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for a kill between the keystore's writing and the keyslot's."""

    def killed(*arguments: object, **more: object) -> None:
        raise Killed

    create_locked_profile(plain, ANA, WORDS)
    with monkeypatch.context() as dying:
        dying.setattr(store_profiles, "_write_keyslot", killed)
        with pytest.raises(Killed):
            change_lock(tablet, "ana", WORDS, "482913")
    open_profile(tablet, "ana", WORDS).close()


def test_a_destroyed_lock_leaves_nothing_to_guess_at(tablet: Services) -> None:
    create_locked_profile(tablet, ANA, "482913")
    unlocking.destroy_lock(tablet, "ana")
    assert tablet.keystore is not None and tablet.keystore.read("ana") is None
    assert code_of(open_profile, tablet, "ana", "482913") == "store.unknown_profile"


def test_locking_wipes_the_key_that_is_ours(plain: Services) -> None:
    create_locked_profile(plain, ANA, WORDS)
    store = open_profile(plain, "ana", WORDS)
    key = store._encrypted._key
    assert len(key) == 32 and any(key)
    store.close()
    assert key == bytearray(32)
    store.close()
