"""Cuts, portals, wrong addresses, busy servers, wrong clocks: what happens, what is said, and that nothing is lost."""

import itertools

import pytest

from app.protocol.canonical import canonical_json
from app.protocol.errors import Problem
from app.sync.pacing import Backoff, Pace
from app.sync.transport import HttpTransport, Response, checked_address
from tests.sync.carriers import Faulty, drop, fail, garble, lose_answer, portal, truncate, twice
from tests.sync.conftest import Town

PROBLEM = {"content-type": "application/problem+json"}


def busy(seconds: int) -> Response:
    return Response(
        503, {**PROBLEM, "retry-after": str(seconds)}, canonical_json(Problem("server.busy").to_wire())
    )


@pytest.mark.parametrize("deed", [drop, lose_answer, twice, truncate, fail(502), fail(503)])
@pytest.mark.parametrize("when", range(4))
def test_one_mishap_at_any_request_costs_nothing(town: Town, deed: object, when: int) -> None:
    for _ in range(3):
        town.ana.finish()
    town.maria.finish(readers=[town.ana.keys.device_id])
    town.maria.sync_well()
    faulty = Faulty(town.server, iter([*[None] * when, deed]))  # type: ignore[list-item]
    report = town.ana.sync(faulty)
    assert not report.problems
    assert len(town.server.log) == 4
    assert town.ana.store.outbox.waiting_count() == 0
    assert len(town.ana.revisions()) == 4


def test_a_server_away_is_tried_again_with_growing_jittered_waits(town: Town) -> None:
    stored = town.ana.finish()
    report = town.ana.sync(Faulty(town.server, itertools.repeat(drop)))
    (problem,) = report.problems
    assert problem.code == "sync.server_away" and report.unsent == 1
    assert len(town.ana.waits) == 4
    assert all(0 <= wait <= 2**n for n, wait in enumerate(town.ana.waits))
    entry = town.ana.store.outbox.get(stored.revision)
    assert entry is not None and entry.state == "waiting"
    town.ana.sync_well()


def test_a_portal_is_recognised_and_not_asked_again(town: Town) -> None:
    town.ana.finish()
    for deed in (portal, fail(302, {"location": "http://portal.example/"}), fail(404), fail(511)):
        faulty = Faulty(town.server, itertools.repeat(deed))
        report = town.ana.sync(faulty)
        assert [problem.code for problem in report.problems] == ["sync.not_our_server"]
        assert len(faulty.requests) == 1
    assert town.ana.store.values.get("sync.alarm") is None
    assert "sign in" in report.problems[0].entry.todo
    town.ana.sync_well()


def test_a_portal_in_the_middle_leaves_entries_waiting(town: Town) -> None:
    town.ana.finish()
    report = town.ana.sync(Faulty(town.server, iter([None, portal])))
    assert report.problems[0].code == "sync.not_our_server"
    assert [entry.state for entry in town.ana.store.outbox.all()] == ["waiting"]


def test_retry_after_is_obeyed(town: Town) -> None:
    town.ana.finish()
    answers = iter([lambda *_: busy(7), lambda *_: busy(3)])
    report = town.ana.sync(Faulty(town.server, answers))
    assert not report.problems
    assert 7 <= town.ana.waits[0] <= 8 and 3 <= town.ana.waits[1] <= 5


def test_a_server_that_wants_an_hour_is_left_alone(town: Town) -> None:
    town.ana.finish()
    report = town.ana.sync(Faulty(town.server, itertools.repeat(lambda *_: busy(3600))))
    assert [problem.code for problem in report.problems] == ["server.busy"]
    assert town.ana.waits == [] and report.unsent == 1


@pytest.mark.parametrize("seconds", [-400_000, -301, 301, 90_000_000])
def test_a_wrong_clock_is_borne(town: Town, seconds: float) -> None:
    clock = type(town.organisation.clock)(town.organisation.clock.now)
    clock.move(seconds)
    town.ana.clock = clock
    town.ana.finish()
    report = town.ana.sync_well()
    assert report.sent == 1 and town.ana.waits == []


