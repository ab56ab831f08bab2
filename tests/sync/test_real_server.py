"""Real processes and real files: a server that restarts and is killed, clients that are killed at every step."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.sync.progress import Progress
from app.sync.state import alarm
from app.sync.transport import HttpTransport
from sync_server.testing import RunningServer, running_server
from tests.sync.carriers import Faulty, drop, lose_answer
from tests.sync.killing import Killing
from tests.sync.real import RealTown, real_town, store_path

ROOT = Path(__file__).resolve().parents[2]
BIG = {"xml": "".join(f"{n:x}" for n in range(90_000)), "synthetic": True}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One process for all tests here (some kill and restart it); each test founds an organisation of its own."""
    with running_server(tmp_path_factory.mktemp("real") / "server") as running:
        yield running


@pytest.fixture
def town(server: RunningServer, tmp_path: Path) -> Iterator[RealTown]:
    with real_town(server, tmp_path) as made:
        yield made


def converged(town: RealTown, submissions: int) -> None:
    """Everything is received once, and the supervisor has it all."""
    for person in (town.ana, town.bogdan, town.maria, town.ana):
        person.sync_well()
        assert person.store.outbox.waiting_count() == 0
        assert person.store.quarantine.count() == 0 and alarm(person.store) is None
    assert len(town.maria.store.records.all("submission")) == submissions
    indices = [one.index for one in town.maria.store.records.all()]
    assert len(set(indices)) == len(indices) and None not in indices


def test_a_visit_goes_through_a_real_server(town: RealTown) -> None:
    stored = town.ana.finish()
    large = town.ana.finish(BIG)
    assert town.ana.sync_well().sent == 2
    report = town.maria.sync_well()
    assert report.pulled_revisions == [stored.revision, large.revision]
    town.maria.finish(
        {"submission": stored.record_id, "state": "approved"},
        kind="review",
        readers=[town.ana.keys.device_id],
    )
    town.maria.sync_well()
    assert town.ana.sync_well().received == 1
    assert town.bogdan.sync_well().received == 0


def test_the_server_restarts_during_a_synchronisation(town: RealTown) -> None:
    for _ in range(5):
        town.ana.finish()
    town.ana.finish(BIG)
    restarted = threading.Event()

    def watch(one: Progress) -> None:
        if one.phase == "push" and one.done and not restarted.is_set():
            restarted.set()
            town.server.kill()
            town.server.start()

    report = town.ana.syncer(sleep=lambda _: None).run(watch)
    assert restarted.is_set() and not report.problems and report.sent == 6
    converged(town, 6)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("request_number", range(1, 5))
def test_a_server_killed_at_any_request_loses_nothing(
    town: RealTown, request_number: int, moment: str
) -> None:
    town.ana.finish()
    town.ana.finish(BIG)
    town.maria.finish(readers=[town.ana.keys.device_id])
    town.maria.sync_well()
    killing = Killing(HttpTransport(town.server.url), town.server, request_number, moment)
    report = town.ana.sync(killing, sleep=lambda _: None)
    assert killing.left <= 0 and not report.problems
    converged(town, 3)


def test_a_dead_server_is_away_and_nothing_is_lost(town: RealTown) -> None:
    town.ana.finish()
    town.server.kill()
    report = town.ana.sync()
    assert [problem.code for problem in report.problems] == ["sync.server_away"] and report.unsent == 1
    town.server.start()
    converged(town, 1)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_client_killed_at_any_request_resumes(town: RealTown, moment: str) -> None:
    """Each round kills one request later than the last, until a synchronisation gets through."""
    finished, request = 0, 0
    while True:
        request += 1
        town.ana.finish()
        town.bogdan.finish()
        town.bogdan.sync_well()
        town.maria.finish(readers=[town.ana.keys.device_id])
        town.maria.sync_well()
        finished += 2
        town.ana.store.values.delete("sync.roster_at")  # so that all kinds of requests are made
        town.ana.store.close()
        place = store_path(town.folder, "ana")
        command = [
            sys.executable,
            "-m",
            "tests.sync.killed_client",
            str(place),
            town.server.url,
            str(request),
            moment,
        ]
        child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        town.reopened(town.ana)
        assert town.ana.store.check().ok
        if child.returncode == 0:
            assert child.stdout.strip() == "[]"
            break
        assert child.returncode == -9 and request < 10
    assert request >= 4
    submissions = [one for one in (*town.ana.store.outbox.all(), *town.bogdan.store.outbox.all())]
    assert len(submissions) == finished
    converged(town, finished + request)


@pytest.mark.parametrize("deed", [drop, lose_answer])
def test_a_large_upload_resumes_where_it_was_cut(town: RealTown, deed: object) -> None:
    town.ana.finish(BIG)
    faulty = Faulty(HttpTransport(town.server.url), iter([None, None, None, deed, deed]))  # type: ignore[list-item]
    report = town.ana.sync(faulty)
    assert not report.problems
    entry = town.ana.store.outbox.all()[0]
    assert report.bytes_sent < entry.manifest["size"] + 64 * 1024 * 2 + 4_000
    converged(town, 1)


@pytest.mark.parametrize("how", ["one bit", "gone", "replaced"])
def test_a_record_altered_on_the_server_is_set_aside(town: RealTown, how: str) -> None:
    for _ in range(3):
        town.ana.finish()
    town.ana.sync_well()
    town.server.stop()
    with closing(sqlite3.connect(town.server.data_dir / "server.db")) as database, database:
        objects = "SELECT sha256, content FROM object WHERE workspace_id = ? ORDER BY sha256 LIMIT 2"
        (_, other), (sha256, content) = database.execute(objects, (town.organisation.org,)).fetchall()
        changed = {
            "one bit": content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
            "gone": None,
            "replaced": other,
        }[how]
        database.execute("UPDATE object SET content = ? WHERE sha256 = ?", (changed, sha256))
    town.server.start()
    report = town.maria.sync(sleep=lambda _: None)
    assert report.received == 2 and report.quarantined == 1
    (kept,) = town.maria.store.quarantine.all()
    assert kept.reason in ("sync.altered", "sync.object_missing")
    assert town.ana.store.records.count() == 3


def test_a_removed_device_hands_over_what_it_finished_and_gets_nothing(town: RealTown) -> None:
    town.bogdan.finish()
    town.maria.finish(readers=[town.bogdan.keys.device_id])
    town.maria.sync_well()
    statement = town.organisation.state("revoke_device", {"device": town.bogdan.keys.device_id})
    town.maria.publish(statement)
    report = town.bogdan.sync()
    assert report.revoked and report.sent == 1 and report.received == 0 and report.unsent == 0
    assert [problem.code for problem in report.problems] == ["sync.device_revoked"]
    town.maria.sync_well()
    assert len(town.maria.store.records.all("submission")) == 2


def test_another_log_key_is_noticed_at_once(town: RealTown) -> None:
    town.ana.finish()
    other = {**town.ana.store.values.get("organisation"), "log_key": str(town.ana.keys.signing.public)}
    town.ana.store.values.set("organisation", other)
    report = town.ana.sync()
    assert [problem.code for problem in report.problems] == ["server.bad_checkpoint"]
    assert report.sent == 0 and alarm(town.ana.store) is not None


def test_another_organisation_is_not_known_there(town: RealTown) -> None:
    town.ana.finish()
    other = {**town.ana.store.values.get("organisation"), "org": "org-alta"}
    town.ana.store.values.set("organisation", other)
    report = town.ana.sync()
    assert report.problems[0].code in ("server.workspace_unknown", "roster.wrong_org")
    assert report.unsent == 1
