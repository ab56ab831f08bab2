"""The shelf and the drafts file, on their own: what they show, what damage does, what is refused."""

import hashlib
import json
import zlib
from pathlib import Path

import msgpack
import pytest

from app.crypto.age import seal
from app.crypto.age_errors import AgeError
from app.crypto.age_keys import X25519Identity
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.store.drafts_file import BLOCK, Drafts, open_drafts, pack, packed_drafts, seal_drafts, take_draft
from app.store.shelf import File, Owner, Shelf
from app.store.store import MemoryStore, OutboxEntry

KEY = SigningKey.generate()
DATA = b"sealed" * 100
SHA = hashlib.sha256(DATA).hexdigest()
PHOTO = "ab" * 32


def entry(seq: int = 0) -> OutboxEntry:
    manifest = Manifest.signed(
        key=KEY, workspace="org", device="dev-a", seq=seq, prev="0" * 64 if seq else "", sha256=SHA,
        size=len(DATA), epoch=1, audience=("dev-a", "dev-b"),
    )  # fmt: skip
    return OutboxEntry(f"rev-{seq}", "rec", seq, manifest.to_wire(), DATA, "waiting", None, None)


def photo() -> OutboxEntry:
    return OutboxEntry(
        PHOTO, "rec", None, None, None, "waiting", None, None, "attachment", PHOTO, 9, ("dev-b",), 1
    )


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path)
    shelf.claim(Owner("dev-a", "org"))
    return shelf


def test_what_was_put_is_read_and_the_rest_is_removed(shelf: Shelf) -> None:
    shelf.put(entry())
    shelf.put(photo())
    lies = shelf.read()
    assert lies.owner == Owner("dev-a", "org") and lies.records == 1 and not lies.empty
    assert lies.manifests[0].sha256 == SHA and shelf.object(SHA) == DATA
    assert lies.files == (File(PHOTO, 9, ("dev-b",), 1),)
    shelf.keep_only([photo()])
    assert shelf.read().manifests == () and shelf.object(SHA) is None
    shelf.take_down([photo()])
    assert shelf.read().empty
    assert sorted(path.name for path in shelf.folder.iterdir()) == ["of.json"]


def test_it_follows_the_outbox_also_after_a_new_number(shelf: Shelf) -> None:
    store = MemoryStore()
    store.outbox.put(entry())
    store.outbox.put(photo())
    shelf.reconcile(store)
    assert shelf.read().records == 1 and len(shelf.read().files) == 1
    (shelf.folder / f"{0:012}.json").write_text(json.dumps({**entry().manifest, "epoch": 9}))  # type: ignore[dict-item]
    shelf.reconcile(store)
    assert shelf.read().manifests[0].epoch == 1
    store.outbox.update("rev-0", state="received", receipt={"index": 0, "at": ""})
    shelf.reconcile(store)
    assert shelf.read().records == 0 and len(shelf.read().files) == 1


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"seq": 0}', '{"sha256": 1, "size": "x"}'])
def test_damaged_notes_are_left_out_and_stop_nothing(shelf: Shelf, damage: str) -> None:
    shelf.put(entry())
    for name in (f"{1:012}.json", f"{PHOTO}.json", "of.json", "drafts.json"):
        (shelf.folder / name).write_text(damage)
    (shelf.folder / "stranger.txt").write_text("?")
    lies = shelf.read()
    assert lies.owner is None and len(lies.manifests) == 1 and lies.files == () and lies.draft_files == ()
    (shelf.folder / f"{SHA}.age").write_bytes(b"altered")
    assert shelf.object(SHA) is None


def test_a_profile_without_a_shelf_is_an_empty_one(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.read().empty and shelf.drafts() is None and shelf.media() == {}


def test_drafts_open_for_those_named_and_say_who_wrote_them() -> None:
    reader, store = X25519Identity.generate(), MemoryStore()
    assert packed_drafts(store) == b""
    store.values.set("device", {"device_id": "dev-a"})
    made = store.drafts.start({"form": "f", "attachments": {}}, b"<data/>")
    store.drafts.append(made, {"op": "answer", "ref": "/data/a", "value": "da"})
    sealed = seal_drafts(packed_drafts(store), [str(reader.recipient)])
    found = open_drafts(sealed, [reader])
    assert found.of == "dev-a" and found.drafts[0]["journal"][0]["value"] == "da"
    with pytest.raises(AgeError):
        open_drafts(sealed, [X25519Identity.generate()])
    there = MemoryStore()
    assert take_draft(there, found.drafts[0]) and not take_draft(there, found.drafts[0])
    (head,) = there.drafts.list()
    assert there.drafts.load(head.id).journal == found.drafts[0]["journal"]


def test_a_few_words_more_do_not_show_in_the_size() -> None:
    reader = str(X25519Identity.generate().recipient)

    def size(words: str) -> int:
        draft = {"id": "d", "meta": {}, "snapshot": words.encode(), "journal": []}
        return len(seal_drafts(pack(Drafts("dev-a", [draft])), [reader]))

    assert size("a") == size("două vorbe în plus") and size("a") > BLOCK


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"no zlib",
        zlib.compress(b"no msgpack \xc1"),
        zlib.compress(msgpack.packb([1])),
        zlib.compress(msgpack.packb({"of": "d", "drafts": [{"id": 1}]})),
        zlib.compress(msgpack.packb({"of": 1, "drafts": []})),
        zlib.compress(msgpack.packb({"of": "d", "drafts": []}))[:-3],
        zlib.compress(bytes(65 * 1024 * 1024)),
    ],
)
def test_what_is_no_drafts_file_is_refused(plain: bytes) -> None:
    reader = X25519Identity.generate()
    with pytest.raises(ValueError, match=r"drafts|large|msgpack|Unpack|extra|incomplete|format"):
        open_drafts(seal(plain, [reader.recipient]), [reader])
