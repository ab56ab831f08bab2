"""A draft whose newest answers were damaged or cut away on disk: told, and what is typed from then on is kept."""

import sqlite3
from contextlib import closing

import pytest

from app.demo.devices import opened
from app.demo.places import WORKERS, Places
from app.usecases import fill
from tests.usecases.conftest import household

pytestmark = pytest.mark.slow


def test_a_draft_with_missing_answers_says_so_and_goes_on(demo: Places) -> None:
    with opened(demo.tablet, WORKERS[0]) as worker:
        filling = fill.start(worker, "post_relocation_visit", household(worker, "SYN-004"), "m3", "ro")
        assert filling.trouble is None
        filling.answer("/data/a_start/visit_mode", "phone")
        filling.answer("/data/a_start/outcome", "absent")
        draft = filling.draft
    (place,) = [
        path
        for path in demo.tablet.rglob("store.db")
        if _journal(path, "SELECT count(*) FROM journal")[0][0] > 1
    ]
    _journal(place, "DELETE FROM journal WHERE n = (SELECT max(n) FROM journal WHERE n < 1000)")
    with opened(demo.tablet, WORKERS[0]) as worker:
        again = fill.resume(worker, draft)
        assert again.trouble is not None and again.trouble.code == "store.answers_missing"
        assert again.instance.at("/data/a_start/visit_mode").text == "phone"
        assert again.instance.at("/data/a_start/outcome").text == ""
        again.answer("/data/a_start/outcome", "met")
    with opened(demo.tablet, WORKERS[0]) as worker:
        later = fill.resume(worker, draft)
        assert later.trouble is None and later.instance.at("/data/a_start/outcome").text == "met"


def _journal(place: object, statement: str) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(str(place))) as connection, connection:
        return connection.execute(statement).fetchall()
