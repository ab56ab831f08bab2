"""The safety copy as a person makes and takes it: counts, a colleague, another tablet, bad files."""

import pytest

from app.demo.devices import opened, sync
from app.demo.places import WORKERS, Places
from app.protocol.errors import Problem
from app.usecases.review import queue
from app.usecases.safety import Taken, Unsafe, colleagues, make_copy, only_here, take_copy
from app.usecases.today import today
from app.usecases.worker import Worker
from tests.usecases.test_safety_forgotten import PHOTO, draft, finished
from tests.usecases.test_visit_story import CANARY


def test_a_colleague_hands_over_and_goes_on_with_the_draft(demo: Places, ana: Worker, rodica: Worker) -> None:
    sync(ana)
    records = [finished(ana), finished(ana, "SYN-001", PHOTO)]
    draft(ana)
    assert only_here(ana) == Unsafe(2, 1, 1, 0)
    (ion_there,) = colleagues(ana)
    assert ion_there.name == WORKERS[1]
    plain, shared = make_copy(ana), make_copy(ana, ion_there.device)
    assert (plain.entries, plain.drafts) == (3, 1) and plain.name.endswith(".doorstep")
    assert "Ana" not in plain.name and CANARY.encode() not in shared.data + plain.data
    with opened(demo.tablet, WORKERS[1]) as ion:
        assert take_copy(ion, plain.data) == Taken(3, 0, locked=True)
        assert take_copy(ion, shared.data) == Taken(0, 1, locked=False), "the same work is not taken twice"
        assert only_here(ion).carried == 3 and len(today(ion, "ro").drafts) == 1
        sync(ion)
        assert only_here(ion).carried == 0
    sync(rodica)
    assert set(records) <= {row.record for row in queue(rodica)}


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04" + bytes(400)])
def test_a_file_that_is_no_copy_is_told_plainly(ana: Worker, data: bytes) -> None:
    with pytest.raises(Problem) as caught:
        take_copy(ana, data)
    assert caught.value.code == "store.bad_copy" and caught.value.entry.todo


def test_a_cut_copy_takes_nothing(demo: Places, ana: Worker) -> None:
    finished(ana)
    data = make_copy(ana).data
    with opened(demo.tablet, WORKERS[1]) as ion:
        for cut in (data[:-200], data[: len(data) // 2]):
            with pytest.raises(Problem, match=r"store\.bad_copy"):
                take_copy(ion, cut)
        assert only_here(ion).carried == 0
