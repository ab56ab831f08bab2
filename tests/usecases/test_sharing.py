"""Who may read what, after somebody joined, was assigned, or was removed: on a real server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crypto.record import SignedRecord, check_record
from app.protocol.errors import Problem
from app.usecases import publish
from app.usecases.attachments import attachment, files_of, is_here
from app.usecases.programme import entities
from app.usecases.seal import assigned_devices
from app.usecases.sharing import continue_sharing, sharing_status, start_sharing
from app.usecases.worker import Worker
from sync_server.testing import RunningServer, running_server
from tests.usecases.sharing_world import Town, decide, revisions, sync_well, town_on

PHOTO, SMALL = os.urandom(150_000), os.urandom(1_000)
H1, H2 = "household-1", "household-2"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("real") / "server") as running:
        yield running


@pytest.fixture
def town(server: RunningServer, tmp_path: Path) -> Iterator[Town]:
    with town_on(server, tmp_path) as made:
        made.publish()
        for name in ("rodica", "ana", "ion"):
            publish.introduce(made.rodica, name, name.capitalize(), made.workers[name].role)
        publish.assign(made.rodica, H1, [made.ana.device])
        sync_well(made.rodica, made.ana, made.ion)
        yield made


def history(town: Town) -> list[str]:
    """Three visits of ana's to a household, reviewed, one of them with photos; every revision of it."""
    visits = [town.visit(town.ana, H1), town.visit(town.ana, H1, SMALL), town.visit(town.ana, H1, PHOTO)]
    sync_well(town.ana, town.rodica)
    reviews = [
        decide(town.rodica, visits[0], "approved"),
        decide(town.rodica, visits[1], "hasIssues", "/data/n", "Este corect?"),
    ]
    again = town.visit(town.ana, H1, record=visits[1].record_id, parents=(visits[1].revision,))
    sync_well(town.rodica, town.ana, town.rodica)
    return [one.revision for one in (*visits, again, *reviews)]


def same_as(there: Worker, here: Worker, wanted: list[str]) -> None:
    """Each of these revisions is word for word the original, believed, and in its original place."""
    for revision in wanted:
        ours, theirs = there.store.records.get(revision), here.store.records.get(revision)
        assert ours is not None and theirs is not None
        assert (ours.record, ours.signature) == (theirs.record, theirs.signature)
        assert ours.index == theirs.index is not None
        check_record(SignedRecord.from_parts(ours.record, ours.signature), there.roster())


def test_a_newly_assigned_tablet_is_given_the_households_history(town: Town) -> None:
    wanted = history(town)
    other = town.visit(town.ana, H2)
    sync_well(town.ana, town.rodica, town.ion)
    assert not revisions(town.ion, "submission")
    publish.assign(town.rodica, H1, [town.ana.device, town.ion.device])
    sync_well(town.rodica, town.ion)
    assert revisions(town.ion, "submission") | revisions(town.ion, "review") == set(wanted)
    assert other.revision not in revisions(town.ion)
    same_as(town.ion, town.rodica, wanted)
    assert {one.origin for one in town.ion.store.records.all()} == {"pulled"}
    record = town.ion.store.records.get(wanted[2])
    assert record is not None and len(files_of(town.ion, record.record_id)) == 1
    for revision, photo in ((wanted[1], SMALL), (wanted[2], PHOTO)):
        stored = town.ion.store.records.get(revision)
        assert stored is not None
        (one,) = stored.record["attachments"]
        assert attachment(town.ion, stored.record_id, one["name"]) == photo
        assert is_here(town.ion, stored.record_id, one["name"])
    assert sharing_status(town.rodica) == []


def test_a_household_that_is_taken_away_brings_nothing_more(town: Town) -> None:
    publish.assign(town.rodica, H1, [town.ana.device, town.ion.device])
    sync_well(town.rodica, town.ana, town.ion)
    seen = town.visit(town.ana, H1)
    sync_well(town.ana, town.rodica, town.ion)
    assert seen.revision in revisions(town.ion)
    publish.assign(town.rodica, H1, [town.ana.device])
    sync_well(town.rodica, town.ana)
    unseen = town.visit(town.ana, H1)
    sync_well(town.ana, town.rodica, town.ion, town.rodica, town.ion)
    assert unseen.revision in revisions(town.rodica) - revisions(town.ion)


