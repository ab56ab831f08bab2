"""Synchronising into a store that is full: nothing half taken, nothing lost, and it goes on when there is room."""

from pathlib import Path

import pytest

from app.protocol.errors import Problem
from app.store.store import Limits, MemoryStore, Store
from tests.sync.conftest import Town


def test_a_disk_that_fills_up_during_a_pull_stops_it_cleanly(town: Town, tmp_path: Path) -> None:
    for n in range(60):
        town.ana.finish({"xml": "".join(f"{n * i:x}" for i in range(2_000)), "synthetic": True})
    town.ana.sync_well()
    store = Store.open(tmp_path / "store.db", bytes(32))
    town.maria.store = store
    town.maria.remember_enrolment()
    (pages,) = store._database.rows("PRAGMA page_count")[0]
    store._database.execute(f"PRAGMA max_page_count = {pages + 60}")
    report = town.maria.sync()
    assert [problem.code for problem in report.problems] == ["store.disk_full"]
    kept = store.records.count()
    assert kept < 60 and store.check().ok
    store._database.execute("PRAGMA max_page_count = 1073741823")
    report = town.maria.sync_well()
    assert report.received == 60 - kept and store.records.count() == 60
    store.close()


def test_a_full_outbox_keeps_the_draft_and_empties_with_a_synchronisation(town: Town) -> None:
    town.ana.store = MemoryStore(limits=Limits(outbox_count=2))
    town.ana.remember_enrolment()
    town.ana.finish()
    town.ana.finish()
    draft = town.ana.store.drafts.start({"form": "household_baseline"}, b"<data>answers</data>")
    with pytest.raises(Problem, match=r"store\.outbox_full") as caught, town.ana.store.transaction():
        town.ana.store.drafts.discard(draft)
        town.ana.finish()
    assert caught.value.detail["waiting"] == 2
    assert town.ana.store.drafts.load(draft).snapshot == b"<data>answers</data>"
    assert town.ana.sync_well().sent == 2
    town.ana.finish()
    assert town.ana.sync_well().sent == 1
