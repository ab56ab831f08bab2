"""A power cut: what was written after the last flush may be there, half there or garbage.

After every answer that `append` has confirmed, the files are copied as the disk must hold them then. A cut
while the next answer is being written leaves any part of its pages: every such state must open with all
confirmed answers, and with the next one wholly or not at all.
"""

import os
import random
import shutil
from pathlib import Path

import pytest

from app.store.store import Store
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
