"""Sealing again, cut off at any moment: nothing is missed and nothing is sealed twice for the same reader."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from app.crypto.record import open_record
from app.protocol.errors import Problem
from app.store.model import Limits
from app.sync.state import trust_restored_server
from app.sync.transport import HttpTransport
from app.usecases import publish
from app.usecases.attachments import attachment
from app.usecases.sharing import continue_sharing, sharing_status, start_sharing
from app.usecases.sync_now import sync_now
from app.usecases.worker import Worker
from sync_server.testing import RunningServer, running_server
from tests.sync.carriers import Faulty, drop, lose_answer
from tests.usecases.sharing_world import Town, given, revisions, sync_well, syncer_of, through, town_on

ROOT = Path(__file__).resolve().parents[2]
PHOTO = os.urandom(90_000)
KILLS = [("seal", 2), ("before", 2), ("seal", 25), ("after", 2)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("real") / "server") as running:
        yield running


@pytest.fixture
def town(server: RunningServer, tmp_path: Path) -> Iterator[Town]:
    with town_on(server, tmp_path) as made:
        made.publish()
        publish.assign(made.rodica, "h1", [made.ana.device])
        sync_well(made.rodica, made.ana)
        yield made


def visited(town: Town, count: int) -> list[str]:
    """So many visits of ana's, every third with a photo, that the supervisor has."""
    found = [town.visit(town.ana, "h1", PHOTO if not n % 3 else b"").revision for n in range(count)]
    sync_well(town.ana, town.rodica)
    return found


def sealed_for(town: Town, reader: Worker) -> Counter[str]:
    """Revision → how often it was sealed again for a reader alone: what waits, and what the log has."""
    outbox = town.rodica.store.outbox
    ours = [one for one in outbox.all() if one.role == "resealed" and reader.device in one.audience]
    found = {one.sha256: outbox.sealed(one.revision) or b"" for one in ours}
    photos = photos_of(town.rodica)
    for one in given(town.rodica, reader):
        if one.sha256 not in photos:
            found[one.sha256] = syncer_of(reader).fetch(one.sha256, one.size)
    identities = [reader.device_keys.identity]
    return Counter(open_record(data, identities).record.revision for data in found.values())


def announced_to(town: Town, reader: Worker) -> Counter[str]:
    photos = photos_of(town.rodica)
    return Counter(one.sha256 for one in given(town.rodica, reader) if one.sha256 in photos)


def photos_of(worker: Worker) -> set[str]:
    return {one["sha256"] for stored in worker.store.records.all() for one in stored.record["attachments"]}


def whole(town: Town, reader: Worker) -> None:
    """The reader has everything; what was sealed again was sealed once, and so for each photo."""
    sync_well(town.rodica, reader)
    assert revisions(reader) == revisions(town.rodica)
    once, photos = sealed_for(town, reader), announced_to(town, reader)
    assert set(once.values()) == {1}
    for stored in reader.store.records.all():
        for one in stored.record["attachments"]:
            assert photos.pop(one["sha256"], 0) == once[stored.revision]
            assert attachment(reader, stored.record_id, one["name"]) == PHOTO
    assert not photos and sharing_status(town.rodica) == []


def test_killed_while_sealing_and_sending(town: Town) -> None:
    """A real process, four times; records arrive in between."""
    visited(town, 40)
    dorin = town.enrolled("dorin", "supervisor")
    start_sharing(town.rodica, [dorin.device], households=None, why="joined")
    profile = town.rodica.profile
    for moment, number in KILLS:
        town.rodica.store.close()
        child = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.usecases.killed_sharing",
                *(str(town.folder), profile, town.server.url, str(number), moment),
            ],
            cwd=ROOT,
            check=False,
            capture_output=True,
        )
        assert child.returncode == -9, child
        town.reopened(profile)
        late = town.visit(town.ana, "h1", PHOTO)
        sync_well(town.ana)
        assert late.revision not in revisions(town.rodica)
    whole(town, dorin)
    assert len(dorin.store.records.all("submission")) == 40 + len(KILLS)
    assert len(sealed_for(town, dorin)) >= 42


