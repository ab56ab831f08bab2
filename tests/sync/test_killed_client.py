"""`kill -9` of a real client with real files at every named step: it comes back, and nothing is lost or doubled."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.testing import RunningServer, running_server
from tests.sync.killed_client import STEPS
from tests.sync.real import RealTown, real_town, store_path

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("killed") / "server") as running:
        yield running


@pytest.fixture(scope="module")
def town(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealTown]:
    """One organisation for all steps: what one death leaves behind, the next synchronisation meets."""
    with real_town(server, tmp_path_factory.mktemp("town")) as made:
        yield made


@pytest.mark.parametrize("step", STEPS)
def test_a_client_killed_at_a_step_comes_back(town: RealTown, step: str) -> None:
    before = len(town.maria.store.records.all("submission"))
    town.ana.finish(photos=(os.urandom(3_000), os.urandom(150_000)))
    town.bogdan.finish(readers=[town.maria.keys.device_id])
    town.bogdan.sync_well()  # a hole in what Ana may read
    town.maria.finish(readers=[town.ana.keys.device_id])
    town.bogdan.finish(readers=[town.maria.keys.device_id, town.ana.keys.device_id])
    town.bogdan.sync_well()
    town.maria.sync_well()
    town.ana.store.values.delete("sync.roster_at")
    town.ana.store.values.delete("sync.rate")
    town.ana.store.close()
    command = [sys.executable, "-m", "tests.sync.killed_client", str(store_path(town.folder, "ana"))]
    child = subprocess.run(
        [*command, town.server.url, step], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert child.returncode == -9, (step, child.stdout, child.stderr)
    town.reopened(town.ana)
    assert town.ana.store.check().ok
    town.ana.finish()  # work goes on, also before the next synchronisation
    town.ana.sync_well()
    waiting = town.ana.store.outbox.waiting()
    assert waiting == []
    entries = town.ana.store.outbox.all()
    assert [one.seq for one in entries] == list(range(len(entries)))
    indices = [one.receipt["index"] for one in entries if one.receipt]
    assert len(set(indices)) == len(entries)
    town.maria.sync_well()
    assert len(town.maria.store.records.all("submission")) == before + 5
    assert town.maria.store.quarantine.count() == 0 == town.ana.store.quarantine.count()
