"""Drafts outside the database: all of them in one age file, for whoever may help when a tablet is locked for good.

After opening, the bytes are a zlib stream (msgpack: {of, drafts: [{id, meta, snapshot, journal}]}) followed by
zeros up to a multiple of 4096, so that a few more words do not show in the size. `of` is the device that wrote them:
it stands inside, where only the writer could put it, so that nobody gets another's drafts back as their own.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgpack

from app.crypto.age import open_sealed, seal
from app.crypto.age_keys import X25519Identity, X25519Recipient
from app.store.store import Store

BLOCK = 4096
LARGEST = 64 * 1024 * 1024  # bytes unpacked: more is an attack on the reader's memory


@dataclass(frozen=True)
class Drafts:
    """Opened drafts and the device that wrote them ("" in a safety copy of a device without keys)."""

    of: str
    drafts: list[dict[str, Any]]


def packed_drafts(store: Store) -> bytes:
    """Every draft, not sealed yet; empty where there is none."""
    drafts = [_draft(store, head.id) for head in store.drafts.list()]
    device = (store.values.get("device") or {}).get("device_id", "")
    return pack(Drafts(device, drafts)) if drafts else b""


def pack(drafts: Drafts) -> bytes:
    return bytes(msgpack.packb({"of": drafts.of, "drafts": drafts.drafts}))


def seal_drafts(packed: bytes, recipients: Sequence[str]) -> bytes:
    """The age file of `packed_drafts`."""
    plain = zlib.compress(packed, 6)
    padded = plain + bytes(-len(plain) % BLOCK)
    return seal(padded, [X25519Recipient.parse(one) for one in recipients])


def open_drafts(sealed: bytes, identities: Sequence[X25519Identity]) -> Drafts:
    """The drafts in an age file. Raises AgeError, ValueError for anything that is none."""
    plain = open_sealed(sealed, list(identities))
    try:
        unpacker = zlib.decompressobj()
        packed = unpacker.decompress(plain, LARGEST)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise ValueError("too large")
        found = msgpack.unpackb(packed)
    except (zlib.error, msgpack.UnpackException) as error:
        raise ValueError("not drafts") from error
    if not isinstance(found, dict) or not isinstance(found.get("of"), str):
        raise ValueError("not drafts")
    drafts = found.get("drafts")
    if not isinstance(drafts, list) or not all(map(_is_draft, drafts)):
        raise ValueError("not drafts")
    return Drafts(found["of"], drafts)


def take_draft(store: Store, draft: dict[str, Any], **meta: Any) -> bool:
    """Makes it a draft here. Its own id stays in its meta, so that the same one is not taken twice."""
    if any(head.meta.get("carried_from") == draft["id"] for head in store.drafts.list()):
        return False
    with store.transaction():
        here = store.drafts.start({**draft["meta"], **meta, "carried_from": draft["id"]}, draft["snapshot"])
        for entry in draft["journal"]:
            store.drafts.append(here, entry)
    return True


def _draft(store: Store, draft_id: str) -> dict[str, Any]:
    draft = store.drafts.load(draft_id)
    return {"id": draft.id, "meta": draft.meta, "snapshot": draft.snapshot, "journal": draft.journal}


def _is_draft(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("id"), str)
        and isinstance(one.get("meta"), dict)
        and isinstance(one.get("snapshot"), bytes)
        and isinstance(one.get("journal"), list)
        and all(isinstance(entry, dict) for entry in one["journal"])
    )
