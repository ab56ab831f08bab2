"""A record's photo on a screen: opened, checked, fetched once, and a calm word where that cannot be."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from app.protocol.errors import Problem
from app.sync.transport import HttpTransport
from app.usecases import attachments
from app.usecases.attachments import Cancelled, attachment, files_of, is_here
from sync_server.testing import RunningServer, running_server
from tests.sync.carriers import Faulty, drop
from tests.usecases.sharing_world import Town, sync_well, through, town_on

PHOTO, SMALL = os.urandom(200_000), os.urandom(900)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("real") / "server") as running:
        yield running


@pytest.fixture
def town(server: RunningServer, tmp_path: Path) -> Iterator[Town]:
    with town_on(server, tmp_path) as made:
        made.publish()
        sync_well(made.rodica, made.ana, made.ion)
        yield made


def test_a_photo_is_fetched_when_it_is_looked_at_and_kept_sealed(town: Town) -> None:
    stored = town.visit(town.ana, "h1", PHOTO)
    sync_well(town.ana, town.rodica)
    (name,) = files_of(town.rodica, stored.record_id)
    assert not is_here(town.rodica, stored.record_id, name)
    assert attachment(town.rodica, stored.record_id, name) == PHOTO
    sha256 = stored.record["attachments"][0]["sha256"]
    assert is_here(town.rodica, stored.record_id, name)
    assert PHOTO[:500] not in town.rodica.store.media.read(sha256)
    through(town.rodica, Faulty(HttpTransport(town.server.url), iter([drop] * 9)))
    assert attachment(town.rodica, stored.record_id, name) == PHOTO, "without a connection now"
    assert attachment(town.ana, stored.record_id, name) == PHOTO, "its author's own"


def test_a_small_one_is_here_with_its_record(town: Town) -> None:
    stored = town.visit(town.ana, "h1", SMALL)
    sync_well(town.ana, town.rodica)
    (name,) = files_of(town.rodica, stored.record_id)
    assert is_here(town.rodica, stored.record_id, name)
    assert attachment(town.rodica, stored.record_id, name) == SMALL


def test_a_server_that_is_away_is_said_soon_and_costs_nothing(town: Town) -> None:
    stored = town.visit(town.ana, "h1", PHOTO)
    sync_well(town.ana, town.rodica)
    (name,) = files_of(town.rodica, stored.record_id)
    faulty = Faulty(HttpTransport(town.server.url), iter([drop] * 3))
    through(town.rodica, faulty)
    with pytest.raises(Problem, match="server_away"):
        attachment(town.rodica, stored.record_id, name)
    assert len(faulty.requests) <= 4
    stop = Event()
    stop.set()
    with pytest.raises(Cancelled):
        attachment(town.rodica, stored.record_id, name, cancel=stop)
    through(town.rodica, HttpTransport(town.server.url))
    assert attachment(town.rodica, stored.record_id, name) == PHOTO


def test_what_is_not_there_or_not_what_it_should_be(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = town.visit(town.ana, "h1", PHOTO)
    sync_well(town.ana, town.rodica)
    (name,) = files_of(town.rodica, stored.record_id)
    for record, file in ((stored.record_id, "alta.jpg"), ("no-record", name)):
        with pytest.raises(Problem, match="no_such_file"):
            attachment(town.rodica, record, file)
    with monkeypatch.context() as small:
        small.setattr(attachments, "LARGEST", 100_000)
        with pytest.raises(Problem, match="file_too_large"):
            attachment(town.rodica, stored.record_id, name)
    other = town.visit(town.ana, "h1", SMALL)
    (exchanged,) = other.record["attachments"]
    sync_well(town.ana, town.rodica)
    sealed = town.rodica.store.media.read(exchanged["sha256"])
    media = town.rodica.store.media
    monkeypatch.setattr(media, "has", lambda sha256: True)
    monkeypatch.setattr(media, "read", lambda sha256: sealed)
    with pytest.raises(Problem, match="damaged_attachment"):
        attachment(town.rodica, stored.record_id, name)


def test_somebody_elses_photo_is_nobodys(town: Town) -> None:
    """ion has neither the record nor the key, and the server gives him nothing."""
    stored = town.visit(town.ana, "h1", PHOTO)
    sync_well(town.ana, town.ion)
    (name,) = files_of(town.ana, stored.record_id)
    with pytest.raises(Problem, match="no_such_file"):
        attachment(town.ion, stored.record_id, name)
    town.ion.store.records.add(stored)
    with pytest.raises(Problem, match="file_not_sent"):
        attachment(town.ion, stored.record_id, name)


def test_a_correction_keeps_the_names_of_earlier_files(town: Town) -> None:
    first = town.visit(town.ana, "h1", SMALL)
    again = town.visit(town.ana, "h1", PHOTO, record=first.record_id, parents=(first.revision,))
    names = [one["name"] for stored in (again, first) for one in stored.record["attachments"]]
    assert list(files_of(town.ana, first.record_id)) == names
    assert [attachment(town.ana, first.record_id, name) for name in names] == [PHOTO, SMALL]
