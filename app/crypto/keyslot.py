"""Keyslots: a store key, locked with a passphrase and, where there is one, a secret of the platform keystore.

KEK = HKDF-SHA-256(scrypt(passphrase) ‖ keystore secret). The slot is a JSON object; its parameters are
authenticated together with the wrapped key, and opening enforces the same floor as making.
"""

import math
import os
import time
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.crypto.primitives import Random, hkdf, scrypt, wipe
from app.protocol.canonical import b64, canonical_json, unb64
from app.protocol.errors import Problem

VERSION = 1
FLOOR_LOG_N = 16
CEILING_LOG_N = 21  # 2 GiB: more is an attack on this device's memory
KEY_SIZE = 32
_INFO = b"doorstep/keyslot/v1"
_FIELDS = {"v", "kdf", "log_n", "r", "p", "salt", "keystore", "nonce", "wrapped"}


def make_keyslot(
    store_key: bytes,
    passphrase: str,
    *,
    keystore_secret: bytes = b"",
    log_n: int | None = None,
    random: Random = os.urandom,
) -> dict[str, Any]:
    """Locks a 32-byte store key. `log_n` None takes the floor; see `tune_log_n` for this device's own.

    Raises Problem("crypto.weak_keyslot") below the floor of 2^16.
    """
    if len(store_key) != KEY_SIZE:
        raise ValueError("a store key has 32 bytes")
    log_n = FLOOR_LOG_N if log_n is None else log_n
    _check_cost(log_n)
    slot = {
        "v": VERSION,
        "kdf": "scrypt",
        "log_n": log_n,
        "r": 8,
        "p": 1,
        "salt": b64(random(16)),
        "keystore": bool(keystore_secret),
        "nonce": b64(random(12)),
    }
    kek = _kek(slot, passphrase, keystore_secret)
    wrapped = ChaCha20Poly1305(bytes(kek)).encrypt(unb64(str(slot["nonce"])), store_key, canonical_json(slot))
    wipe(kek)
    return {**slot, "wrapped": b64(wrapped)}


def open_keyslot(slot: Mapping[str, Any], passphrase: str, *, keystore_secret: bytes = b"") -> bytes:
    """The store key.

    Raises Problem: crypto.wrong_passphrase (or wrong keystore secret: nobody can tell them apart),
    crypto.keystore_missing when the slot needs a secret and none is given, crypto.weak_keyslot for a
    cost below the floor, crypto.broken_keyslot for anything misshapen.
    """
    nonce, wrapped = _checked(slot)
    if slot["keystore"] and not keystore_secret:
        raise Problem("crypto.keystore_missing")
    parameters = {name: slot[name] for name in _FIELDS - {"wrapped"}}
    kek = _kek(parameters, passphrase, keystore_secret)
    try:
        return ChaCha20Poly1305(bytes(kek)).decrypt(nonce, wrapped, canonical_json(parameters))
    except InvalidTag as error:
        raise Problem("crypto.wrong_passphrase") from error
    finally:
        wipe(kek)


def change_passphrase(
    slot: Mapping[str, Any],
    old: str,
    new: str,
    *,
    keystore_secret: bytes = b"",
    log_n: int | None = None,
    random: Random = os.urandom,
) -> dict[str, Any]:
    """A new slot for the same store key; the cost never goes down. Write it beside the old one, then swap."""
    store_key = open_keyslot(slot, old, keystore_secret=keystore_secret)
    cost = max(int(slot["log_n"]), log_n or 0)
    return make_keyslot(store_key, new, keystore_secret=keystore_secret, log_n=cost, random=random)


def tune_log_n(target_seconds: float = 0.5, *, clock: Callable[[], float] = time.perf_counter) -> int:
    """The largest cost whose unlocking stays near `target_seconds` on this device; never below the floor.

    Measures the floor once (64 MiB) and extrapolates: scrypt's time is proportional to N.
    """
    start = clock()
    scrypt(b"measure", bytes(16), FLOOR_LOG_N)
    taken = max(clock() - start, 1e-6)
    more = math.floor(math.log2(max(target_seconds / taken, 1.0)))
    return min(FLOOR_LOG_N + more, CEILING_LOG_N)


def _kek(slot: Mapping[str, Any], passphrase: str, keystore_secret: bytes) -> bytearray:
    # The same words typed on two keyboards may come as different code points, and keyboards that suggest
    # words add spaces: NFKC and single spaces make them one passphrase.
    typed = bytearray(" ".join(unicodedata.normalize("NFKC", passphrase).split()).encode("utf-8"))
    salt = unb64(slot["salt"])
    try:
        secret = bytearray(scrypt(typed, salt, slot["log_n"]))
    except MemoryError as error:
        memory = f"{1 << slot['log_n'] - 10} MB of free memory"
        raise Problem("crypto.platform_too_weak", missing=memory) from error
    finally:
        wipe(typed)
    secret += keystore_secret
    kek = bytearray(hkdf(bytes(secret), salt=salt, info=_INFO))
    wipe(secret)
    return kek


def _check_cost(log_n: Any) -> None:
    if type(log_n) is not int or log_n < FLOOR_LOG_N:
        raise Problem("crypto.weak_keyslot")
    if log_n > CEILING_LOG_N:
        raise Problem("crypto.broken_keyslot", reason="cost")


def _checked(slot: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """(nonce, wrapped key) of a well-formed slot."""
    if not isinstance(slot, Mapping) or set(slot) != _FIELDS:
        raise Problem("crypto.broken_keyslot", reason="members")
    if type(slot["v"]) is not int or slot["v"] != VERSION or slot["kdf"] != "scrypt":
        raise Problem("crypto.broken_keyslot", reason="version")
    _check_cost(slot["log_n"])
    if (slot["r"], slot["p"]) != (8, 1) or type(slot["keystore"]) is not bool:
        raise Problem("crypto.broken_keyslot", reason="parameters")
    try:
        salt, nonce, wrapped = (unb64(slot[name]) for name in ("salt", "nonce", "wrapped"))
    except (ValueError, AttributeError) as error:
        raise Problem("crypto.broken_keyslot", reason="text") from error
    if (len(salt), len(nonce), len(wrapped)) != (16, 12, KEY_SIZE + 16):
        raise Problem("crypto.broken_keyslot", reason="lengths")
    return nonce, wrapped