def test_a_visit_of_a_tablet_that_did_not_know_yet_is_passed_on(town: Town) -> None:
    """ana's tablet is away while ion is assigned, and seals without him."""
    publish.assign(town.rodica, H1, [town.ana.device, town.ion.device])
    late = town.visit(town.ana, H1, PHOTO)
    sync_well(town.rodica, town.ion, town.ana)
    assert late.revision not in revisions(town.ion)
    sync_well(town.rodica, town.ion)
    same_as(town.ion, town.rodica, [late.revision])
    known = town.visit(town.ana, H1)
    sync_well(town.ana, town.rodica, town.ion)
    waiting = town.rodica.store.outbox.all()
    assert known.revision in revisions(town.ion)
    assert not [one for one in waiting if one.record_id == known.record_id]


def test_a_record_moved_to_a_household_brings_its_past_along(town: Town) -> None:
    publish.assign(town.rodica, H2, [town.ion.device])
    sync_well(town.rodica, town.ana, town.ion)
    first = town.visit(town.ana, H1, SMALL)
    sync_well(town.ana, town.rodica, town.ion)
    moved = town.visit(town.ana, H2, record=first.record_id, parents=(first.revision,))
    sync_well(town.ana, town.rodica, town.ion)
    same_as(town.ion, town.rodica, [first.revision, moved.revision])
    assert attachment(town.ion, first.record_id, first.record["attachments"][0]["name"]) == SMALL


def test_a_new_fieldworker_gets_the_programme_and_the_names(town: Town) -> None:
    history(town)
    eva = town.enrolled("eva", "fieldworker")
    job = start_sharing(town.rodica, [eva.device], households=None, why="joined")
    assert job.total == 4
    sync_well(town.rodica, eva)
    assert {one.record["kind"] for one in eva.store.records.all()} == {"programme", "profile"}
    assert revisions(eva) == revisions(town.rodica, "programme") | revisions(town.rodica, "profile")


def test_another_tablet_of_the_same_person_reads_what_the_first_reads(town: Town) -> None:
    wanted = history(town)
    own = town.visit(town.ana, "")
    sync_well(town.ana, town.rodica)
    second = town.enrolled("ana-2", "fieldworker", "ana")
    start_sharing(town.rodica, [second.device], households=None, why="joined")
    sync_well(town.rodica, second)
    same_as(second, town.rodica, [*wanted, own.revision])
    assert assigned_devices(second, H1) == [town.ana.device]
    later = town.visit(second, H1, SMALL)
    sync_well(second, town.ana, town.rodica)
    assert later.revision in revisions(town.ana) & revisions(town.rodica)
    newest = town.visit(town.ana, H1)
    sync_well(town.ana, second)
    assert newest.revision in revisions(second)


def test_a_new_supervisor_reads_everything(town: Town) -> None:
    wanted = history(town)
    photos = [town.visit(town.ion, H2, PHOTO).revision, town.visit(town.ion, "").revision]
    sync_well(town.ion, town.rodica)
    dorin = town.enrolled("dorin", "supervisor")
    start_sharing(town.rodica, [dorin.device], households=None, why="joined")
    sync_well(town.rodica, dorin)
    assert revisions(dorin) == revisions(town.rodica)
    same_as(dorin, town.rodica, [*wanted, *photos, *revisions(town.rodica)])
    stored = dorin.store.records.get(photos[0])
    assert stored is not None
    assert attachment(dorin, stored.record_id, stored.record["attachments"][0]["name"]) == PHOTO


def test_what_a_second_supervisor_was_given_can_be_given_on(town: Town) -> None:
    """Also the photos, and in their first place in the order."""
    wanted = history(town)
    dorin = town.enrolled("dorin", "supervisor")
    start_sharing(town.rodica, [dorin.device], households=None, why="joined")
    sync_well(town.rodica, dorin)
    publish.assign(dorin, H1, [town.ana.device, town.ion.device])
    sync_well(dorin, town.ion)
    same_as(town.ion, town.rodica, wanted)
    stored = town.ion.store.records.get(wanted[2])
    assert stored is not None
    assert attachment(town.ion, stored.record_id, stored.record["attachments"][0]["name"]) == PHOTO


def test_a_removed_device_gets_nothing_new(town: Town) -> None:
    publish.assign(town.rodica, H1, [town.ana.device, town.ion.device])
    sync_well(town.rodica, town.ana, town.ion)
    start_sharing(town.rodica, [town.ion.device], households=[H1], why="assigned")
    town.revoke("ion")
    late = town.visit(town.ana, H1, SMALL)
    sync_well(town.ana, town.rodica)
    known = town.visit(town.ana, H1)
    sync_well(town.ana, town.rodica)
    sealed = [one for worker in (town.ana, town.rodica) for one in worker.store.outbox.all()]
    after = [one for one in sealed if one.epoch == town.rodica.roster().epoch]
    assert after and all(town.ion.device not in one.audience for one in after)
    assert {late.revision, known.revision} <= revisions(town.rodica)
    for one in town.rodica.store.records.all("submission"):
        assert town.ion.device not in (one.readers or ()) or one.revision == late.revision
    with pytest.raises(Problem, match="device_revoked"):
        start_sharing(town.rodica, [town.ion.device], households=None)
    with pytest.raises(Problem, match="device_revoked"):
        publish.assign(town.rodica, H1, [town.ion.device])


