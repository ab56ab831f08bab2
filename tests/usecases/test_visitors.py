"""A supervisor says who visits a household; the chosen person's tablet gets its history with the next sync."""

import pytest

from app.demo.devices import opened, sync
from app.demo.places import WORKERS, Places
from app.protocol.errors import Problem
from app.usecases.households import household as page_of
from app.usecases.visitors import choose_visitors, visitors
from app.usecases.worker import Worker
from tests.usecases.conftest import household


def test_whoever_is_chosen_gets_the_history(demo: Places, rodica: Worker) -> None:
    home = household(rodica, "SYN-001")
    people = {one.name: one for one in visitors(rodica, home)}
    assert set(people) == set(WORKERS)
    ana, ion = (people[name] for name in WORKERS)
    assert ana.assigned and not ion.assigned
    with opened(demo.tablet, ion.name) as worker:
        sync(worker)
        with pytest.raises(StopIteration):
            household(worker, "SYN-001")
        with pytest.raises(Problem, match=r"usecase\.supervisors_only"):
            visitors(worker, home)

    choose_visitors(rodica, home, [ana.member, ion.member])
    count = rodica.store.records.count()
    choose_visitors(rodica, home, [ion.member, ana.member])
    assert rodica.store.records.count() == count, "the same choice again is no news"
    assert all(one.assigned for one in visitors(rodica, home))
    sync(rodica)
    with opened(demo.tablet, ion.name) as worker:
        sync(worker)
        assert household(worker, "SYN-001") == home
        assert page_of(worker, home, "ro").timeline, "the visits before are there too"

    choose_visitors(rodica, home, [ion.member])
    assert {one.name for one in visitors(rodica, home) if one.assigned} == {ion.name}
