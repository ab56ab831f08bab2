"""The people of one device: each has a folder with a keyslot, an encrypted database and sealed media.

<data>/profiles/<id>/keyslot.json   who it is (shown before unlocking) and the locked store key
                     tries.json     wrong passphrases so far
                     store.db       the encrypted store
                     media/         sealed attachments
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.crypto.keyslot import make_keyslot, open_keyslot
from app.protocol.errors import Problem
from app.store.backoff import Tries, read_tries, write_tries
from app.store.faults import translated
from app.store.files import sync_folder, write_atomically
from app.store.generation import Mark
from app.store.model import Limits
from app.store.shelf import Shelf
from app.store.store import EncryptedStore, Store

Clock = Callable[[], datetime]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class ProfileInfo:
    """What the first screen shows. Anybody who holds the device can read `label`: a first name is enough."""

    id: str
    label: str
    role: str


def profile_folder(data_dir: Path, profile_id: str) -> Path:
    """Where a profile keeps its files. Raises store.unknown_profile for what cannot be a profile's id."""
    return _folder(data_dir, profile_id)


def list_profiles(data_dir: Path) -> list[ProfileInfo]:
    """Everybody with a keyslot on this device, by label."""
    found = [
        _info(path)
        for path in (data_dir / "profiles").glob("*/keyslot.json")
        if _ID.fullmatch(path.parent.name)
    ]
    return sorted((info for info in found if info is not None), key=lambda info: (info.label, info.id))


def create_profile(
    data_dir: Path,
    info: ProfileInfo,
    passphrase: str,
    *,
    store_key: bytes,
    log_n: int | None = None,
    keystore_secret: bytes = b"",
    fill: Callable[[Store], None] | None = None,
) -> None:
    """Makes the folder with a store that is empty but for what `fill` puts in; it appears at once or not at all.

    Raises store.profile_exists, store.disk_full, crypto.weak_keyslot.
    """
    folder = _folder(data_dir, info.id)
    if folder.exists():
        raise Problem("store.profile_exists")
    slot = make_keyslot(store_key, passphrase, keystore_secret=keystore_secret, log_n=log_n)
    unfinished = folder.with_name(f".{info.id}.new")
    with translated():
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        (unfinished / "media").mkdir()
    store = Store.open(unfinished / "store.db", store_key)
    try:
        if fill is not None:
            fill(store)
    finally:
        store.close()
    _write_keyslot(unfinished, info, slot)
    with translated():
        unfinished.rename(folder)
    sync_folder(folder.parent)


def unlock_profile(
    data_dir: Path,
    profile_id: str,
    passphrase: str,
    clock: Clock,
    *,
    keystore_secret: bytes = b"",
    limits: Limits | None = None,
    marks: Sequence[Mark] = (),
) -> EncryptedStore:
    """The profile's opened store; `marks` elsewhere than in its folder tell its age.

    Raises crypto.wrong_passphrase (with `tries` and the seconds to `wait`), store.locked_out while waiting,
    store.unknown_profile, and whatever `Store.open` raises.
    """
    folder = _known_folder(data_dir, profile_id)
    store_key = _guarded_open(folder, passphrase, clock, keystore_secret)
    return Store.open(folder / "store.db", store_key, limits=limits, marks=marks)


def change_passphrase(
    data_dir: Path,
    profile_id: str,
    old: str,
    new: str,
    clock: Clock,
    *,
    log_n: int | None = None,
    keystore_secret: bytes = b"",
    new_keystore_secret: bytes | None = None,
) -> None:
    """Locks the same store key with a new passphrase; wrong old ones count like wrong unlocking.

    The keyslot is replaced whole: after a kill either the old or the new passphrase works.
    `new_keystore_secret` None keeps the one that is.
    """
    folder = _known_folder(data_dir, profile_id)
    store_key = _guarded_open(folder, old, clock, keystore_secret)
    info, slot = _read_keyslot(folder)
    cost = max(int(slot["log_n"]), log_n or 0)
    secret = keystore_secret if new_keystore_secret is None else new_keystore_secret
    _write_keyslot(folder, info, make_keyslot(store_key, new, keystore_secret=secret, log_n=cost))


def needs_keystore(data_dir: Path, profile_id: str) -> bool:
    """Whether a secret of the platform's keystore is half of this profile's lock."""
    _, slot = _read_keyslot(_known_folder(data_dir, profile_id))
    return bool(slot.get("keystore"))


