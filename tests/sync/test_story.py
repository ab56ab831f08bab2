"""The way of a record from one device to another, and back."""

from threading import Event

import pytest

from app.sync.progress import PHASES, Progress
from tests.sync.conftest import Town


def test_a_visit_reaches_the_supervisor_and_is_proved_to_be_received(town: Town) -> None:
    stored = town.ana.finish()
    report = town.ana.sync_well()
    assert (report.sent, report.received, report.unsent) == (1, 0, 0)
    entry = town.ana.store.outbox.get(stored.revision)
    assert entry is not None and entry.state == "received" and entry.receipt is not None
    assert entry.receipt["index"] == 0
    own = town.ana.store.records.get(stored.revision)
    assert own is not None and own.index == 0

    report = town.maria.sync_well()
    assert report.pulled_revisions == [stored.revision] and report.last_index == 1
    seen = town.maria.store.records.get(stored.revision)
    assert seen is not None
    assert (seen.record, seen.signature, seen.origin, seen.index) == (
        stored.record,
        stored.signature,
        "pulled",
        0,
    )


def test_a_review_goes_back_and_a_correction_follows(town: Town) -> None:
    first = town.ana.finish()
    town.ana.sync_well()
    town.maria.sync_well()
    town.maria.finish(
        {
            "submission": first.record_id,
            "revision": first.revision,
            "state": "hasIssues",
            "comments": [],
            "note": "",
        },
        kind="review",
        readers=[town.ana.keys.device_id],
    )
    town.maria.sync_well()
    assert town.ana.sync_well().received == 1
    second = town.ana.finish(parents=(first.revision,), record=first.record_id)
    assert town.ana.sync_well().sent == 1
    assert town.maria.sync_well().received == 1
    assert [one.revision for one in town.maria.store.records.of(first.record_id)] == [
        first.revision,
        second.revision,
    ]


def test_only_what_is_new_travels_the_second_time(town: Town) -> None:
    for _ in range(20):
        town.ana.finish()
    town.ana.sync_well()
    first = town.maria.sync_well()
    assert first.received == 20
    again = town.maria.sync_well()
    assert (again.received, again.sent) == (0, 0)
    assert again.bytes_received < 1500
    town.ana.finish()
    assert town.ana.sync_well().sent == 1
    assert town.maria.sync_well().received == 1


def test_a_quiet_day_takes_one_request(town: Town) -> None:
    town.ana.sync_well()
    town.server.requests.clear()
    town.ana.sync_well()
    assert [one.split("?")[0] for one in town.server.requests] == ["GET /v1/entries"]
    town.organisation.clock.move(25 * 3600)
    town.ana.sync_well()
    assert any(one.startswith("GET /v1/roster") for one in town.server.requests[1:])


def test_a_longer_roster_is_noticed_without_asking(town: Town) -> None:
    town.ana.sync_well()
    newcomer = town.organisation.enrol("dan", "fieldworker", town.server)
    newcomer.remember_enrolment()
    town.server.add_statements(town.organisation.statements)
    newcomer.finish(readers=[town.ana.keys.device_id, town.maria.keys.device_id])
    newcomer.sync_well()
    assert town.ana.sync_well().received == 1
    assert newcomer.keys.device_id in town.ana.roster.devices


def test_others_get_nothing_that_is_not_for_them(town: Town) -> None:
    town.ana.finish()
    town.ana.sync_well()
    report = town.bogdan.sync_well()
    assert report.received == 0 and town.bogdan.revisions() == set()
    assert report.last_index == 1  # but the log's growth is proved to everybody


def test_the_phases_come_in_order_with_progress(town: Town) -> None:
    for _ in range(3):
        town.ana.finish()
    seen: list[Progress] = []
    town.ana.syncer().run(seen.append)
    phases = [one.phase for one in seen]
    assert list(dict.fromkeys(phases)) == list(PHASES)
    last = [one for one in seen if one.phase == "push"][-1]
    assert (last.done, last.total) == (3, 3) and last.bytes_done == last.bytes_total > 0


@pytest.mark.parametrize("step", range(1, 7))
def test_cancelling_at_any_step_keeps_what_is_done_and_resumes(town: Town, step: int) -> None:
    for _ in range(3):
        town.maria.finish(readers=[town.ana.keys.device_id])
        town.ana.finish()
    town.maria.sync_well()
    cancel = Event()
    seen: list[Progress] = []

    def watch(one: Progress) -> None:
        seen.append(one)
        if len(seen) == step:
            cancel.set()

    report = town.ana.syncer().run(watch, cancel)
    assert report.cancelled and not report.problems
    assert all(entry.state in ("waiting", "received") for entry in town.ana.store.outbox.all())
    town.ana.sync_well()
    assert town.ana.store.outbox.waiting_count() == 0 and len(town.ana.revisions()) == 6


def test_large_objects_go_in_chunks_both_ways(town: Town) -> None:
    stored = town.ana.finish({"xml": "".join(f"{n:x}" for n in range(120_000)), "synthetic": True})
    entry = town.ana.store.outbox.get(stored.revision)
    assert entry is not None and entry.sealed is not None and len(entry.sealed) > 130_000
    town.ana.sync_well()
    assert sum(1 for one in town.server.requests if one.startswith("PATCH")) >= 2
    town.maria.sync_well()
    assert sum(1 for one in town.server.requests if one.startswith("GET /v1/objects")) >= 2
    seen = town.maria.store.records.get(stored.revision)
    assert seen is not None and seen.record == stored.record
    assert town.maria.store.media.count() == 0


def test_the_time_left_is_told_by_the_bytes_that_have_gone(town: Town) -> None:
    """Two photos of one size: when the first is there, about as much time is left as it took."""
    town.ana.finish(photos=(bytes(300_000), bytes(300_000)))
    ticks = iter(range(100_000))
    seen: list[Progress] = []
    town.ana.syncer(monotonic=lambda: float(next(ticks))).run(seen.append)
    told = [one for one in seen if one.phase == "push" and one.seconds_left is not None]
    assert told and told[-1].seconds_left == 0 and told[-1].bytes_done == told[-1].bytes_total
    half = [one for one in told if 0.4 < one.bytes_done / one.bytes_total < 0.6]
    assert half and all(one.seconds_left is not None and 0 < one.seconds_left < 60 for one in half)
