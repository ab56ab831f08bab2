"""A forgotten passphrase: what was finished and not sent reaches the supervisor, and drafts come home."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from app.crypto.age_errors import AgeError
from app.crypto.attachment import seal_attachment
from app.demo.devices import opened, services, sync
from app.demo.filling import end, take
from app.demo.places import WORKERS, Places
from app.demo.population import demo_households
from app.demo.population_visit import demo_visit_steps
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.store.drafts_file import open_drafts
from app.store.profiles import profile_folder
from app.store.shelf import Shelf
from app.store.store import Limits, OutboxEntry
from app.usecases import fill, recovery
from app.usecases.attachments import attachment
from app.usecases.drafts_box import packed_box
from app.usecases.review import queue
from app.usecases.seal import keep_record, readers
from app.usecases.shelving import shelf_of, tidy_shelf
from app.usecases.sync_now import sync_now
from app.usecases.today import today
from app.usecases.unlock import lock, profiles
from app.usecases.worker import Worker
from tests.usecases.conftest import household
from tests.usecases.reenrolled import enrolled_again
from tests.usecases.test_visit_story import CANARY, VISIT, attempt

NAME = WORKERS[0]
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 500
NOTICE = "/data/c_rent/notice"
MILD = ("none", "reminder")


def finished(worker: Worker, code: str = "SYN-004", photo: bytes = b"") -> str:
    """A finished visit; with a photo, a whole one at which somebody was met."""
    if not photo:
        filling = attempt(worker, code, "m3")
        filling.answer("/data/a_start/absent_why", CANARY)
        return end(filling, 4).record
    family = next(one for one in demo_households(worker.today()) if one.code == code)
    filling = fill.start(worker, VISIT, household(worker, code), language="ro")
    count = take(filling, demo_visit_steps(family, worker.today()))
    filling.answer(
        NOTICE, next(one.value for one in filling.instance.at(NOTICE).choices if one.value not in MILD)
    )
    filling.answer("/data/c_rent/notice_by", (worker.today() + timedelta(days=20)).isoformat())
    filling.attach("/data/c_rent/notice_photo", "scrisoare.jpg", photo)
    return end(filling, count).record


def draft(worker: Worker) -> fill.Filling:
    filling = fill.start(worker, VISIT, household(worker, "SYN-002"), "w1", "ro")
    filling.answer("/data/a_start/visit_mode", "phone")
    return filling


def shelf(demo: Places, profile: str) -> Shelf:
    return Shelf(profile_folder(demo.tablet, profile))


def sealed_bytes(demo: Places, profile: str) -> bytes:
    folder = profile_folder(demo.tablet, profile)
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def old(demo: Places) -> Iterator[str]:
    """Ana's profile as it lies there after three visits (one with a photo) and a draft, none of them sent."""
    with opened(demo.tablet, NAME) as ana:
        sync(ana)
        records = [finished(ana), finished(ana, "SYN-002"), finished(ana, "SYN-001", PHOTO)]
        draft(ana)
        profile = ana.profile
        (demo.tablet / "records.json").write_text(json.dumps(records))
    return profile


def test_the_shelf_holds_what_is_unsent_and_names_nothing(demo: Places, old: str) -> None:
    lies = shelf(demo, old).read()
    assert lies.records == 3 and len(lies.files) == 1 and lies.drafts and not lies.empty
    names = sorted(path.name for path in shelf(demo, old).folder.iterdir())
    assert all(
        name in ("of.json", "drafts.age", "drafts.json") or name[0] in "0123456789abcdef" for name in names
    )
    everything = sealed_bytes(demo, old)
    for word in (CANARY, "Familia", VISIT, "SYN-00", "scrisoare", PHOTO[:64]):
        assert (word.encode() if isinstance(word, str) else word) not in everything
    for manifest in lies.manifests:
        found = shelf(demo, old).object(manifest.sha256)
        assert found is not None and len(found) == manifest.size  # byte for byte what the server will get
    with opened(demo.tablet, NAME) as ana:
        known = {entry.manifest["sha256"] for entry in ana.store.outbox.waiting() if entry.manifest}
        assert known == {one.sha256 for one in lies.manifests}
        sync(ana)
        assert shelf(demo, old).read().records == 0 and shelf(demo, old).read().files == ()
        assert shelf(demo, old).read().drafts


