"""The safety copy: one file that carries unsent work to another tablet, every byte of it sealed.

 <name>.doorstep (zip, nothing compressed: what is sealed cannot be)
   manifests.json        {v, manifests, files, elsewhere}: signed manifests of everything numbered that no receipt
                         covers, in order; hash, size, readers and epoch of each file without a number yet; and
                         the objects that only the server has
   objects/<sha256>.age  the sealed records and attachments
   drafts.age            drafts, sealed to the recipients that the caller names; left out without any

A file without a number goes with its record all the same: whoever carries it announces it under a number of
their own, which the record's hash of it makes as good as the author's. (Numbering it while copying would put an
unsent photo in front of every later record.)

Whoever finds the file learns how many records there are, their sizes and which devices may read them: what
the server would have learned. Restoring needs no passphrase of the lost tablet; drafts need an identity.
"""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from app.crypto.age_errors import AgeError
from app.crypto.age_keys import X25519Identity
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.store.drafts_file import open_drafts, packed_drafts, seal_drafts, take_draft
from app.store.faults import translated
from app.store.shelf import File
from app.store.store import OutboxEntry, Store

VERSION = 2
READABLE = (1, 2)  # version 1 knew no files without a number
LARGEST = 512 * 1024 * 1024  # bytes of one object
_PIECE = 256 * 1024
_FILES = ("attachment", "carried")  # a record sealed again can be sealed again by whoever holds it
_BAD = (zipfile.BadZipFile, KeyError, TypeError, ValueError, AgeError, OSError, NotImplementedError, EOFError)


@dataclass(frozen=True)
class Copied:
    """How many entries (records and attachments) and drafts are in a safety copy, or came out of one."""

    entries: int
    drafts: int


def write_safety_copy(store: Store, path: Path, recipients: Sequence[str] = ()) -> Copied:
    """Writes everything unsent, replacing `path` whole. Raises store.disk_full, store.read_only."""
    temporary = path.with_name(path.name + ".new")
    with translated():
        with open(temporary, "wb") as file:
            copied = _write(store, file, recipients)
        temporary.replace(path)
    return copied


def safety_copy(store: Store, recipients: Sequence[str] = ()) -> tuple[bytes, Copied]:
    """The same as bytes, for where the app may not write files itself."""
    target = BytesIO()
    copied = _write(store, target, recipients)
    return target.getvalue(), copied


def read_safety_copy(store: Store, source: Path | bytes, identities: Sequence[X25519Identity] = ()) -> Copied:
    """Takes over what the copy holds: entries are carried to the server at the next synchronisation, drafts
    (where an identity opens them) become drafts here. Repeating it takes nothing twice.

    Raises store.bad_copy for anything but a whole, unaltered copy, with nothing taken over.
    """
    try:
        with zipfile.ZipFile(BytesIO(source) if isinstance(source, bytes) else source) as archive:
            manifests, files, elsewhere = _contents(archive)
            drafts = _drafts(archive, identities)
            sizes = {one.sha256: one.size for one in manifests} | {one.sha256: one.size for one in files}
            for name, size in sizes.items():  # all is checked before anything is taken
                if name not in elsewhere:
                    _check_object(archive, name, size)
            taken = 0
            for manifest in manifests:
                there = manifest.sha256 in elsewhere
                taken += carry_entry(store, manifest, None if there else _pieces(archive, manifest.sha256))
            taken += sum(carry_file(store, file, _pieces(archive, file.sha256)) for file in files)
    except _BAD as error:
        raise Problem("store.bad_copy", reason=type(error).__name__) from error
    return Copied(taken, sum(take_draft(store, draft) for draft in drafts))


def carry_entry(store: Store, manifest: Manifest, sealed: bytes | Iterable[bytes] | None) -> bool:
    """Carries a numbered entry of another device; False if it is carried already.

    `sealed` is None where the server has the object and only its announcement is to be carried.
    """
    return store.carried.put(manifest.to_wire(), sealed)


