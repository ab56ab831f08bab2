"""A server that lies. It holds the log's key, so its lies carry good signatures; each is found out.

After a lie about the log or the roster an alarm stands: nothing may be deleted on the device until a person
has looked. After a lie about one record that record is set aside, and everything else goes on.
"""

from dataclasses import replace

import pytest

from app.crypto.record import open_record, reseal
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.protocol.roster import Statement
from app.sync.progress import SyncReport
from app.sync.state import alarm, trust_restored_server
from tests.sync.conftest import Town
from tests.sync.world import AT, Organisation, Person


def sent_by(person: Person, count: int = 3) -> None:
    for _ in range(count):
        person.finish()
    person.sync_well()


def codes(report: SyncReport) -> list[str]:
    return [problem.code for problem in report.problems]


def reasons(person: Person) -> list[str]:
    return [one.reason for one in person.store.quarantine.all()]


# one record


@pytest.mark.parametrize("place", [0, 20, 300, -1])
def test_an_altered_record_is_set_aside_and_heals_when_the_true_one_returns(town: Town, place: int) -> None:
    sent_by(town.ana)
    victim = town.server.log[1].sha256
    true = town.server.objects[victim]
    changed = bytearray(true)
    changed[place] ^= 1
    town.server.objects[victim] = bytes(changed)
    report = town.maria.sync()
    assert (report.received, report.quarantined, codes(report)) == (2, 1, [])
    (kept,) = town.maria.store.quarantine.all()
    assert (kept.index, kept.reason) == (1, "sync.altered")
    assert alarm(town.maria.store) is None
    assert town.maria.sync().received == 0  # still altered: asked for again, still not believed
    town.server.objects[victim] = true
    assert town.maria.sync_well().received == 1
    assert town.maria.store.quarantine.count() == 0 and len(town.maria.revisions()) == 3


def test_a_record_that_is_kept_back_is_set_aside_and_asked_for_again(town: Town) -> None:
    sent_by(town.ana)
    victim = town.server.log[0].sha256
    true = town.server.objects.pop(victim)
    report = town.maria.sync()
    assert (report.received, report.quarantined) == (2, 1)
    assert reasons(town.maria) == ["sync.object_missing"]
    town.server.objects[victim] = true
    assert town.maria.sync_well().received == 1


def test_another_workers_object_in_place_of_ours_is_not_taken(town: Town) -> None:
    sent_by(town.ana, 2)
    one, two = (manifest.sha256 for manifest in town.server.log)
    town.server.objects[one] = town.server.objects[two]
    town.maria.sync()
    assert reasons(town.maria) == ["sync.altered"]


def test_a_record_resealed_by_its_server_is_not_taken(town: Town) -> None:
    """The server opened nothing, but a colluding fieldworker gave it a record to pass on as an original."""
    stored = town.ana.finish()
    sealed = town.ana.store.outbox.sealed(stored.revision)
    assert sealed is not None
    town.ana.sync_well()
    signed = open_record(sealed, [town.ana.keys.identity])
    readers = town.organisation.roster.recipients([town.maria.keys.device_id])
    again = reseal(signed, readers)
    manifest = town.bogdan.manifest(
        0, again.sha256, again.size, 1, [town.maria.keys.device_id, town.bogdan.keys.device_id]
    )
    town.server.objects[again.sha256] = again.data
    town.server.log.append(manifest)
    report = town.maria.sync()
    assert report.received == 1 and reasons(town.maria) == ["crypto.manifest_mismatch"]


def test_an_invented_author_is_not_believed(town: Town) -> None:
    sent_by(town.ana, 1)
    stranger = SigningKey.generate()
    true = town.server.log[0]
    forged = Manifest.signed(
        key=stranger,
        workspace=true.workspace,
        device="dev-stranger",
        seq=0,
        prev="",
        sha256=true.sha256,
        size=true.size,
        epoch=1,
        audience=true.audience,
    )
    town.server.log.append(forged)
    town.server.log.append(replace(forged, device=town.bogdan.keys.device_id))
    report = town.maria.sync()
    assert report.received == 1
    assert reasons(town.maria) == ["crypto.unknown_author", "crypto.bad_signature"]


def test_a_replayed_entry_is_set_aside(town: Town) -> None:
    sent_by(town.ana)
    town.server.log.append(town.server.log[1])
    report = town.maria.sync()
    assert report.received == 3 and reasons(town.maria) == ["sync.repeated"]


def test_reordered_entries_of_a_device_are_noticed(town: Town) -> None:
    sent_by(town.ana)
    town.server.log[0], town.server.log[2] = town.server.log[2], town.server.log[0]
    town.maria.sync()
    assert "sync.repeated" in reasons(town.maria)


def test_a_record_for_somebody_else_is_set_aside(town: Town) -> None:
    """Another worker's object, honestly announced, but not sealed to this device."""
    sent_by(town.ana, 1)
    town.server.shown_as = {town.bogdan.keys.device_id: town.maria.keys.device_id}
    report = town.bogdan.sync()
    assert report.received == 0 and reasons(town.bogdan) == ["crypto.not_for_me"]


# the log


def test_a_log_that_became_shorter_raises_an_alarm(town: Town) -> None:
    sent_by(town.ana)
    town.maria.sync_well()
    town.server.log.pop()
    assert codes(town.maria.sync()) == ["server.fork"]
    found = alarm(town.maria.store)
    assert found is not None and found["code"] == "server.fork"
    assert codes(town.ana.sync()) == ["server.fork"]