def test_a_forgotten_passphrase_loses_neither_visits_nor_drafts(
    demo: Places, old: str, rodica: Worker
) -> None:
    records = json.loads((demo.tablet / "records.json").read_text())
    ours = services(demo.tablet)
    left = recovery.forgotten(ours, old)
    assert (left.label, left.records, left.files, left.drafts) == (NAME, 3, 1, True)
    recovery.begin_anew(ours, old)
    member = rodica.roster().devices[shelf(demo, old).read().owner.device].member  # type: ignore[union-attr]
    new = enrolled_again(demo, rodica, member, NAME)
    (one,) = recovery.successions(new)
    assert not one.taken and one.ours and one.left == left
    sealed = shelf(demo, old).drafts() or b""
    assert open_drafts(sealed, [rodica.device_keys.identity]).drafts[0]["meta"]["form"] == VISIT
    with pytest.raises(AgeError, match="not_for_me"):
        open_drafts(sealed, [new.device_keys.identity])

    taken = recovery.take_over(new, old)
    assert (
        taken.taken and taken.missing == 0 and taken.waiting == 6
    )  # 3 visits, a photo, the drafts and their file
    assert recovery.take_over(new, old) == taken, "taking over again takes nothing twice"
    outcome = sync_now(new)
    assert outcome.problem is None and outcome.handed_over == (NAME,)
    assert [card.id for card in profiles(ours)].count(old) == 0, (
        "the old profile is gone once all was received"
    )
    assert not profile_folder(demo.tablet, old).exists()

    sync(rodica)
    assert set(records) <= {row.record for row in queue(rodica)}
    by_author = {one.record_id: one.record["author_device"] for one in rodica.store.records.all("submission")}
    assert all(by_author[record] != new.device for record in records), "the old device's own signature"
    photos = [one.record for one in rodica.store.records.all("submission") if one.record["attachments"]]
    (name,) = (one["name"] for one in photos[0]["attachments"])
    assert attachment(rodica, photos[0]["record"], name) == PHOTO

    sync(new)
    (row,) = today(new, "ro").drafts
    assert row.form == VISIT
    again = fill.resume(new, row.draft)
    assert again.instance.at("/data/a_start/visit_mode").text == "phone"
    sync(new)
    sync(rodica)
    assert len(today(new, "ro").drafts) == 1, "a draft comes home once"
    lock(new)


def test_somebody_elses_drafts_are_not_given_back(demo: Places, old: str, rodica: Worker) -> None:
    """Ion finds Ana's sealed drafts on the shared tablet and passes them off as those of an old device of his."""
    stolen = shelf(demo, old).drafts() or b""
    with opened(demo.tablet, WORKERS[1]) as ion:
        sync(ion)
        body = {"of": ion.device, "to": ion.device}
        target = BytesIO()
        kept = seal_attachment(BytesIO(packed_box(stolen, {})), target, "drafts.zip")
        ion.store.media.put(kept.sha256, target.getvalue())
        devices = readers(ion, ion.roster())
        stored = keep_record(ion, "drafts", body, devices=devices, attachments=(kept.to_dict(),))
        sync(ion)
        sync(rodica)
        assert len(rodica.store.records.of(stored.record_id)) == 1
        assert rodica.store.values.get("drafts.refused") == {stored.revision: "another device"}
        sync(ion)
        assert today(ion, "ro").drafts == ()


def test_a_passphrase_that_comes_back_keeps_everything(demo: Places, old: str) -> None:
    recovery.begin_anew(services(demo.tablet), old)
    assert recovery.is_forgotten(services(demo.tablet), old)
    with opened(demo.tablet, NAME) as ana:
        assert not recovery.is_forgotten(services(demo.tablet), old)
        assert len(today(ana, "ro").drafts) == 1


