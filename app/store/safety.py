"""The safety copy: one file that carries unsent work to another tablet, every byte of it sealed.

 <name>.doorstep (zip, nothing compressed: what is sealed cannot be)
   manifests.json        {v, manifests, files}: signed manifests of everything that no receipt covers, in order,
                         and of files without a number yet their hash, size, readers and epoch
   objects/<sha256>.age  the sealed records and attachments
   drafts.age            drafts, sealed to the recipients that the caller names; left out without any

Whoever finds the file learns how many records there are, their sizes and which devices may read them: what
the server would have learned. Restoring needs no passphrase of the lost tablet; drafts need an identity.
"""

import hashlib
import json
import zipfile
from collections.abc import Sequence
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
            manifests, files = _contents(archive)
            drafts = _drafts(archive, identities)
            entries = [(one, _object(archive, one.sha256, one.size)) for one in manifests]
            loose = [(one, _object(archive, one.sha256, one.size)) for one in files]
    except _BAD as error:
        raise Problem("store.bad_copy", reason=type(error).__name__) from error
    taken = sum(store.carried.put(manifest.to_wire(), sealed) for manifest, sealed in entries)
    taken += sum(carry_file(store, file, sealed) for file, sealed in loose)
    return Copied(taken, sum(take_draft(store, draft) for draft in drafts))


def carry_file(store: Store, file: File, sealed: bytes) -> bool:
    """Queues somebody else's file that had no number yet, under this device's next one; False if it is queued."""
    if store.outbox.get(_carried_name(file)) is not None:
        return False
    store.media.put(file.sha256, sealed)
    store.outbox.put(
        OutboxEntry(
            revision=_carried_name(file),
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


def is_carried(store: Store, file: File) -> bool:
    """Whether a file taken over is still on its way: nothing proved yet that the server has it."""
    entry = store.outbox.get(_carried_name(file))
    return entry is not None and entry.state != "received"


def _carried_name(file: File) -> str:
    return f"carried-{file.sha256}"


def _write(store: Store, target: BinaryIO, recipients: Sequence[str]) -> Copied:
    waiting = [entry for entry in store.outbox.waiting() if entry.role != "announced"]
    packed = packed_drafts(store) if recipients else b""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        manifests = [entry.manifest for entry in waiting if entry.numbered]
        files = [_noted(entry) for entry in waiting if not entry.numbered]
        head = {"v": VERSION, "manifests": manifests, "files": files}
        archive.writestr("manifests.json", json.dumps(head))
        for entry in waiting:
            name = f"objects/{entry.sha256}.age"
            if name not in archive.NameToInfo:
                archive.writestr(name, _sealed(store, entry))
        if packed:
            archive.writestr("drafts.age", seal_drafts(packed, recipients))
    return Copied(len(waiting), len(store.drafts.list()) if packed else 0)


def _noted(entry: OutboxEntry) -> dict[str, Any]:
    return {
        "sha256": entry.sha256,
        "size": entry.size,
        "audience": sorted(entry.audience),
        "epoch": entry.epoch,
    }


def _sealed(store: Store, entry: OutboxEntry) -> bytes:
    sealed = store.outbox.sealed(entry.revision)
    return store.media.read(entry.sha256) if sealed is None else sealed


def _contents(archive: zipfile.ZipFile) -> tuple[list[Manifest], list[File]]:
    found = json.loads(archive.read("manifests.json"))
    if found["v"] not in READABLE:
        raise Problem("store.bad_copy", reason="version")
    try:
        manifests = [Manifest.from_wire(one) for one in found["manifests"]]
    except Problem as problem:
        raise Problem("store.bad_copy", reason="manifest") from problem
    return manifests, [_file(one) for one in found.get("files", [])]


def _file(one: Any) -> File:
    """Raises Problem("store.bad_copy") for anything that could not stand in a manifest."""
    try:
        Manifest("x", "x", 0, "", one["sha256"], one["size"], one["epoch"], tuple(one["audience"]))
    except Problem as problem:
        raise Problem("store.bad_copy", reason="file") from problem
    return File(one["sha256"], one["size"], tuple(one["audience"]), one["epoch"])


def _object(archive: zipfile.ZipFile, sha256: str, size: int) -> bytes:
    info = archive.getinfo(f"objects/{sha256}.age")
    if info.file_size != size or info.file_size > LARGEST or info.compress_type != zipfile.ZIP_STORED:
        raise Problem("store.bad_copy", reason="size")
    data = archive.read(info)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Problem("store.bad_copy", reason="hash")
    return data


def _drafts(archive: zipfile.ZipFile, identities: Sequence[X25519Identity]) -> list[dict[str, Any]]:
    if not identities or "drafts.age" not in archive.namelist():
        return []
    return open_drafts(archive.read("drafts.age"), identities)