def test_a_server_restored_from_a_backup_gets_everything_back_once_that_is_trusted(town: Town) -> None:
    sent_by(town.ana)
    town.maria.finish(readers=[town.ana.keys.device_id])
    town.maria.sync_well()
    backup = len(town.server.log)
    sent_by(town.ana)
    sent_by(town.bogdan)
    everybody = (town.maria, town.ana, town.bogdan)
    for person in everybody:
        person.sync_well()
    before = [person.revisions() for person in everybody]
    for lost in town.server.log[backup:]:
        town.server.objects.pop(lost.sha256)
    del town.server.log[backup:]
    assert codes(town.maria.sync()) == ["server.fork"]
    for person in reversed(everybody):  # Bogdan's entries now come before Ana's
        trust_restored_server(person.store)
        assert alarm(person.store) is None
        person.sync_well()
    for person, revisions in zip(everybody, before, strict=True):
        person.sync_well()
        assert person.revisions() == revisions and person.store.quarantine.count() == 0
        assert person.store.outbox.waiting_count() == 0
        for stored in person.store.records.all():
            assert stored.index is not None
            assert town.server.log[stored.index].sha256 == stored.sha256
    assert len(town.server.log) == 10


def test_a_rewritten_past_raises_an_alarm(town: Town) -> None:
    sent_by(town.ana)
    town.maria.sync_well()
    sent_by(town.bogdan, 1)
    town.server.log[1], town.server.log[3] = town.server.log[3], town.server.log[1]
    assert codes(town.maria.sync()) == ["server.fork"]


def test_two_views_of_the_log_are_found_as_soon_as_they_meet(town: Town) -> None:
    sent_by(town.ana, 2)
    town.maria.sync_well()
    hidden = town.server.log.pop()
    sent_by(town.bogdan, 1)  # for Bogdan the log has another second entry
    assert codes(town.maria.sync()) == ["server.fork"]
    town.server.log[1:] = [hidden]
    assert codes(town.bogdan.sync()) == ["server.fork"]


def test_a_receipt_without_proof_is_no_receipt(town: Town) -> None:
    stored = town.ana.finish()
    honest = town.server.push

    def lying(request, device):  # type: ignore[no-untyped-def]
        answer = honest(request, device)
        town.server.log.pop()
        return replace(answer, checkpoint=town.server.checkpoint().sign(town.server.log_key), proof=())

    town.server.push = lying  # type: ignore[method-assign]
    report = town.ana.sync()
    assert codes(report) == ["server.bad_proof"] and report.sent == 0
    entry = town.ana.store.outbox.get(stored.revision)
    assert entry is not None and entry.state == "waiting" and entry.receipt is None


def test_a_checkpoint_of_another_key_is_refused(town: Town) -> None:
    sent_by(town.ana)
    town.server.log_key = SigningKey.generate()
    assert codes(town.maria.sync()) == ["server.bad_checkpoint"]
    assert town.maria.revisions() == set()


def test_an_entry_kept_back_as_if_it_were_not_ours_is_found_in_its_authors_chain(town: Town) -> None:
    sent_by(town.ana, 3)
    town.server.hidden = {1}
    report = town.maria.sync()
    assert report.received == 2
    assert codes(report) == ["server.dropped"] and alarm(town.maria.store) is not None


def test_holes_that_are_for_others_are_no_alarm(town: Town) -> None:
    for reader in (town.ana, town.bogdan, town.bogdan, town.ana, town.bogdan):
        town.maria.finish(readers=[reader.keys.device_id])
    town.maria.sync_well()
    assert town.ana.sync_well().received == 2
    assert any(one.startswith("GET /v1/manifests") for one in town.server.requests)
    assert town.ana.store.values.get("sync.gaps") == []


# the roster


def test_an_injected_reader_never_enters_the_roster(town: Town) -> None:
    evil = Organisation(town.organisation.clock)
    body = evil.enrol("evil", "supervisor").keys.statement_body()
    forged = town.organisation.roster.statement("add_device", body, at=AT, signer="root", key=evil.root)
    town.server.statements.append(forged)
    town.server.pretended = town.organisation.roster
    before = town.ana.roster
    assert codes(town.ana.sync()) == ["roster.bad_signature"]
    assert town.ana.roster == before and alarm(town.ana.store) is not None


def test_a_rolled_back_roster_raises_an_alarm(town: Town) -> None:
    town.server.statements.pop()
    assert codes(town.ana.sync()) == ["roster.rollback"]
    assert alarm(town.ana.store) is not None


def test_a_forked_roster_raises_an_alarm(town: Town) -> None:
    organisation = town.organisation
    other = Organisation(organisation.clock, root=organisation.root, statements=[])
    other.statements = organisation.statements[:-1]
    other.state("new_epoch", {})
    town.server.statements = other.statements
    assert codes(town.ana.sync()) == ["roster.fork"]


def test_another_organisation_at_the_address_is_refused(town: Town) -> None:
    evil = Organisation(town.organisation.clock)
    evil.enrol("evil", "supervisor")
    statements: list[Statement] = [*evil.statements, evil.state("new_epoch", {}), evil.state("new_epoch", {})]
    town.server.pretended = town.organisation.roster
    town.server.statements = statements
    assert codes(town.ana.sync())[0] in ("roster.wrong_org", "roster.fork", "roster.wrong_root")
