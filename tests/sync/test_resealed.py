"""What was sealed again for further readers: whom it is believed from, and what it may change."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.crypto.record import SignedRecord, check_record, reseal
from app.store.store import OutboxEntry, StoredRecord
from app.sync.attachments import log_index
from app.sync.state import trust_restored_server
from tests.sync.conftest import Town
from tests.sync.world import AT, Person


def seal_again(
    by: Person,
    stored: StoredRecord,
    to: Person,
    *,
    index: int | None = None,
    audience: tuple[str, ...] = (),
    changed: Callable[[SignedRecord], SignedRecord] = lambda signed: signed,
    **more: object,
) -> None:
    """`by` seals a record to `to` and sends it."""
    signed = changed(SignedRecord.from_parts(stored.record, stored.signature))
    sealed = reseal(signed, [str(to.keys.identity.recipient)], index=index)
    entry = OutboxEntry(
        revision=sealed.sha256,
        record_id=stored.record_id,
        seq=None,
        manifest=None,
        sealed=sealed.data,
        state="waiting",
        receipt=None,
        problem=None,
        role="resealed",
        sha256=sealed.sha256,
        size=sealed.size,
        audience=audience or (to.keys.device_id,),
        epoch=by.roster.epoch,
    )
    by.store.outbox.put(replace(entry, **more))  # type: ignore[arg-type]
    by.sync_well()


def announce(by: Person, sha256: str, size: int, to: Person) -> None:
    entry = OutboxEntry(sha256, "", None, None, None, "waiting", None, None, "announced", sha256, size)
    by.store.outbox.put(replace(entry, audience=(to.keys.device_id,), epoch=by.roster.epoch))
    by.sync_well()


def visits(town: Town, count: int = 3) -> list[StoredRecord]:
    """ana's, which the supervisor has and bogdan has not."""
    made = [town.ana.finish() for _ in range(count)]
    town.ana.sync_well()
    town.maria.sync_well()
    assert town.bogdan.sync_well().received == 0
    return made


def reasons(person: Person) -> list[str]:
    return [one.reason for one in person.store.quarantine.all()]


def kept(person: Person, stored: StoredRecord) -> StoredRecord | None:
    return person.store.records.get(stored.revision)


def test_it_keeps_its_author_its_signature_and_its_place(town: Town) -> None:
    first, second, third = visits(town)
    latest = town.ana.finish(readers=[town.maria.keys.device_id, town.bogdan.keys.device_id])
    town.ana.sync_well()
    town.bogdan.sync_well()
    for stored, index in ((second, 1), (first, 0), (third, 2)):
        seal_again(town.maria, stored, town.bogdan, index=index)
    assert town.bogdan.sync_well().received == 3
    for stored, index in ((first, 0), (second, 1), (third, 2), (latest, 3)):
        there = kept(town.bogdan, stored)
        assert there is not None and (there.record, there.signature) == (stored.record, stored.signature)
        assert (there.index, there.origin) == (index, "pulled")
        signed = SignedRecord.from_parts(there.record, there.signature)
        assert check_record(signed, town.bogdan.roster).id == town.ana.keys.device_id
    assert kept(town.bogdan, first).readers == (town.bogdan.keys.device_id,)  # type: ignore[union-attr]


def test_without_a_place_of_its_own_it_stands_where_it_came(town: Town) -> None:
    """Also where the place it names lies ahead: a log that was restored since."""
    first, second = visits(town, 2)
    seal_again(town.maria, first, town.bogdan)
    seal_again(town.maria, second, town.bogdan, index=10**6)
    town.bogdan.sync_well()
    assert [kept(town.bogdan, one).index for one in (first, second)] == [2, 3]  # type: ignore[union-attr]


def test_what_is_here_already_stays_as_it_is(town: Town) -> None:
    (stored,) = visits(town, 1)
    for index in (0, None, 1):
        seal_again(town.maria, stored, town.bogdan, index=index)
        town.bogdan.sync_well()
        assert kept(town.bogdan, stored).index == 0  # type: ignore[union-attr]
    assert town.bogdan.store.records.count() == 1
    before = kept(town.ana, stored)
    seal_again(town.maria, stored, town.ana, index=7)
    assert town.ana.sync_well().received == 0
    assert kept(town.ana, stored) == before and before is not None and before.origin == "own"


def test_a_fieldworker_seals_nothing_again(town: Town) -> None:
    """Not even an own record, and not to somebody who might read it anyway."""
    (stored,) = visits(town, 1)
    for reader in (town.bogdan, town.maria):
        seal_again(town.ana, stored, reader, index=0)
    town.bogdan.sync()
    assert reasons(town.bogdan) == ["crypto.manifest_mismatch"] and kept(town.bogdan, stored) is None
    before = kept(town.maria, stored)
    town.maria.sync()
    assert reasons(town.maria) == ["crypto.manifest_mismatch"] and kept(town.maria, stored) == before