def carry_file(store: Store, file: File, sealed: bytes | Iterable[bytes]) -> bool:
    """Queues somebody else's file that had no number yet, under this device's next one; False if it is queued."""
    if store.outbox.get(file.sha256) is not None:
        return False
    store.media.put(file.sha256, sealed)
    store.outbox.put(
        OutboxEntry(
            revision=file.sha256,
            record_id="",
            seq=None,
            manifest=None,
            sealed=None,
            state="waiting",
            receipt=None,
            problem=None,
            role="carried",
            sha256=file.sha256,
            size=file.size,
            audience=file.audience,
            epoch=file.epoch,
        )
    )
    return True


def _write(store: Store, target: BinaryIO, recipients: Sequence[str]) -> Copied:
    waiting = [entry for entry in store.outbox.waiting() if entry.numbered or entry.role in _FILES]
    packed = packed_drafts(store) if recipients else b""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("manifests.json", json.dumps(_listed(waiting)))
        for entry in waiting:
            _write_object(store, archive, entry)
        if packed:
            archive.writestr("drafts.age", seal_drafts(packed, recipients))
    return Copied(len(waiting), len(store.drafts.list()) if packed else 0)


def _listed(waiting: list[OutboxEntry]) -> dict[str, Any]:
    return {
        "v": VERSION,
        "manifests": [entry.manifest for entry in waiting if entry.numbered],
        "files": [_noted(entry) for entry in waiting if not entry.numbered],
        "elsewhere": sorted({entry.sha256 for entry in waiting if entry.role == "announced"}),
    }


def _noted(entry: OutboxEntry) -> dict[str, Any]:
    return {
        "sha256": entry.sha256,
        "size": entry.size,
        "audience": sorted(entry.audience),
        "epoch": entry.epoch,
    }


def _write_object(store: Store, archive: zipfile.ZipFile, entry: OutboxEntry) -> None:
    """Once each, a part at a time: photos are larger than what a tablet has to spare."""
    name = f"objects/{entry.sha256}.age"
    if name in archive.NameToInfo or entry.role == "announced":
        return
    sealed = store.outbox.sealed(entry.revision)
    if sealed is not None:
        archive.writestr(name, sealed)
        return
    with store.media.open(entry.sha256) as source, archive.open(name, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, _PIECE)


def _contents(archive: zipfile.ZipFile) -> tuple[list[Manifest], list[File], set[str]]:
    """Numbered entries, files without a number, and the objects that are not in the copy but on the server."""
    found = json.loads(archive.read("manifests.json"))
    if found["v"] not in READABLE:
        raise Problem("store.bad_copy", reason="version")
    try:
        manifests = [Manifest.from_wire(one) for one in found["manifests"]]
    except Problem as problem:
        raise Problem("store.bad_copy", reason="manifest") from problem
    files = [_file(one) for one in found.get("files", [])]
    announced = {one.sha256 for one in manifests} & set(found.get("elsewhere", []))
    return manifests, files, announced - {one.sha256 for one in files}


def _file(one: Any) -> File:
    """Raises Problem("store.bad_copy") for anything that could not stand in a manifest."""
    try:
        Manifest("x", "x", 0, "", one["sha256"], one["size"], one["epoch"], tuple(one["audience"]))
    except Problem as problem:
        raise Problem("store.bad_copy", reason="file") from problem
    return File(one["sha256"], one["size"], tuple(one["audience"]), one["epoch"])


def _check_object(archive: zipfile.ZipFile, sha256: str, size: int) -> None:
    info = archive.getinfo(f"objects/{sha256}.age")
    if info.file_size != size or size > LARGEST or info.compress_type != zipfile.ZIP_STORED:
        raise Problem("store.bad_copy", reason="size")
    digest = hashlib.sha256()
    for piece in _pieces(archive, sha256):
        digest.update(piece)
    if digest.hexdigest() != sha256:
        raise Problem("store.bad_copy", reason="hash")


def _pieces(archive: zipfile.ZipFile, sha256: str) -> Iterator[bytes]:
    with archive.open(f"objects/{sha256}.age") as source:
        while piece := source.read(_PIECE):
            yield piece


def _drafts(archive: zipfile.ZipFile, identities: Sequence[X25519Identity]) -> list[dict[str, Any]]:
    if not identities or "drafts.age" not in archive.namelist():
        return []
    return open_drafts(archive.read("drafts.age"), identities).drafts
