"""The index snapshot: fast to open with, never wrong, never trusted when damaged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.store.rows import EncryptedTable
from app.store.store import EncryptedStore
from tests.unit.store.conftest import every_byte, sql, stored

Open = Callable[[], EncryptedStore]


@pytest.fixture
def opened_rows(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The table of every row that is opened from now on."""
    seen: list[str] = []
    honest = EncryptedTable._open

    def watched(self: EncryptedTable, row: int, stamp: int, box: bytes) -> object:
        seen.append(self._boxer.table)
        return honest(self, row, stamp, box)

    monkeypatch.setattr(EncryptedTable, "_open", watched)
    return seen


def filled(open_store: Open, count: int = 300) -> None:
    store = open_store()
    with store.transaction():
        for n in range(count):
            store.records.add(stored(f"r{n}", note=f"nota {n}"))
    store.close()


def test_opening_reads_the_snapshot_and_what_is_newer(open_store: Open, opened_rows: list[str]) -> None:
    filled(open_store)
    store = open_store()
    store.records.add(stored("new"))
    store.records.set_index("r7", 70)
    store.close()
    opened_rows.clear()
    store = open_store()
    heads = store.records.heads()
    assert [head.revision for head in heads] == [f"r{n}" for n in range(300)] + ["new"]
    assert heads[7].log_index == 70 and heads[8].log_index is None
    assert opened_rows.count("record") == 2


def test_a_few_changes_do_not_rewrite_the_snapshot(open_store: Open, place: Path) -> None:
    filled(open_store)
    before = sql(place, "SELECT stamp FROM index_snapshot")
    store = open_store()
    store.records.add(stored("new"))
    store.close()
    assert sql(place, "SELECT stamp FROM index_snapshot") == before


@pytest.mark.parametrize("how", ["damaged", "deleted", "record deleted"])
def test_a_wrong_snapshot_is_not_believed(open_store: Open, place: Path, how: str) -> None:
    filled(open_store)
    if how == "damaged":
        sql(place, "UPDATE index_snapshot SET box = zeroblob(length(box))")
    elif how == "deleted":
        sql(place, "DELETE FROM index_snapshot")
    else:
        sql(place, "DELETE FROM record WHERE id = (SELECT min(id) FROM record)")
    store = open_store()
    expected = 299 if how == "record deleted" else 300
    assert len(store.records.heads()) == expected == len(store.records.all())


def test_a_removed_record_leaves_the_snapshot_at_once(open_store: Open, place: Path) -> None:
    filled(open_store)
    old = sql(place, "SELECT box FROM index_snapshot")[0][0]
    store = open_store()
    assert store.records.remove("r5")
    store.scrub()
    assert old[:64] not in every_byte(place.parent)
    store.close()
    store = open_store()
    assert store.records.head("r5") is None and len(store.records.heads()) == 299


def test_the_size_of_the_snapshot_falls_into_a_class(open_store: Open, place: Path) -> None:
    filled(open_store, 300)
    one = sql(place, "SELECT length(box) FROM index_snapshot")
    sql(place, "DELETE FROM index_snapshot")
    store = open_store()
    store.records.add(stored("r300", note="nota"))
    store.close()
    assert sql(place, "SELECT length(box) FROM index_snapshot") == one