def test_an_altered_record_is_not_believed(town: Town) -> None:
    """A dishonest supervisor: other words, another author, an older signature."""
    first, second = visits(town, 2)

    def words(signed: SignedRecord) -> SignedRecord:
        body = {**signed.record.body, "household_label": "Familia Altcineva"}
        return replace(signed, record=replace(signed.record, body=body))

    def author(signed: SignedRecord) -> SignedRecord:
        return replace(signed, record=replace(signed.record, author_device=town.bogdan.keys.device_id))

    def signature(signed: SignedRecord) -> SignedRecord:
        return replace(signed, signature=second.signature)

    for change in (words, author, signature):
        seal_again(town.maria, first, town.bogdan, index=0, changed=change)
    town.bogdan.sync()
    assert reasons(town.bogdan) == ["crypto.bad_signature"] * 3 and town.bogdan.store.records.count() == 0


def test_more_readers_than_it_is_sealed_to_are_refused(town: Town) -> None:
    """And fewer: who reads is what the manifest says, no more and no less."""
    (stored,) = visits(town, 1)
    both = tuple(sorted((town.ana.keys.device_id, town.bogdan.keys.device_id)))
    seal_again(town.maria, stored, town.bogdan, index=0, audience=both)
    town.bogdan.sync()
    assert reasons(town.bogdan) == ["crypto.wrong_recipients"]


def test_a_supervisor_of_another_epoch_is_none(town: Town) -> None:
    """Demoted: neither now nor dated back to when the reader had not joined."""
    (stored,) = visits(town, 1)
    organisation = town.organisation
    organisation.enrol("rodica", "supervisor", town.server)
    organisation.state("change_role", {"device": town.maria.keys.device_id, "role": "fieldworker"})
    late = organisation.enrol("eva", "fieldworker", town.server)
    late.clock = organisation.clock
    town.server.add_statements(organisation.statements)
    for person in (town.maria, town.bogdan, late):
        person.store.values.set("roster", [one.to_wire() for one in organisation.statements])
    seal_again(town.maria, stored, late, index=0)
    seal_again(town.maria, stored, late, index=0, epoch=1)
    late.sync()
    assert reasons(late) == ["crypto.manifest_mismatch", "crypto.wrong_recipients"]


def test_a_photo_is_announced_and_not_sent_again(town: Town) -> None:
    photo = bytes(range(256)) * 600
    stored = town.ana.finish(photos=(photo,))
    town.ana.sync_well()
    town.maria.sync_well()
    (file,) = stored.record["attachments"]
    seal_again(town.maria, stored, town.bogdan, index=0)
    before = len(town.server.requests)
    announce(town.maria, file["sha256"], file["size"], town.bogdan)
    assert not any(file["sha256"] in one for one in town.server.requests[before:])
    town.bogdan.sync_well()
    assert log_index(town.bogdan.store, file["sha256"]) == 3
    assert town.bogdan.syncer().fetch(file["sha256"], file["size"])
    announce(town.maria, file["sha256"], file["size"], town.bogdan)
    town.bogdan.sync_well()
    assert log_index(town.bogdan.store, file["sha256"]) == 3, "its first place stands"


def test_an_assignment_sealed_again_later_is_not_later(town: Town) -> None:
    """The latest assignment is the one that was made last, whatever reaches a device first."""

    def assign(devices: list[str], readers: list[str]) -> StoredRecord:
        stored = town.maria.finish(
            {"household": "h1", "devices": devices}, kind="assignment", readers=readers, created=AT
        )
        town.maria.sync_well()
        return stored

    bogdan = town.bogdan.keys.device_id
    old = assign(["dev-a"], [])
    new = assign([bogdan], [bogdan])
    town.bogdan.sync_well()
    seal_again(town.maria, old, town.bogdan, index=0)
    town.bogdan.sync_well()
    order = sorted(town.bogdan.store.records.all("assignment"), key=lambda one: one.index or 0)
    assert [one.revision for one in order] == [old.revision, new.revision]


def test_after_a_restored_server_it_finds_a_place_again(town: Town) -> None:
    first, second = visits(town, 2)
    seal_again(town.maria, second, town.bogdan, index=1)
    town.bogdan.sync_well()
    trust_restored_server(town.bogdan.store)
    assert kept(town.bogdan, second).index is None  # type: ignore[union-attr]
    town.bogdan.sync_well()
    assert kept(town.bogdan, second).index == 1  # type: ignore[union-attr]
    assert kept(town.bogdan, first) is None


@pytest.mark.parametrize("brings", [True, False])
def test_a_register_before_the_forms_keeps_no_visit_out(town: Town, brings: bool) -> None:
    """Forms are large and travel last; a form that nobody published is still refused."""
    (stored,) = visits(town, 1)
    programme = {"name": "exemplu", "version": "1", "entities": []}
    if brings:
        programme |= {"toml": "", "forms": [{"id": "another", "version": "1", "xml": ""}], "lists": {}}
    town.maria.finish(programme, kind="programme", readers=[town.bogdan.keys.device_id])
    town.maria.sync_well()
    seal_again(town.maria, stored, town.bogdan, index=0)
    town.bogdan.sync()
    assert reasons(town.bogdan) == (["crypto.unknown_form_version"] if brings else [])
    assert (kept(town.bogdan, stored) is None) == brings