def rename_profile(data_dir: Path, info: ProfileInfo) -> None:
    """Writes another label or role before the same lock; the file is replaced whole."""
    folder = _known_folder(data_dir, info.id)
    _, slot = _read_keyslot(folder)
    _write_keyslot(folder, info, slot)


def remove_profile(data_dir: Path, profile_id: str) -> None:
    """Takes a profile off this device, its keyslot first: after a kill nobody can open what is left of it.

    Removing what is gone already is fine.
    """
    folder = _folder(data_dir, profile_id)
    if (folder / "keyslot.json").exists():
        destroy_keyslot(data_dir, profile_id)
    with translated():
        shutil.rmtree(folder, ignore_errors=not folder.exists())
    if folder.parent.exists():
        sync_folder(folder.parent)


def destroy_keyslot(data_dir: Path, profile_id: str) -> None:
    """Makes a profile's store unreadable for good (a revoked device). Overwrites before it deletes."""
    folder = _known_folder(data_dir, profile_id)
    path = folder / "keyslot.json"
    with translated():
        with open(path, "r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
        path.unlink()
    sync_folder(folder)


def sweep_removed(data_dir: Path) -> None:
    """Clears away what a destroyed keyslot left unreadable. Sealed work on its shelf stays, with its files: a
    keyslot may also have been lost by accident."""
    for folder in (data_dir / "profiles").glob("*"):
        if not _ID.fullmatch(folder.name) or not folder.is_dir() or (folder / "keyslot.json").exists():
            continue
        left = Shelf(folder).read()
        if left.empty:
            shutil.rmtree(folder, ignore_errors=True)
        elif not (left.manifests or left.files):
            for path in folder.glob("store.db*"):
                path.unlink(missing_ok=True)


@contextmanager
def _counted_try(folder: Path, clock: Clock) -> Iterator[None]:
    """Notes a try before it is made; forgets all tries after a good one."""
    path, now = folder / "tries.json", clock()
    before = read_tries(path).if_clock_set_back(now)
    wait = before.remaining(now)
    if wait:
        _note(path, before)
        raise Problem("store.locked_out", tries=before.wrong, wait=wait)
    after = before.after_wrong(now)
    _note(path, after)
    try:
        yield
    except Problem as problem:
        if problem.code == "crypto.wrong_passphrase":
            raise Problem(problem.code, tries=after.wrong, wait=after.wait) from problem
        _note(path, before)
        raise
    _note(path, Tries())


def _note(path: Path, tries: Tries) -> None:
    """A full or read-only device must not lock its owner out of what is stored: reading goes on uncounted."""
    try:
        write_tries(path, tries)
    except Problem as problem:
        if problem.code not in ("store.disk_full", "store.read_only"):
            raise


def _guarded_open(folder: Path, passphrase: str, clock: Clock, keystore_secret: bytes) -> bytes:
    _, slot = _read_keyslot(folder)
    with _counted_try(folder, clock):
        return open_keyslot(slot, passphrase, keystore_secret=keystore_secret)


def _folder(data_dir: Path, profile_id: str) -> Path:
    if not _ID.fullmatch(profile_id):
        raise Problem("store.unknown_profile")
    return data_dir / "profiles" / profile_id


def _known_folder(data_dir: Path, profile_id: str) -> Path:
    folder = _folder(data_dir, profile_id)
    if not (folder / "keyslot.json").exists():
        raise Problem("store.unknown_profile")
    return folder


def _info(path: Path) -> ProfileInfo | None:
    try:
        return _read_keyslot(path.parent)[0]
    except Problem:
        return None  # a damaged keyslot cannot be offered; unlocking it by id says what is wrong


def _read_keyslot(folder: Path) -> tuple[ProfileInfo, dict[str, Any]]:
    with translated():
        text = (folder / "keyslot.json").read_text("utf-8")
    try:
        found = json.loads(text)
        return ProfileInfo(**found["profile"]), dict(found["slot"])
    except (ValueError, KeyError, TypeError) as error:
        raise Problem("crypto.broken_keyslot", reason="file") from error


def _write_keyslot(folder: Path, info: ProfileInfo, slot: dict[str, Any]) -> None:
    content = {"profile": asdict(info), "slot": slot}
    write_atomically(folder / "keyslot.json", json.dumps(content, ensure_ascii=False).encode())