def test_what_cannot_be_read_keeps_the_old_profile_until_it_is_let_go(
    demo: Places, old: str, rodica: Worker
) -> None:
    lies = shelf(demo, old)
    (shelf(demo, old).folder / f"{lies.read().manifests[-1].sha256}.age").write_bytes(b"damaged")
    recovery.begin_anew(services(demo.tablet), old)
    owner = lies.read().owner
    assert owner is not None
    new = enrolled_again(demo, rodica, rodica.roster().devices[owner.device].member, NAME)
    assert recovery.take_over(new, old).missing == 1
    outcome = sync_now(new)
    assert outcome.problem is None and outcome.handed_over == ()
    (one,) = recovery.successions(new)
    assert (one.waiting, one.missing) == (0, 1)
    recovery.let_go(new, old)
    assert recovery.successions(new) == [] and not profile_folder(demo.tablet, old).exists()
    lock(new)


def test_nobody_takes_over_a_profile_that_was_not_given_up(demo: Places, old: str) -> None:
    with opened(demo.tablet, WORKERS[1]) as ion:
        assert recovery.successions(ion) == []
        with pytest.raises(Problem, match=r"store\.unknown_profile"):
            recovery.take_over(ion, old)
        recovery.begin_anew(services(demo.tablet), old)
        assert recovery.successions(ion) == [], "another name, another person"


def test_a_step_that_is_undone_leaves_nothing_on_the_shelf(
    ana: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana.store.outbox.limits = Limits(outbox_count=0)
    with pytest.raises(Problem, match=r"store\.outbox_full"):
        finished(ana)
    assert shelf_of(ana).read().records == 0

    def full(self: Shelf, entry: object) -> None:
        raise Problem("store.disk_full")

    ana.store.outbox.limits = Limits()
    with monkeypatch.context() as device:
        device.setattr(Shelf, "put", full)
        with pytest.raises(Problem, match=r"store\.disk_full"):
            finished(ana, "SYN-002")
    assert ana.store.outbox.waiting_count() == 0 and len(today(ana, "ro").drafts) == 2
    # A kill instead of an error takes nothing down: what lies there for no entry goes at the next unlocking.
    (shelf_of(ana).folder / f"{'ab' * 32}.age").write_bytes(b"of a step that never was")
    (shelf_of(ana).folder / "000000000099.json").write_text("{}")
    tidy_shelf(ana)
    assert {path.name for path in shelf_of(ana).folder.iterdir()} <= {"of.json", "drafts.age", "drafts.json"}


def test_numbers_given_while_a_sync_runs_reach_the_shelf_with_the_next_record(ana: Worker) -> None:
    """A photo that got its number but no receipt must not tear the chain of what is finished meanwhile."""
    finished(ana, "SYN-001", PHOTO)
    (photo,) = [entry for entry in ana.store.outbox.waiting() if not entry.numbered]
    with ana.sync_guard:  # as while a synchronisation runs in another thread
        ana.store.outbox.number([photo.revision], lambda entry, seq, last: signed(ana, entry, seq, last))
        finished(ana, "SYN-004")
    lies = shelf_of(ana).read()
    assert len(lies.manifests) == 3 and lies.files == ()
    assert [one.prev for one in lies.manifests[1:]] == [one.digest() for one in lies.manifests[:-1]]


def signed(worker: Worker, entry: OutboxEntry, seq: int, last: dict[str, Any] | None) -> dict[str, Any]:
    """What the sync client signs when it gives a file its number."""
    manifest = Manifest.signed(
        key=worker.device_keys.signing,
        workspace=worker.organisation.org,
        device=worker.device,
        seq=seq,
        prev=Manifest.from_wire(last).digest() if last else "",
        sha256=entry.sha256,
        size=entry.size,
        epoch=worker.roster().epoch,
        audience=entry.audience,
    )
    return manifest.to_wire()
