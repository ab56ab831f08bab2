"""Files get their numbers when their bytes have arrived: records never wait for photos, no number is lost or used
twice, whatever is interrupted."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.store.store import OutboxEntry
from app.sync.progress import Progress
from app.sync.transport import Response, Transport
from tests.sync.carriers import Crash, Deed, Faulty, crash, crash_after, drop, lose_answer
from tests.sync.conftest import Town
from tests.sync.world import Person

SMALL, LARGE, OTHER = os.urandom(2_000), os.urandom(200_000), os.urandom(150_000)


def only_uploads(deed: Deed) -> Iterator[Deed | None]:
    """Does the deed with every chunk, and nothing with other requests."""

    def chosen(faulty: Faulty, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        if method == "PATCH":
            return deed(faulty, method, path, headers, body)
        return faulty.inner.request(method, path, headers, body, 1.0)

    while True:
        yield chosen


def numbers_in_log(town: Town, person: Person) -> list[int]:
    return [one.seq for one in town.server.log if one.device == person.keys.device_id]


def chain_is_whole(town: Town, person: Person) -> None:
    mine = [one for one in town.server.log if one.device == person.keys.device_id]
    assert [one.seq for one in mine] == list(range(len(mine)))
    assert [one.prev for one in mine] == ["", *(one.digest() for one in mine[:-1])]
    assert person.store.outbox.waiting_count() == 0 and person.store.outbox.next_seq() == len(mine)


def test_a_photo_that_does_not_get_through_holds_no_record_back(town: Town) -> None:
    town.ana.finish(photos=(LARGE,))
    report = town.ana.sync(Faulty(town.server, only_uploads(drop)))
    assert [one.code for one in report.problems] == ["sync.server_away"] and report.sent == 1
    later = town.ana.finish()
    report = town.ana.sync(Faulty(town.server, only_uploads(drop)))
    assert report.sent == 1 and town.ana.store.records.head(later.revision).log_index == 1  # type: ignore[union-attr]
    (photo,) = town.ana.store.outbox.waiting()
    assert (photo.role, photo.seq, photo.manifest, photo.state) == ("attachment", None, None, "waiting")
    town.ana.sync_well()
    assert numbers_in_log(town, town.ana) == [0, 1, 2]
    chain_is_whole(town, town.ana)
    assert town.maria.sync_well().received == 2


def test_records_go_before_photos(town: Town) -> None:
    town.ana.finish(photos=(LARGE, SMALL))
    town.ana.finish()
    town.ana.sync_well()
    roles = {one.sha256: one.role for one in town.ana.store.outbox.all()}
    assert [roles[one.sha256] for one in town.server.log] == ["record", "record", "attachment", "attachment"]
    chain_is_whole(town, town.ana)


@pytest.mark.parametrize("deed", [crash, crash_after, drop, lose_answer])
def test_dying_at_any_request_uses_every_number_once(town: Town, deed: Deed) -> None:
    """Each round dies one request later than the last, with a new visit and photos every time."""
    when = rounds = 0
    while True:
        town.ana.finish(photos=(SMALL, os.urandom(70_000 + when)))
        faulty = Faulty(town.server, iter([*[None] * when, deed]))
        with suppress(Crash):
            town.ana.syncer(faulty, tries=1).run()
        rounds, when = rounds + 1, when + 1
        town.server.nonces.clear()
        if len(faulty.requests) < when:
            break
        assert len({(one.device, one.seq) for one in town.server.log}) == len(town.server.log)
        assert rounds < 40
    town.ana.sync_well()
    chain_is_whole(town, town.ana)
    assert rounds > 5 and len(town.server.log) == 3 * rounds
    assert len({one.sha256 for one in town.server.log}) == len(town.server.log)
    assert town.maria.sync_well().received == rounds
    assert town.maria.store.quarantine.count() == 0


def test_a_visit_finished_during_an_upload_takes_its_place_in_the_numbering(town: Town) -> None:
    town.ana.finish(photos=(LARGE, OTHER))
    finished = []

    def watch(one: Progress) -> None:
        if one.phase == "push" and one.bytes_done > 100_000 and not finished:
            finished.append(town.ana.finish(photos=(SMALL,)))

    report = town.ana.syncer().run(watch)
    assert finished and not report.problems and report.sent == 2
    chain_is_whole(town, town.ana)
    assert len(town.server.log) == 5


def test_photos_numbered_by_an_older_version_still_go_in_their_place(town: Town) -> None:
    town.ana.finish()
    roster = town.ana.roster
    photo = town.ana.keep_photo(LARGE, "veche.jpg")
    seq = town.ana.store.outbox.next_seq()
    manifest = town.ana.manifest(seq, photo.sha256, photo.size, roster.epoch, [town.maria.keys.device_id])
    town.ana.store.outbox.put(
        OutboxEntry(photo.sha256, "r", seq, manifest.to_wire(), None, "waiting", None, None, "attachment")
    )
    town.ana.finish()
    report = town.ana.syncer(postpone=lambda entry: True).run()
    assert not report.problems and report.sent == 2 and report.postponed == 0
    assert town.server.log[1].sha256 == photo.sha256
    chain_is_whole(town, town.ana)


def test_the_same_photo_in_a_correction_is_sent_once(town: Town) -> None:
    first = town.ana.finish()
    photo = town.ana.keep_photo(LARGE, "foto.jpg")
    maria, bogdan = town.maria.keys.device_id, town.bogdan.keys.device_id
    for devices in ([maria], [maria], [maria, bogdan]):
        town.ana.queue_file(first.record_id, photo.sha256, photo.size, 1, devices)
    assert town.ana.store.outbox.waiting_count() == 2
    town.ana.sync_well()
    assert town.server.log[1].audience == tuple(sorted([maria, bogdan]))
    town.ana.queue_file(first.record_id, photo.sha256, photo.size, 1, [bogdan])  # both have it: nothing to do
    assert town.ana.store.outbox.waiting_count() == 0
    town.server.requests.clear()
    dan = town.organisation.enrol("dan", "fieldworker", town.server)
    town.server.add_statements(town.organisation.statements)
    town.ana.queue_file(first.record_id, photo.sha256, photo.size, 1, [dan.keys.device_id])
    town.ana.sync_well()
    assert town.server.log[2].sha256 == photo.sha256 and len(town.server.log) == 3
    assert not any(one.startswith("PATCH") for one in town.server.requests)
    chain_is_whole(town, town.ana)


def test_a_file_is_announced_to_others_once_the_server_has_it(town: Town) -> None:
    stored = town.ana.finish(photos=(LARGE,))
    town.ana.sync(Faulty(town.server, only_uploads(drop)))
    town.maria.sync_well()
    seen = town.maria.store.records.get(stored.revision)
    assert seen is not None
    (photo,) = seen.record["attachments"]
    readers = [town.bogdan.keys.device_id, town.maria.keys.device_id]
    town.maria.queue_file(stored.record_id, photo["sha256"], photo["size"], 1, readers, role="announced")
    report = town.maria.sync_well()
    assert report.unsent == 1 and town.maria.store.outbox.all()[0].seq is None  # no number spent on it yet
    town.ana.sync_well()
    town.maria.sync_well()
    assert town.maria.store.outbox.waiting_count() == 0
    assert len(town.bogdan.syncer().fetch(photo["sha256"], photo["size"])) == photo["size"]


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_file_lost_on_the_device_is_shown_and_stops_nothing(town: Town, how: str) -> None:
    town.ana.finish(photos=(LARGE, SMALL, OTHER))
    small, large = (
        next(one for one in town.ana.store.outbox.all() if least < one.size < most)
        for least, most in ((2_000, 4_000), (150_000, 180_000))
    )
    assert small.role == large.role == "attachment"
    files = town.ana.store.media._files  # type: ignore[attr-defined]
    for one in (small, large):
        true = files.pop(one.sha256)
        if how == "damaged":
            files[one.sha256] = true[:-1] + bytes([true[-1] ^ 1])
    report = town.ana.sync_well()
    assert report.sent == 1 and report.unsent == 2
    stopped = [one for one in town.ana.store.outbox.waiting() if one.state == "stopped"]
    assert {one.sha256 for one in stopped} == {small.sha256, large.sha256}
    assert {one.problem["code"] for one in stopped if one.problem} <= {"store.not_found", "store.row_damaged"}
    assert all(not one.numbered for one in stopped) and numbers_in_log(town, town.ana) == [0, 1]
    town.ana.finish()
    assert town.ana.sync_well().sent == 1


@dataclass
class Narrow:
    """One request at a time reaches the fake server; counts how many wanted to at once."""

    inner: Transport
    lock: threading.Lock = field(default_factory=threading.Lock)
    inside: int = 0
    most: int = 0
    together: threading.Barrier | None = None
    fail_on: str = ""

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        try:
            if self.together is not None and method == "HEAD":
                self.together.wait(20)
            if self.fail_on and method == "PATCH" and self.fail_on in path:
                return Response(500, {"content-type": "text/html"}, b"<html>")
            with self.lock:
                return self.inner.request(method, path, headers, body, timeout)
        finally:
            with self.lock:
                self.inside -= 1


def test_a_fast_link_carries_several_photos_at_once(town: Town) -> None:
    for n in range(3):
        town.ana.finish(photos=tuple(os.urandom(100_000 + n * 10 + i) for i in range(3)))
    town.ana.store.values.set("sync.rate", 1_000_000.0)
    narrow = Narrow(town.server, together=threading.Barrier(3))
    report = town.ana.syncer(narrow, lanes=3).run()
    assert not report.problems and report.sent == 3 and report.unsent == 0
    assert narrow.most == 3
    chain_is_whole(town, town.ana)
    town.maria.sync_well()


def test_a_slow_link_carries_one_at_a_time(town: Town) -> None:
    town.ana.finish(photos=(LARGE, OTHER))
    town.ana.store.values.set("sync.rate", 6_000.0)
    narrow = Narrow(town.server)
    ticks = iter(range(100_000))
    report = town.ana.syncer(narrow, lanes=3, monotonic=lambda: next(ticks) * 4.0).run()
    assert not report.problems and narrow.most == 1


def test_one_photo_that_fails_stops_the_others_between_chunks_and_all_resume(town: Town) -> None:
    town.ana.finish(photos=(LARGE, OTHER, os.urandom(300_000)))
    town.ana.store.values.set("sync.rate", 1_000_000.0)
    bad = town.ana.store.outbox.all()[1].sha256
    report = town.ana.syncer(Narrow(town.server, fail_on=bad), lanes=3).run()
    assert [one.code for one in report.problems] == ["sync.not_our_server"] and not report.cancelled
    assert all(one.state == "waiting" for one in town.ana.store.outbox.waiting())
    town.ana.sync_well()
    chain_is_whole(town, town.ana)


def test_work_beside_the_network_changes_nothing(town: Town) -> None:
    """Several batches and pages, kept and opened by another thread while the next are on their way."""
    body = {"xml": "".join(f"{n:x}" for n in range(3_000)), "synthetic": True}
    for _ in range(60):
        town.ana.finish(body)
    town.ana.store.values.set("sync.rate", 100.0)  # so that batches and pages are small
    town.maria.store.values.set("sync.rate", 100.0)
    ticks = iter(range(100_000))
    options: dict[str, Any] = {"lanes": 3, "monotonic": lambda: next(ticks) * 60.0}
    report = town.ana.syncer(Narrow(town.server), **options).run()
    assert not report.problems and report.sent == 60
    assert sum(one.startswith("POST /v1/entries") for one in town.server.requests) > 4
    chain_is_whole(town, town.ana)
    town.server.requests.clear()
    report = town.maria.syncer(Narrow(town.server), **options).run()
    assert not report.problems and report.received == 60
    assert sum(one.startswith("GET /v1/entries") for one in town.server.requests) > 4
    assert town.maria.store.quarantine.count() == 0