def test_a_cut_connection_costs_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that are lost one after the other; then no answer at all, until another day."""
    visited(town, 12)
    dorin = town.enrolled("dorin", "supervisor")
    start_sharing(town.rodica, [dorin.device], households=None, why="joined")
    monkeypatch.setattr("app.sync.syncer._wait", lambda cancel, seconds: None)
    deeds = iter([None, lose_answer, None, lose_answer, *[drop] * 5])
    through(town.rodica, Faulty(HttpTransport(town.server.url), deeds))
    assert sync_now(town.rodica).problem is not None
    through(town.rodica, HttpTransport(town.server.url))
    whole(town, dorin)


def test_a_photo_that_is_still_with_its_author_follows(town: Town) -> None:
    """The record is passed on at once, its photo when it has been sent; the chain is not held up by it."""
    late = town.visit(town.ana, "h1", PHOTO)
    sha256 = late.record["attachments"][0]["sha256"]
    sealed = town.ana.store.media.read(sha256)
    town.ana.store.media.delete(sha256)  # not to be read for now
    sync_now(town.ana)
    publish.assign(town.rodica, "h1", [town.ana.device, town.ion.device])
    sync_well(town.rodica, town.rodica, town.ion)
    assert late.revision in revisions(town.ion)
    with pytest.raises(Problem, match="file_not_sent"):
        attachment(town.ion, late.record_id, late.record["attachments"][0]["name"])
    town.ana.store.media.put(sha256, sealed)
    town.ana.store.outbox.update(sha256, state="waiting", problem=None)
    sync_well(town.ana, town.rodica, town.rodica, town.ion)
    assert attachment(town.ion, late.record_id, late.record["attachments"][0]["name"]) == PHOTO
    assert announced_to(town, town.ion) == {sha256: 1}


def test_an_unsent_record_of_ones_own_waits_for_its_place(town: Town) -> None:
    visited(town, 3)
    dorin = town.enrolled("dorin", "supervisor")
    unsent = town.visit(town.rodica, "h1", PHOTO)
    assert dorin.device in (unsent.readers or ())  # she knew already
    town.rodica.store.values.set("roster", town.rodica.store.values.get("roster")[:-1])
    blind = town.visit(town.rodica, "h1", PHOTO)
    town.rodica.store.values.set("roster", [one.to_wire() for one in town.organisation.statements])
    start_sharing(town.rodica, [dorin.device], households=None, why="joined")
    while continue_sharing(town.rodica).left > 1:
        pass
    assert blind.revision not in sealed_for(town, dorin)
    sync_well(town.rodica, dorin)
    ours, theirs = (one.store.records.get(blind.revision) for one in (town.rodica, dorin))
    assert ours is not None and theirs is not None and ours.index == theirs.index
    assert revisions(dorin) == revisions(town.rodica)
    assert attachment(dorin, blind.record_id, blind.record["attachments"][0]["name"]) == PHOTO


def test_it_stops_when_told_and_never_fills_the_outbox(town: Town) -> None:
    visited(town, 40)
    dorin = town.enrolled("dorin", "supervisor")
    start_sharing(town.rodica, [dorin.device], households=None, why="joined")
    stop = Event()
    stop.set()
    assert continue_sharing(town.rodica, cancel=stop).done == 0
    assert continue_sharing(town.rodica, budget=1).done > 0
    told: list[int] = []
    town.rodica.store.outbox.limits = Limits(outbox_count=120)
    while (before := continue_sharing(town.rodica, lambda one: told.append(one.left))).left:
        if continue_sharing(town.rodica).done == before.done:
            break
    assert before.left and town.rodica.store.outbox.waiting_count() <= 0.75 * 120
    assert told == sorted(told, reverse=True)
    (shown,) = sharing_status(town.rodica)
    assert (shown.left, shown.why, shown.devices) == (before.left, "joined", (dorin.device,))
    whole(town, dorin)


def test_sent_copies_are_forgotten_and_made_again_for_a_restored_server(town: Town) -> None:
    visited(town, 3)
    dorin = town.enrolled("dorin", "supervisor")
    start_sharing(town.rodica, [dorin.device], households=None, why="joined")
    sync_well(town.rodica)
    once = sealed_for(town, dorin)
    assert set(once) == revisions(town.rodica) and set(once.values()) == {1}
    assert {one.role for one in town.rodica.store.outbox.all()} == {"record"}
    trust_restored_server(town.rodica.store)
    sync_well(town.rodica, town.rodica, dorin)
    again = sealed_for(town, dorin)
    assert set(again) == set(once) and set(again.values()) == {2}
    assert revisions(dorin) == revisions(town.rodica) and sharing_status(town.rodica) == []
    sync_well(town.rodica)
    assert sealed_for(town, dorin) == again


def test_a_lying_server_gets_no_reader_in(town: Town) -> None:
    """It offers a roster with a device of its own, and names that device wherever it can."""
    visited(town, 5)
    dorin = town.enrolled("dorin", "supervisor")
    intruder = town.enrolled("dan", "supervisor")  # what the server would like everybody to believe …
    true = [one.to_wire() for one in town.organisation.statements[:-1]]
    forged = {**town.organisation.statements[-1].to_wire(), "signature": "A" * 86}
    town.rodica.store.values.set("roster", true)
    for statements in ([*true, forged], true):
        town.rodica.store.values.set("roster", statements)
        try:
            start_sharing(town.rodica, [dorin.device, intruder.device], households=None)
        except Problem as problem:
            assert problem.code in ("roster.bad_signature", "roster.unknown_device")
        else:
            raise AssertionError("a device that nobody signed in was taken for a reader")
    start_sharing(town.rodica, [dorin.device], households=None)
    while continue_sharing(town.rodica).left:
        pass
    ours = [one for one in town.rodica.store.outbox.all() if one.role in ("resealed", "announced")]
    assert ours and all(one.audience == (dorin.device,) for one in ours)
    for one in ours:
        if one.role == "resealed":
            sealed = town.rodica.store.outbox.sealed(one.revision) or b""
            assert open_record(sealed, [dorin.device_keys.identity]).stanzas == 1
            with pytest.raises(Problem, match="not_for_me"):
                open_record(sealed, [intruder.device_keys.identity])
