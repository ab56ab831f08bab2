"""`kill -9` at any instant: what was said to be saved is there, and nothing is half there."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.store.store import Store
from tests.unit.store.conftest import KEY

ROOT = Path(__file__).resolve().parents[3]


def killed_after(place: Path, what: str, seconds: float) -> list[str]:
    """What a child said before it was killed that long after its first words."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.store.killed", str(place), what],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    first = child.stdout.readline()
    time.sleep(seconds)
    child.kill()
    rest = child.stdout.read()
    child.wait()
    said = (first + rest).splitlines(keepends=True)
    return [line.strip() for line in said if line.endswith("\n")]


@pytest.mark.parametrize("seconds", [0.0, 0.011, 0.05, 0.123, 0.3])
def test_a_killed_draft_has_every_answer_but_the_one_being_typed(place: Path, seconds: float) -> None:
    draft, *numbers = killed_after(place, "drafting", seconds)
    store = Store.open(place, KEY)
    found = store.drafts.load(draft)
    answered = int(found.snapshot) + len(found.journal)
    assert found.unreadable == 0
    assert [one["n"] for one in found.journal] == list(range(int(found.snapshot), answered))
    assert len(numbers) <= answered <= len(numbers) + 1
    assert not store.report.clean and store.check().ok
    store.drafts.append(draft, {"n": answered})
    assert store.drafts.load(draft).journal[-1] == {"n": answered}
    store.close()


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.1, 0.25])
def test_killed_while_finishing_a_visit_is_finished_or_still_a_draft(place: Path, seconds: float) -> None:
    said = killed_after(place, "finishing", seconds)
    store = Store.open(place, KEY)
    finished = store.records.count()
    assert len(said) <= finished <= len(said) + 1
    assert [entry.seq for entry in store.outbox.waiting()] == list(range(finished))
    assert store.outbox.next_seq() == store.outbox.waiting_count() == finished
    assert {entry.revision for entry in store.outbox.all()} == {one.revision for one in store.records.all()}
    assert store.drafts.count() <= 1
    assert all(head.meta["n"] == finished for head in store.drafts.list())
    store.close()
