"""A power cut: what was written after the last flush may be there, half there or garbage.

After every answer that `append` has confirmed, the files are copied as the disk must hold them then. A cut
while the next answer is being written leaves any part of its pages: every such state must open with all
confirmed answers, and with the next one wholly or not at all.
"""

import hashlib
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.store.shelf import Owner, Shelf
from app.store.store import OutboxEntry, Store
from tests.unit.store.conftest import KEY

SEED = 20260301


def opened(place: Path, draft: str) -> int:
    """How many answers a store file holds, in order and without holes."""
    store = Store.open(place, KEY)
    found = store.drafts.load(draft)
    store._database.close()
    assert found.unreadable == 0
    assert [one["n"] for one in found.journal] == list(range(len(found.journal)))
    return len(found.journal)


def copied(place: Path, to: Path) -> Path:
    """The database and its write-ahead log as they are now (the shared index is rebuilt anyway)."""
    to.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{place}{suffix}", to / f"store.db{suffix}")
    return to / "store.db"


@pytest.fixture
def written(place: Path, tmp_path: Path) -> tuple[str, list[Path]]:
    """A draft, and the files after each of twelve confirmed answers."""
    store = Store.open(place, KEY)
    draft = store.drafts.start({}, b"")
    states = []
    for n in range(12):
        store.drafts.append(draft, {"n": n, "text": "raspuns " * n})
        states.append(copied(place, tmp_path / f"state-{n}"))
    store.close()
    return draft, states


def test_every_confirmed_answer_is_in_the_files_when_it_is_confirmed(written: tuple[str, list[Path]]) -> None:
    draft, states = written
    assert [opened(place, draft) for place in states] == list(range(1, 13))


@pytest.mark.parametrize("how", ["cut short", "zeros", "garbage", "lost pages"])
def test_a_cut_in_the_middle_of_writing_loses_only_the_answer_being_written(
    written: tuple[str, list[Path]], tmp_path: Path, how: str
) -> None:
    draft, states = written
    rng = random.Random(SEED)
    for number in range(4, 11):
        before = Path(f"{states[number]}-wal").read_bytes()
        after = Path(f"{states[number + 1]}-wal").read_bytes()
        assert after.startswith(before) and len(after) > len(before)
        new = len(after) - len(before)
        for attempt in range(6):
            kept = rng.randrange(24, new) if attempt else 24  # at least a frame's header
            tail = after[len(before) : len(before) + kept]
            if how == "zeros":
                tail += bytes(new - kept)
            elif how == "garbage":
                tail += rng.randbytes(new - kept)
            elif how == "lost pages":
                tail = bytes(kept) + after[len(before) + kept :]
            torn = tmp_path / f"torn-{how}-{number}-{attempt}"
            torn.mkdir()
            shutil.copyfile(states[number], torn / "store.db")
            (torn / "store.db-wal").write_bytes(before + tail)
            assert opened(torn / "store.db", draft) == number + 1
            assert os.path.getsize(torn / "store.db") > 0


# Files beside the database: photos, the shelf of what is unsent, the mark of the store's age.


@dataclass
class Disk:
    """Notes the order in which files become durable, and what was in each when it was renamed into its place."""

    steps: list[tuple[str, str]] = field(default_factory=list)
    renamed: list[tuple[Path, bytes, bytes | None]] = field(default_factory=list)

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        fsync, replace = os.fsync, os.replace

        def synced(handle: int) -> None:
            self.steps.append(("fsync", os.readlink(f"/proc/self/fd/{handle}")))
            fsync(handle)

        def replaced(source: Any, target: Any) -> None:
            old = Path(target).read_bytes() if Path(target).exists() else None
            self.steps.append(("rename", str(source)))
            self.renamed.append((Path(target), Path(source).read_bytes(), old))
            replace(source, target)

        patch.setattr(os, "fsync", synced)
        patch.setattr(os, "replace", replaced)


def after_the_cut(target: Path, new: bytes, old: bytes | None) -> Iterator[None]:
    """Every state in which a cut can leave a file that is written beside, synced and renamed."""
    beside = target.with_name(target.name + ".new")
    for torn in (b"", new[:1], new[: len(new) // 2], new[:-1], bytes(len(new)), new):
        for there in (old, new) if torn == new else (old,):
            beside.write_bytes(torn)
            target.unlink(missing_ok=True)
            if there is not None:
                target.write_bytes(there)
            yield
    beside.unlink(missing_ok=True)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to see which file is synced")
@pytest.mark.parametrize("what", ["photo", "shelf", "mark"])
def test_files_beside_the_store_are_old_or_new_after_a_cut(
    place: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    store, shelf = Store.open(place, KEY), Shelf(place.parent)
    shelf.claim(Owner("dev-1", "org-exemplu"))
    photo = b"sealed photo" * 3000
    name = hashlib.sha256(photo).hexdigest()
    entry = OutboxEntry("a", "r", 0, {"seq": 0, "sha256": name, "size": 9}, photo, "waiting", None, None)
    disk = Disk()
    with monkeypatch.context() as patch:
        disk.watch(patch)
        if what == "photo":
            store.media.put(name, photo)
        elif what == "shelf":
            shelf.put(entry)
        else:
            store._generation._beside.write(7)
    assert disk.renamed
    for target, new, old in disk.renamed:
        beside = str(target) + ".new"
        first = disk.steps.index(("fsync", beside))
        order = [kind for kind, path in disk.steps[first:] if path in (beside, str(target.parent))]
        assert order[:3] == ["fsync", "rename", "fsync"]
        for _ in after_the_cut(target, new, old):
            if what == "photo":
                assert store.media.count() == store.media.has(name)
                assert not store.media.has(name) or store.media.read(name) == photo
            elif what == "shelf":
                assert shelf.object(name) in (None, photo)
                assert len(shelf.read().manifests) <= 1
            else:
                assert store._generation._beside.read() in (1, 7)
    again: dict[str, Callable[[], object]] = {
        "photo": lambda: store.media.put(name, photo),
        "shelf": lambda: shelf.put(entry),
        "mark": lambda: store._generation._beside.write(8),
    }
    again[what]()
    assert what != "photo" or store.media.read(name) == photo
    store.close()


def test_a_download_that_was_cut_is_whole_or_begun_anew(place: Path) -> None:
    """The last piece may be there, half there or garbage: the hash of the whole decides."""
    store = Store.open(place, KEY)
    data = os.urandom(5000)
    name = hashlib.sha256(data).hexdigest()
    for tail in (b"", data[4000:4500], bytes(1000), data[4000:]):
        store.media.extend_partial(name, 0, data[:4000])
        (part,) = (place.parent / "media").glob("*.part")
        part.write_bytes(data[:4000] + tail)
        size = store.media.partial(name)
        store.media.extend_partial(name, size, data[size:])
        assert store.media.finish_partial(name) == (tail in (b"", data[4000:4500], data[4000:]))
        assert not store.media.has(name) or store.media.read(name) == data
        store.media.delete(name)
        store.media.drop_partial(name)
    store.close()