def test_fieldworkers_share_nothing(town: Town) -> None:
    with pytest.raises(Problem, match="supervisors_only"):
        start_sharing(town.ana, [town.ion.device], households=None)
    with pytest.raises(Problem, match="unknown_device"):
        start_sharing(town.rodica, ["dev-of-the-server"], households=None)
    assert continue_sharing(town.ana).left == 0


def test_many_households_are_one_job(town: Town) -> None:
    publish.assign_many(town.rodica, {f"household-{n}": [town.ion.device] for n in range(2, 40)})
    (job,) = sharing_status(town.rodica)
    assert job.devices == (town.ion.device,) and job.why == "assigned"
    sync_well(town.rodica, town.ion)
    assert len(revisions(town.ion, "assignment")) == 38 and sharing_status(town.rodica) == []
    publish.hand_over(town.rodica, town.ion.device, town.ana.device)
    assert len(sharing_status(town.rodica)) == 1
    sync_well(town.rodica, town.ana)
    assert assigned_devices(town.ana, "household-2") == [town.ana.device]


def test_an_old_assignment_that_comes_late_changes_nothing(town: Town) -> None:
    """The latest counts by its place in the log, not by when it was sealed again."""
    publish.assign(town.rodica, H1, [town.ana.device, town.ion.device])
    publish.assign(town.rodica, H2, [town.ana.device])
    sync_well(town.rodica)
    dorin = town.enrolled("dorin", "supervisor")
    sync_well(dorin)
    town.rodica.store.values.set("roster", [one.to_wire() for one in town.organisation.statements])
    publish.assign(town.rodica, H1, [town.ion.device])  # reaches dorin directly, before what is older
    sync_well(town.rodica, dorin)
    assert assigned_devices(dorin, H1) == [town.ion.device] and not assigned_devices(dorin, H2)
    start_sharing(town.rodica, [dorin.device], households=None)
    sync_well(town.rodica, dorin)
    assert len(dorin.store.records.all("assignment")) == 4
    assert assigned_devices(dorin, H1) == [town.ion.device]
    assert assigned_devices(dorin, H2) == [town.ana.device]


def tenancy(household: str, **properties: str) -> dict[str, object]:
    return {
        "list_name": "tenancies",
        "entity_id": f"tenancy-{household}",
        "operation": "create",
        "label": f"Adresa {household}",
        "properties": {"household": household, **properties},
        "base_version": None,
    }


def test_what_a_register_says_of_one_household_is_all_that_is_passed_on(town: Town) -> None:
    register = [tenancy(H1, rent="100"), tenancy(H2, rent="200"), tenancy("household-3")]
    amended = {**tenancy(H2, rent="210"), "operation": "update", "label": None}
    brought = publish.bring_in(town.rodica, [*register, amended], [town.ana.device])
    sync_well(town.rodica, town.ana)
    assert len(entities(town.ana).all("tenancies")) == 3
    publish.assign(town.rodica, H2, [town.ion.device])
    publish.assign(town.rodica, "household-9", [town.ion.device])
    before = {one.id: one.properties for one in entities(town.rodica).all("tenancies")}
    sync_well(town.rodica, town.ion, town.ana)
    (home,) = entities(town.ion).all("tenancies")
    assert (home.id, home.get("rent"), home.label) == (f"tenancy-{H2}", "210", f"Adresa {H2}")
    assert brought.revision not in revisions(town.ion)
    assert {one.id: one.properties for one in entities(town.rodica).all("tenancies")} == before
    assert not entities(town.rodica).conflicts and not entities(town.ion).conflicts
    for household in (H1, "household-3"):
        publish.assign(town.rodica, household, [town.ana.device, town.ion.device])
    sync_well(town.rodica, town.ion)
    assert len(entities(town.ion).all("tenancies")) == 3
    second = town.enrolled("ana-2", "fieldworker", "ana")
    start_sharing(town.rodica, [second.device], households=None)
    sync_well(town.rodica, second)
    assert brought.revision in revisions(second)
