"""Keyslots: the right words open them, nothing weaker than the floor is made or opened."""

import json
import os
from hashlib import sha256
from typing import Any

import pytest

from app.crypto import keyslot as keyslot_module
from app.crypto.keyslot import FLOOR_LOG_N, change_passphrase, make_keyslot, open_keyslot, tune_log_n
from app.crypto.primitives import wipe
from app.protocol.canonical import b64, unb64
from app.protocol.errors import Problem

KEY = bytes(range(32))
WORDS = "lemed sotov kubis nasob vided"


def refused(code: str) -> Any:
    return pytest.raises(Problem, match=rf"^{code}( |$)")


@pytest.fixture(scope="module")
def slot() -> dict[str, Any]:
    return make_keyslot(KEY, WORDS)


def test_round_trip_through_json(slot: dict[str, Any]) -> None:
    assert open_keyslot(json.loads(json.dumps(slot)), WORDS) == KEY
    assert slot["log_n"] == FLOOR_LOG_N == 16


def test_a_wrong_passphrase(slot: dict[str, Any]) -> None:
    for wrong in ("", WORDS + "x", WORDS.upper(), WORDS.replace(" ", "")):
        with refused("crypto.wrong_passphrase"):
            open_keyslot(slot, wrong)


def test_the_same_letters_typed_another_way() -> None:
    """ș as one code point and as s with a combining comma are one passphrase; so are suggested spaces."""
    slot = make_keyslot(KEY, "\u0219ase cuvinte")
    assert open_keyslot(slot, " s\u0326ase  cuvinte ") == KEY


@pytest.mark.parametrize("log_n", [0, 1, 10, 15])
def test_the_floor_when_making(log_n: int) -> None:
    with refused("crypto.weak_keyslot"):
        make_keyslot(KEY, WORDS, log_n=log_n)


@pytest.mark.parametrize("log_n", [0, 1, 10, 15, -1, True, "17", 16.0, None])
def test_the_floor_when_opening(slot: dict[str, Any], log_n: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lowered cost is refused before the passphrase is put through it."""
    monkeypatch.setattr(keyslot_module, "scrypt", lambda *_: pytest.fail("derived with a refused cost"))
    with refused("crypto.weak_keyslot"):
        open_keyslot({**slot, "log_n": log_n}, WORDS)


def test_an_absurd_cost_is_refused(slot: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyslot_module, "scrypt", lambda *_: pytest.fail("derived with a refused cost"))
    with refused("crypto.broken_keyslot"):
        open_keyslot({**slot, "log_n": 40}, WORDS)


def test_a_slot_weakened_by_somebody_who_knows_the_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a slot that was honestly made with a lower floor is refused today."""
    monkeypatch.setattr(keyslot_module, "FLOOR_LOG_N", 10)
    weak = make_keyslot(KEY, WORDS, log_n=10)
    assert open_keyslot(weak, WORDS) == KEY
    monkeypatch.undo()
    with refused("crypto.weak_keyslot"):
        open_keyslot(weak, WORDS)


def test_a_keystore_secret_is_needed_where_it_was_used() -> None:
    secret = os.urandom(32)
    slot = make_keyslot(KEY, "482915", keystore_secret=secret)
    assert slot["keystore"] is True
    assert open_keyslot(slot, "482915", keystore_secret=secret) == KEY
    with refused("crypto.wrong_passphrase"):
        open_keyslot(slot, "482915", keystore_secret=os.urandom(32))
    with refused("crypto.keystore_missing"):
        open_keyslot(slot, "482915")


@pytest.mark.parametrize("name", ["salt", "nonce", "wrapped"])
def test_every_flipped_byte_is_refused(
    slot: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the slot's own bytes; scrypt is replaced by a cheap stand-in that depends on its inputs."""
    monkeypatch.setattr(keyslot_module, "scrypt", lambda secret, salt, cost: sha256(secret + salt).digest())
    cheap = make_keyslot(KEY, WORDS)
    assert open_keyslot(cheap, WORDS) == KEY
    data = unb64(cheap[name])
    for place in range(len(data)):
        altered = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with refused("crypto.wrong_passphrase"):
            open_keyslot({**cheap, name: b64(altered)}, WORDS)
    with refused("crypto.wrong_passphrase"):
        open_keyslot({**cheap, "log_n": 17}, WORDS)
    with refused("crypto.wrong_passphrase"):
        open_keyslot({**cheap, "keystore": True}, WORDS, keystore_secret=b"x")


@pytest.mark.parametrize(
    "change",
    [{"v": 2}, {"v": True}, {"kdf": "pbkdf2"}, {"r": 1}, {"p": 2}, {"salt": ""}, {"salt": "AA"}, {"nonce": None},
     {"wrapped": "AAAA"}, {"keystore": 0}, {"more": 1}, {"salt": "?"}],
)  # fmt: skip
def test_misshapen_slots(slot: dict[str, Any], change: dict[str, Any]) -> None:
    with refused("crypto.broken_keyslot"):
        open_keyslot({**slot, **change}, WORDS)


def test_missing_members(slot: dict[str, Any]) -> None:
    for name in slot:
        with refused("crypto.broken_keyslot"):
            open_keyslot({key: value for key, value in slot.items() if key != name}, WORDS)


def test_changing_the_passphrase_keeps_the_key_and_the_cost() -> None:
    old = make_keyslot(KEY, WORDS, log_n=17)
    new = change_passphrase(old, WORDS, "alte cinci cuvinte de aici", log_n=16)
    assert open_keyslot(new, "alte cinci cuvinte de aici") == KEY and new["log_n"] == 17
    assert new["salt"] != old["salt"] and new["nonce"] != old["nonce"]
    with refused("crypto.wrong_passphrase"):
        change_passphrase(old, "altceva", WORDS)


def test_slots_use_fresh_salts_and_nonces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyslot_module, "scrypt", lambda *_: bytes(32))
    slots = [make_keyslot(KEY, WORDS) for _ in range(200)]
    assert len({slot["salt"] for slot in slots}) == len({slot["nonce"] for slot in slots}) == 200


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(2.0, 16), (0.5, 16), (0.26, 16), (0.25, 17), (0.1, 18), (0.01, 21), (0.0001, 21)],
)
def test_tuning(seconds: float, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From how long the floor takes: twice the time for each step, never below it, never above 2 GiB."""
    monkeypatch.setattr(keyslot_module, "scrypt", lambda *_: bytes(32))
    times = iter([10.0, 10.0 + seconds])
    assert tune_log_n(0.5, clock=lambda: next(times)) == expected


def test_tuning_for_real() -> None:
    assert FLOOR_LOG_N <= tune_log_n(0.2) <= 21


def test_a_store_key_has_its_length() -> None:
    with pytest.raises(ValueError):
        make_keyslot(bytes(16), WORDS)


def test_too_little_memory_is_said_plainly(slot: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(keyslot_module, "scrypt", no_memory)
    with refused("crypto.platform_too_weak") as caught:
        open_keyslot(slot, WORDS)
    assert caught.value.detail["missing"] == "64 MB of free memory"


def test_wiping() -> None:
    one, two = bytearray(b"secret"), bytearray(b"")
    wipe(one, two)
    assert one == bytes(6) and two == b""
