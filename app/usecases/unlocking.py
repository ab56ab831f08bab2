"""How a profile is locked on this device: the rule for its passphrase, the cost of a try, the keystore's half.

    lock = new_lock(services, passphrase)          # refuses what is too weak, measures the device once
    create_locked_profile(services, info, passphrase)
    store = open_profile(services, profile, passphrase)

A PIN is accepted only where the platform's keystore holds half of the key: then whoever copies the files alone has
nothing to guess at.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from app.crypto.keyslot import FLOOR_LOG_N, tune_log_n
from app.crypto.wordlist import PASSPHRASE_WORDS, PIN_LENGTH, Suggestion, check_passphrase, suggest_passphrase
from app.protocol.errors import Problem
from app.store import profiles as store_profiles
from app.store.profiles import ProfileInfo, create_profile, unlock_profile
from app.store.store import EncryptedStore, Store
from app.usecases.device_facts import note_facts, read_facts
from app.usecases.keystore import SECRET_SIZE, Keystore, KeystoreMark, mark_name, secret_of
from app.usecases.services import Services

TUNED_CEILING = 18  # 256 MB for the half second of unlocking: more, and a small tablet closes the app instead


@dataclass(frozen=True)
class Lock:
    """What a new keyslot is made with; `keystore_secret` is empty where there is no keystore."""

    log_n: int
    keystore_secret: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class LockKind:
    """What this device asks of a new passphrase, for the screen that asks. `pin`: a PIN is enough here."""

    pin: bool
    digits: int = PIN_LENGTH
    words: int = PASSPHRASE_WORDS


def lock_kind(services: Services) -> LockKind:
    """Which of the two locks this device has."""
    return LockKind(pin=_keystore(services) is not None)


def suggestion(services: Services) -> Suggestion:
    """Five words at random, to be written on paper until they are known by heart."""
    return suggest_passphrase(random=services.random)


def check_new_passphrase(services: Services, passphrase: str) -> None:
    """Raises Problem("crypto.weak_passphrase"), or "crypto.weak_pin" where a PIN would do but this one is too easy."""
    with_keystore = _keystore(services) is not None
    if with_keystore and _is_easy_pin(passphrase.strip()):
        raise Problem("crypto.weak_pin", digits=PIN_LENGTH)
    check_passphrase(passphrase, keystore=with_keystore)


def new_lock(services: Services, passphrase: str) -> Lock:
    """The lock for a new profile; its secret still has to be written into the keystore under the profile's id.

    Raises crypto.weak_passphrase, crypto.weak_pin.
    """
    check_new_passphrase(services, passphrase)
    secret = services.random(SECRET_SIZE) if _keystore(services) is not None else b""
    return Lock(device_cost(services), secret)


def device_cost(services: Services) -> int:
    """The scrypt cost that takes about `scrypt_target` seconds here; measured once, then remembered."""
    known = read_facts(services).log_n
    if known >= FLOOR_LOG_N:
        return min(known, TUNED_CEILING)
    if services.scrypt_target <= 0:
        return FLOOR_LOG_N
    measured = min(tune_log_n(services.scrypt_target), TUNED_CEILING)
    note_facts(services, log_n=measured)
    return measured


def create_locked_profile(
    services: Services,
    info: ProfileInfo,
    passphrase: str,
    fill: Callable[[Store], None] | None = None,
) -> None:
    """Makes a profile behind a new lock, holding what `fill` puts into its store: all of it or nothing.

    The keystore's half is written first: after a kill in between there is a secret too many, never a profile
    that cannot be opened. Raises crypto.weak_passphrase, crypto.weak_pin, store.profile_exists, store.disk_full.
    """
    lock, keystore = new_lock(services, passphrase), _keystore(services)
    if keystore is not None:
        keystore.write(info.id, lock.keystore_secret)
    try:
        create_profile(
            services.data_dir,
            info,
            passphrase,
            store_key=services.random(32),
            log_n=lock.log_n,
            keystore_secret=lock.keystore_secret,
            fill=fill,
        )
    except Problem as problem:
        if keystore is not None and problem.code != "store.profile_exists":
            keystore.forget(info.id)
        raise


def open_profile(services: Services, profile: str, passphrase: str) -> EncryptedStore:
    """The profile's opened store. Raises what `unlock_profile` raises, and crypto.keystore_gone."""
    secret = _secret_for(services, profile)
    keystore = _keystore(services)
    marks = [] if keystore is None else [KeystoreMark(keystore, profile)]
    return unlock_profile(
        services.data_dir, profile, passphrase, services.clock, keystore_secret=secret, marks=marks
    )


def change_lock(services: Services, profile: str, old: str, new: str) -> None:
    """Changes the passphrase; the cost follows the device, and a keystore's half is added where there is one now.

    Wrong old ones count like wrong unlocking. After a kill the old or the new one works. Raises
    crypto.wrong_passphrase, store.locked_out, crypto.weak_passphrase, crypto.weak_pin, crypto.keystore_gone.
    """
    check_new_passphrase(services, new)
    old_secret = _secret_for(services, profile)
    new_secret = old_secret
    keystore = _keystore(services)
    if keystore is not None and not old_secret:
        new_secret = services.random(SECRET_SIZE)
        keystore.write(profile, new_secret)
    store_profiles.change_passphrase(
        services.data_dir,
        profile,
        old,
        new,
        services.clock,
        log_n=device_cost(services),
        keystore_secret=old_secret,
        new_keystore_secret=new_secret,
    )


def destroy_lock(services: Services, profile: str) -> None:
    """Makes a profile unreadable for good: its keyslot and the keystore's half are destroyed."""
    store_profiles.destroy_keyslot(services.data_dir, profile)
    if services.keystore is not None:
        services.keystore.forget(profile)
        services.keystore.forget(mark_name(profile))


def _keystore(services: Services) -> Keystore | None:
    """The keystore that a new lock may count on."""
    return services.keystore if services.keystore is not None and services.keystore.usable else None


def _secret_for(services: Services, profile: str) -> bytes:
    if not store_profiles.needs_keystore(services.data_dir, profile):
        return b""
    return secret_of(services.keystore, profile)


def _is_easy_pin(text: str) -> bool:
    """One digit repeated, or digits in a row up or down: the first that anybody tries."""
    if not text.isdigit():
        return False
    steps = {int(after) - int(before) for before, after in pairwise(text)}
    return len(text) < PIN_LENGTH or steps in ({0}, {1}, {-1})
