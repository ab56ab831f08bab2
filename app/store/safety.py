"""The safety copy: one file that carries unsent work to another tablet, every byte of it sealed.

 <name>.doorstep (zip, nothing compressed: what is sealed cannot be)
   manifests.json        signed manifests of everything that no receipt covers, in order
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
from pathlib import Path
from typing import Any

import msgpack

from app.crypto.age import open_sealed, seal
from app.crypto.age_errors import AgeError
from app.crypto.age_keys import X25519Identity, X25519Recipient
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.store.faults import translated
from app.store.store import OutboxEntry, Store

VERSION = 1
LARGEST = 512 * 1024 * 1024  # bytes of one object


@dataclass(frozen=True)
class Copied:
    """How many entries (records and attachments) and drafts are in a safety copy, or came out of one."""

    entries: int
    drafts: int


def write_safety_copy(store: Store, path: Path, recipients: Sequence[str] = ()) -> Copied:
    """Writes everything unsent, replacing `path` whole. Raises store.disk_full, store.read_only."""
    waiting = store.outbox.waiting()
    drafts = [_draft(store, head.id) for head in store.drafts.list()] if recipients else []
    temporary = path.with_name(path.name + ".new")
    with translated():
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
            manifests = [entry.manifest for entry in waiting]
            archive.writestr("manifests.json", json.dumps({"v": VERSION, "manifests": manifests}))
            for entry in waiting:
                archive.writestr(f"objects/{entry.manifest['sha256']}.age", _sealed(store, entry))
            if drafts:
                sealed = seal(msgpack.packb(drafts), [X25519Recipient.parse(one) for one in recipients])
                archive.writestr("drafts.age", sealed)
        temporary.replace(path)
    return Copied(len(waiting), len(drafts))


def read_safety_copy(store: Store, path: Path, identities: Sequence[X25519Identity] = ()) -> Copied:
    """Takes over what the copy holds: entries are carried to the server at the next synchronisation, drafts
    (where an identity opens them) become drafts here. Repeating it takes nothing twice.

    Raises store.bad_copy for anything but a whole, unaltered copy, with nothing taken over.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifests = _manifests(archive)
            drafts = _drafts(archive, identities)
            entries = [(manifest, _object(archive, manifest)) for manifest in manifests]
    except (zipfile.BadZipFile, KeyError, ValueError, AgeError, OSError) as error:
        raise Problem("store.bad_copy", reason=type(error).__name__) from error
    taken = sum(store.carried.put(manifest.to_wire(), sealed) for manifest, sealed in entries)
    return Copied(taken, sum(_take_draft(store, draft) for draft in drafts))


def _draft(store: Store, draft_id: str) -> dict[str, Any]:
    draft = store.drafts.load(draft_id)
    return {"id": draft.id, "meta": draft.meta, "snapshot": draft.snapshot, "journal": draft.journal}


def _sealed(store: Store, entry: OutboxEntry) -> bytes:
    sealed = store.outbox.sealed(entry.revision)
    return store.media.read(str(entry.manifest["sha256"])) if sealed is None else sealed


def _manifests(archive: zipfile.ZipFile) -> list[Manifest]:
    found = json.loads(archive.read("manifests.json"))
    if found["v"] != VERSION:
        raise Problem("store.bad_copy", reason="version")
    try:
        return [Manifest.from_wire(one) for one in found["manifests"]]
    except Problem as problem:
        raise Problem("store.bad_copy", reason="manifest") from problem


def _object(archive: zipfile.ZipFile, manifest: Manifest) -> bytes:
    info = archive.getinfo(f"objects/{manifest.sha256}.age")
    if (
        info.file_size != manifest.size
        or info.file_size > LARGEST
        or info.compress_type != zipfile.ZIP_STORED
    ):
        raise Problem("store.bad_copy", reason="size")
    data = archive.read(info)
    if hashlib.sha256(data).hexdigest() != manifest.sha256:
        raise Problem("store.bad_copy", reason="hash")
    return data


def _drafts(archive: zipfile.ZipFile, identities: Sequence[X25519Identity]) -> list[dict[str, Any]]:
    if not identities or "drafts.age" not in archive.namelist():
        return []
    found: list[dict[str, Any]] = msgpack.unpackb(open_sealed(archive.read("drafts.age"), list(identities)))
    return found


def _take_draft(store: Store, draft: dict[str, Any]) -> bool:
    """Its own id stays in its meta, so that the same draft is not taken twice."""
    if any(head.meta.get("carried_from") == draft["id"] for head in store.drafts.list()):
        return False
    with store.transaction():
        here = store.drafts.start({**draft["meta"], "carried_from": draft["id"]}, draft["snapshot"])
        for entry in draft["journal"]:
            store.drafts.append(here, entry)
    return True