def test_an_unknown_code_of_a_newer_server_is_told(town: Town) -> None:
    document = canonical_json({"code": "server.brand_new", "status": 418})
    report = town.ana.sync(Faulty(town.server, itertools.repeat(fail(418, PROBLEM, document))))
    assert [problem.code for problem in report.problems] == ["sync.refused"]
    assert report.problems[0].detail["reason"] == "server.brand_new"


def test_a_garbled_answer_is_never_believed(town: Town) -> None:
    for when in range(4):
        town.ana.finish()
        town.maria.finish(readers=[town.ana.keys.device_id])
        town.maria.sync_well()
        town.ana.store.values.delete("sync.roster_at")  # so that all three kinds of requests are made
        report = town.ana.sync(Faulty(town.server, iter([*[None] * when, garble])))
        town.ana.store.values.delete("sync.alarm")
        assert report.problems or report.quarantined or when == 3, when
        town.ana.sync_well()
    assert town.ana.store.outbox.waiting_count() == 0
    assert len(town.ana.revisions()) == 8 and town.ana.store.quarantine.count() == 0


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://sync.example.org", "sync.insecure_address"),
        ("http://192.168.1.5:8000", "sync.insecure_address"),
        ("http://127.0.0.1.example.org", "sync.insecure_address"),
        ("ftp://example.org", "sync.bad_address"),
        ("example.org", "sync.bad_address"),
        ("https://", "sync.bad_address"),
        ("https://user:pass@example.org", "sync.bad_address"),
        ("https://example.org:99999", "sync.bad_address"),
        ("https://example.org/?a=b", "sync.bad_address"),
        ("", "sync.bad_address"),
    ],
)
def test_addresses_that_cannot_be_right_are_refused(address: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        checked_address(address)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "address",
    ["https://sync.example.org/", " http://localhost:8000", "http://127.0.0.1:1", "http://[::1]:80"],
)
def test_good_addresses_are_taken(address: str) -> None:
    assert checked_address(address) == address.strip().rstrip("/")


def test_nobody_at_the_address_is_a_server_away() -> None:
    with pytest.raises(Problem, match=r"sync\.server_away"):
        HttpTransport("http://127.0.0.1:9").request("GET", "/v1/info", {}, b"", 1.0)


def test_sizes_follow_the_link() -> None:
    pace = Pace()
    assert pace.size() == 64 * 1024
    for _ in range(20):
        pace.measured(16_384, 6.5)  # 20 kbit/s
    assert pace.size() == 16 * 1024
    for _ in range(20):
        pace.measured(64 * 1024, 0.5)  # 1 Mbit/s
    assert 700_000 < pace.size() < 800_000  # six seconds' worth, after so long without a cut
    pace.cut()
    assert 100_000 < pace.size() < 140_000
    assert pace.lanes(3) == 1
    for _ in range(3):
        pace.measured(64 * 1024, 0.5)
    assert pace.lanes(3) == 3


def test_batches_are_not_tiny_until_the_link_is_cut() -> None:
    pace = Pace(2_500.0)  # 20 kbit/s
    assert (pace.size(), pace.batch(), pace.batch(30_000)) == (16 * 1024, 64 * 1024, 30_000)
    for _ in range(3):
        pace.cut()
    assert pace.batch() == 16 * 1024
    for _ in range(10):
        pace.measured(16 * 1024, 6.5)
    assert pace.batch() == 64 * 1024
    assert pace.timeout(64 * 1024) > 60


def test_waits_use_the_whole_range() -> None:
    zeros, ones = Backoff(lambda size: bytes(size)), Backoff(lambda size: b"\xff" * size)
    assert [zeros.wait(n) for n in range(3)] == [0, 0, 0]
    assert [round(ones.wait(n)) for n in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
