"""A full disk, a disk that cannot be written, a limit on the file: one plain problem, nothing lost, work goes on."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.protocol.errors import Problem
from app.store.store import EncryptedStore, OutboxEntry, Store
from tests.unit.store.conftest import KEY, stored

ROOT = Path(__file__).resolve().parents[3]
Open = Callable[[], EncryptedStore]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte; skips where this user may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, leave: int = 0) -> Path:
    """A file that takes all room but `leave` bytes."""
    ballast = place / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
        file.truncate(max(0, file.tell() - leave))
    return ballast


def test_a_full_disk_refuses_the_step_and_keeps_everything_else(small_disk: Path) -> None:
    store = Store.open(small_disk / "store.db", KEY)
    draft = store.drafts.start({"n": 1}, b"start")
    for n in range(10):
        store.drafts.append(draft, {"n": n})
    ballast = fill(small_disk)
    saved = 10
    with pytest.raises(Problem, match=r"store\.disk_full"):
        for _ in range(1000):
            store.drafts.append(draft, {"n": saved})
            saved += 1
    with pytest.raises(Problem, match=r"store\.disk_full"), store.transaction():
        store.records.add(stored("a", xml="x" * 5000))
        store.outbox.put(OutboxEntry("a", "r", 0, {}, os.urandom(200_000), "waiting", None, None))
        store.drafts.discard(draft)
    found = store.drafts.load(draft)
    assert [one["n"] for one in found.journal] == list(range(saved)) and found.unreadable == 0
    assert store.records.heads() == [] and store.outbox.next_seq() == 0
    ballast.unlink()
    store.drafts.append(draft, {"n": saved})
    assert store.drafts.load(draft).journal[-1] == {"n": saved}
    assert store.check().ok
    store.close()


def test_a_store_opens_and_can_be_read_on_a_full_disk(small_disk: Path) -> None:
    store = Store.open(small_disk / "store.db", KEY)
    store.records.add(stored("a"))
    store.close()
    fill(small_disk)
    store = Store.open(small_disk / "store.db", KEY)
    assert store.records.get("a") == stored("a")
    with pytest.raises(Problem, match=r"store\.(disk_full|read_only)"):
        for n in range(200):
            store.records.add(stored(f"b{n}", xml="x" * 50_000))
    store.close()


def test_media_that_do_not_fit_leave_nothing_behind(small_disk: Path) -> None:
    store = Store.open(small_disk / "store.db", KEY)
    fill(small_disk, leave=32 * 1024)
    data = os.urandom(100_000)
    with pytest.raises(Problem, match=r"store\.disk_full"):
        store.media.put(hashlib.sha256(data).hexdigest(), data)
    assert list((small_disk / "media").iterdir()) == []
    store.close()


def test_a_limit_on_the_file_is_a_full_disk(open_store: Open) -> None:
    store = open_store()
    store.records.add(stored("before"))
    (pages,) = store._database.rows("PRAGMA page_count")[0]
    store._database.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(Problem, match=r"store\.disk_full"):
        for n in range(100):
            store.records.add(stored(f"r{n}", xml=os.urandom(3000).hex()))
    assert len(store.records.all()) == len(store.records.heads()) == store.records.count()
    store._database.execute("PRAGMA max_page_count = 1073741823")
    store.records.add(stored("after"))
    assert store.records.get("before") is not None and store.check().ok


READ_ONLY = """
import os, sys
from pathlib import Path
from app.protocol.errors import Problem
from app.store.store import Store
from tests.unit.store.conftest import KEY, stored
os.setuid(65534)
store = Store.open(Path(sys.argv[1]), KEY)
print(store.read_only, store.records.get("a") is not None, len(store.records.heads()))
for call in (lambda: store.records.add(stored("b")), lambda: store.drafts.start({}, b"")):
    try:
        call()
    except Problem as problem:
        print(problem.code)
store.close()
"""


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can become another user")
def test_a_disk_that_cannot_be_written_can_still_be_read(open_store: Open, place: Path) -> None:
    store = open_store()
    store.records.add(stored("a"))
    store.close()
    for folder in (place.parent, *place.parent.parents):
        if folder.stat().st_uid == 0 and folder.is_relative_to(place.parents[2]):
            folder.chmod(0o755)
    place.chmod(0o444)
    child = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(place)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if "Permission" in child.stderr and "store" not in child.stdout:
        pytest.skip("another user cannot run this Python")
    assert child.stdout.split() == ["True", "True", "1", "store.read_only", "store.read_only"], child.stderr
