"""A power cut at any moment: everything acknowledged is there, everything else is there or not, never half."""

import hashlib
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.protocol.manifest import Manifest
from app.protocol.messages import PushAnswer
from sync_server.commands.check import verify_all
from sync_server.settings import Settings
from sync_server.setup import initialise
from tests.contract.lossy_disk import HOW, LossyDisk
from tests.contract.server_world import World
from tests.unit.server.recording_vfs import available
from tests.unit.server.test_services import events_of_files

SEED = 20260301
READERS = ("sup-1", "tab-1")
needs_shim = pytest.mark.skipif(not available(), reason="Python's SQLite is not a shared library")


@dataclass
class Round:
    """What one round asked for, and when its last answer came."""

    manifests: list[Manifest]
    contents: list[bytes]
    acknowledged: int = 0
    entries: int = 0


def work(world: World, disk: LossyDisk) -> list[Round]:
    """Batches large enough to make SQLite move its journal into the database, single entries, photos, a removal."""
    rounds: list[Round] = []
    for turn in range(9):
        contents = [os.urandom(700) if turn % 3 else os.urandom(60_000) for _ in range(1 if turn % 3 else 40)]
        if turn in (4, 7):
            contents = [os.urandom(70_000)]
            assert {one.status_code for one in world.tablet.upload(contents[0])} == {204}
        if turn == 5:
            world.revoke("oth-1")
        made = [world.tablet.manifest(content, READERS) for content in contents]
        one = Round(made, contents if turn not in (4, 7) else [])
        answer = PushAnswer.decode(world.tablet.post(one.manifests, one.contents).content)
        assert all(outcome.index is not None for outcome in answer.outcomes)
        one.acknowledged = disk.now
        one.entries = sum(len(each.manifests) for each in rounds) + len(made)
        rounds.append(one)
    return rounds


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    world = World(Settings(tmp_path / "server"))
    assert world.org.found(world.token).status_code == 200
    world.close()
    disk = LossyDisk(tmp_path / "server", tmp_path / "before")
    with disk.watched(monkeypatch):
        world.restart()
        rounds = work(world, disk)
        world.close()
    monkeypatch.undo()
    return world, disk, rounds


@needs_shim
def test_everything_acknowledged_survives_a_power_cut(written: Any, tmp_path: Path):
    _, disk, rounds = written
    assert any(event[0] == "write" and event[1].endswith("server.db") for event in disk.events)
    rng = random.Random(SEED)
    moments = [
        (one.acknowledged, number, how) for number, one in enumerate(rounds) for how in ("lost", "kept")
    ]
    for number in range(len(rounds) - 1):
        start, end = rounds[number].acknowledged, rounds[number + 1].acknowledged
        moments += [(rng.randrange(start, end), number, how) for how in HOW for _ in range(2)]
    for at, (moment, number, how) in enumerate(moments):
        folder = disk.image(tmp_path / f"cut-{at}", moment, how, rng)
        found = verify_all(Settings(folder))[0]
        assert found.wrong == [], (moment, how)
        least = rounds[number].entries
        most = rounds[number + 1].entries if number + 1 < len(rounds) else least
        assert least <= found.entries <= most, (moment, how)


@needs_shim
def test_after_a_power_cut_the_client_sends_again_and_nothing_is_doubled(written: Any, tmp_path: Path):
    world, disk, rounds = written
    rng = random.Random(SEED + 1)
    for number in (2, 3, 5, 6):
        start, end = rounds[number].acknowledged, rounds[number + 1].acknowledged
        folder = disk.image(tmp_path / f"cut-{number}", rng.randrange(start, end), "torn", rng)
        world.clock.now += 5
        world.restart(Settings(folder))
        again = rounds[number + 1]
        if not again.contents:
            finish_photo(world, again.manifests[0])
        answer = PushAnswer.decode(world.tablet.post(again.manifests, again.contents).content)
        first = rounds[number].entries
        assert [outcome.index for outcome in answer.outcomes] == list(range(first, again.entries))
        world.close()
        assert verify_all(Settings(folder))[0].wrong == []


def finish_photo(world: World, manifest: Manifest) -> None:
    """The rest of a photo; its bytes are in the undamaged folder."""
    first = world.settings.data_dir.parent / "server" / "objects" / manifest.workspace
    content = (first / manifest.sha256[:2] / manifest.sha256).read_bytes()
    state = world.tablet.call("HEAD", f"/v1/objects/{manifest.sha256}")
    for answer in world.tablet.upload(content, start=int(state.headers["upload-offset"])):
        assert answer.status_code == 204, answer.content


def test_a_disk_that_forgets_is_caught(written: Any, tmp_path: Path):
    """The test's own test: without what was flushed, something acknowledged is missing."""
    _, disk, rounds = written
    before_closing = disk.events[: rounds[-1].acknowledged]
    disk.events = [one for one in before_closing if one[0] != "sync" or not one[1].endswith("-wal")]
    folder = disk.image(tmp_path / "cut", len(disk.events), "lost", random.Random(1))
    assert verify_all(Settings(folder))[0].entries < rounds[-1].entries


def test_the_log_key_is_on_disk_before_anything_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    events = events_of_files(monkeypatch)
    initialise(Settings(tmp_path / "server"))
    key = hashlib.sha256((tmp_path / "server" / "log.key").read_bytes())
    assert events[:2] == ["fsync:file", "fsync:folder"]
    initialise(Settings(tmp_path / "server"))
    assert hashlib.sha256((tmp_path / "server" / "log.key").read_bytes()).digest() == key.digest()
