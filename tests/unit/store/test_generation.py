"""An earlier copy of the store's file, put back in its place, is noticed and told."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.protocol.errors import catalogue
from app.store.generation import looked_into
from app.store.store import EncryptedStore, Store
from tests.unit.store.conftest import KEY, sql, stored

Open = Callable[[], EncryptedStore]


class Keystore:
    """A mark that nobody can put back with files."""

    def __init__(self) -> None:
        self.n: int | None = None

    def read(self) -> int | None:
        return self.n

    def write(self, n: int) -> None:
        self.n = n


@pytest.fixture
def keystore() -> Iterator[Keystore]:
    yield Keystore()


def used(place: Path, *marks: Keystore, revision: str = "") -> EncryptedStore:
    """Opens, adds a record perhaps, closes; gives the closed store for its report."""
    store = Store.open(place, KEY, marks=marks)
    if revision:
        store.records.add(stored(revision))
    store.close()
    return store


def copy_of(place: Path, name: str) -> Path:
    """What somebody takes away while the app is closed."""
    to = place.parent / name
    to.mkdir()
    for path in place.parent.glob("store.*"):
        shutil.copyfile(path, to / path.name)
    return to


def put_back(place: Path, copy: Path, *names: str) -> None:
    for name in names:
        shutil.copyfile(copy / name, place.parent / name)


def test_an_untouched_store_is_current(place: Path, keystore: Keystore) -> None:
    for revision in ("", "a", "b", ""):
        report = used(place, keystore, revision=revision).report
        assert report.age == "current" and report.problems() == []
        assert report.lines() == ["The store is in order."]


@pytest.mark.parametrize("later", ["", "b"])
def test_a_database_put_back_is_noticed(place: Path, later: str) -> None:
    used(place, revision="a")
    copy = copy_of(place, "earlier")
    used(place, revision=later)
    put_back(place, copy, "store.db")
    report = used(place).report
    assert report.age == "older" and [one.code for one in report.problems()] == ["store.put_back"]
    assert "An earlier copy" in report.lines()[0]


def test_a_copy_made_while_the_app_was_open_is_noticed(place: Path) -> None:
    with closing(Store.open(place, KEY)) as store:
        store.records.add(stored("a"))
        copy = copy_of(place, "earlier")
        store.records.add(stored("b"))
    put_back(place, copy, "store.db", "store.db-wal")
    assert used(place).report.age == "older"


def test_the_warning_stays_until_somebody_has_looked_into_it(place: Path, open_store: Open) -> None:
    used(place, revision="a")
    copy = copy_of(place, "earlier")
    used(place)
    put_back(place, copy, "store.db")
    assert used(place).report.age == used(place).report.age == "older"
    store = open_store()
    assert store.check().age == "older" and store.check().ok
    looked_into(store.values)
    store.close()
    assert used(place).report.age == "current"


def test_both_files_put_back_are_noticed_by_a_keystore_only(place: Path, keystore: Keystore) -> None:
    """Without a keystore this is the known gap; the server's log is then the only witness."""
    used(place, keystore, revision="a")
    copy = copy_of(place, "earlier")
    used(place, keystore, revision="b")
    put_back(place, copy, "store.db", "store.mark")
    assert used(place).report.age == "current"
    put_back(place, copy, "store.db", "store.mark")
    assert used(place, keystore).report.age == "older"


def test_a_slow_mark_is_asked_only_while_opening(place: Path, keystore: Keystore) -> None:
    store = Store.open(place, KEY, marks=[keystore])
    opened = keystore.n
    keystore.read = keystore.write = lambda *_: pytest.fail("asked")  # type: ignore[method-assign,assignment]
    store.close()
    assert opened == 1


def test_a_mark_that_is_gone_or_forged_says_nothing(place: Path) -> None:
    used(place)
    for content in (None, b"", b"x" * 200):
        place.with_suffix(".mark").unlink()
        if content is not None:
            place.with_suffix(".mark").write_bytes(content)
        report = used(place).report
        assert report.age == "unmarked" and report.problems() == [] and "mark" in report.lines()[0]
        assert used(place).report.age == "current"


def test_a_database_from_before_the_marks_beside_a_mark(place: Path) -> None:
    used(place)
    sql(place, "DELETE FROM value WHERE stamp > (SELECT min(stamp) FROM value)")  # all but the key check
    assert used(place).report.age == "older"


def test_a_kill_between_database_and_mark_worries_nobody(place: Path, keystore: Keystore) -> None:
    class Dying(Keystore):
        def write(self, n: int) -> None:
            raise KeyboardInterrupt

    used(place, keystore)
    with pytest.raises(KeyboardInterrupt):
        Store.open(place, KEY, marks=[Dying()])
    assert used(place, keystore).report.age == "current"


def test_the_mark_tells_nothing_readable(place: Path) -> None:
    used(place)
    first = place.with_suffix(".mark").read_bytes()
    used(place)
    assert place.with_suffix(".mark").read_bytes() != first and len(first) < 128


def test_what_is_told_is_in_the_catalogue(place: Path) -> None:
    used(place, revision="a")
    (box,) = sql(place, "SELECT box FROM record")[0]
    sql(place, "UPDATE record SET box = ?", box[:-1] + bytes([box[-1] ^ 1]))
    with closing(Store.open(place, KEY)) as store:
        (problem,) = store.check().problems()
    assert problem.code == "store.rows_unreadable" and problem.detail == {"count": 1}
    assert {"store.found_damaged", "store.put_back"} <= set(catalogue())
