"""What goes wrong in the field: each case has its words, and nothing is lost."""

import http.server
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.demo.devices import opened, services, sync
from app.demo.filling import end
from app.demo.places import PASSPHRASES, WORKERS, Places
from app.protocol.errors import Problem
from app.store.store import Limits
from app.usecases import fill
from app.usecases.ledger import ledger, sync_status
from app.usecases.problems import problem_text
from app.usecases.review import queue
from app.usecases.sync_now import sync_now
from app.usecases.today import today
from app.usecases.unlock import profiles, unlock
from app.usecases.views import ProblemText, RecordState
from app.usecases.worker import Worker
from tests.usecases.conftest import free_port, household
from tests.usecases.test_visit_story import VISIT, attempt, visit


def says_enough(problem: ProblemText) -> bool:
    """What happened, whether anything is lost, what to do: all three are there."""
    return all((problem.title, problem.happened, problem.lost, problem.todo))


def waits(worker: Worker, record: str) -> bool:
    return next(row for row in ledger(worker) if row.record == record).state is RecordState.FINISHED


def test_wrong_passphrase(demo: Places) -> None:
    ours = services(demo.tablet)
    card = next(card for card in profiles(ours) if card.label == WORKERS[0])
    with pytest.raises(Problem) as caught:
        unlock(ours, card.id, "not the passphrase at all")
    assert caught.value.code == "crypto.wrong_passphrase" and says_enough(problem_text(caught.value))
    assert unlock(ours, card.id, PASSPHRASES[WORKERS[0]]).name == WORKERS[0]


def test_server_away(ana: Worker) -> None:
    record = visit(ana)
    ana.organisation = replace(ana.organisation, server=f"http://127.0.0.1:{free_port()}")
    outcome = sync_now(ana)
    assert outcome.problem is not None and outcome.problem.code == "sync.server_away"
    assert says_enough(outcome.problem) and waits(ana, record)
    assert sync_status(ana).last_problem == outcome.problem


@pytest.fixture
def somebody_elses_server() -> Iterator[str]:
    """A web page, as a captive portal or a mistyped address gives."""

    class Portal(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = b"<html><body>Welcome to the hotel's Wi-Fi. Please log in.</body></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        do_POST = do_GET

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_wrong_server_address(ana: Worker, somebody_elses_server: str) -> None:
    record = visit(ana)
    ana.organisation = replace(ana.organisation, server=somebody_elses_server)
    outcome = sync_now(ana)
    assert outcome.problem is not None and outcome.problem.code in (
        "sync.not_our_server",
        "sync.captive_portal",
    )
    assert says_enough(outcome.problem) and waits(ana, record)


def test_full_outbox_keeps_the_draft(ana: Worker) -> None:
    ana.store.outbox.limits = Limits(outbox_count=1)
    visit(ana, "SYN-001")
    filling = attempt(ana, "SYN-002", "w1")
    with pytest.raises(Problem) as caught:
        filling.finish()
    assert caught.value.code == "store.outbox_full" and says_enough(problem_text(caught.value))
    assert filling.draft in [row.draft for row in today(ana, "ro").drafts]
    ana.store.outbox.limits = Limits()
    assert isinstance(filling.finish(), fill.Finished)


def test_a_record_altered_on_the_server_is_set_aside(demo: Places, ana: Worker, rodica: Worker) -> None:
    record = visit(ana)
    sync(ana)
    altered = _flip_one_byte_of_the_newest_object(demo.server)
    assert altered
    second = end(attempt(ana, "SYN-004", "m3"), 3).record
    sync(ana)
    outcome = sync_now(rodica)
    assert outcome.quarantined == 1
    seen = [row.record for row in queue(rodica)]
    assert record not in seen and second in seen
    assert sync_status(rodica).quarantined == 1
    assert record in [row.record for row in ledger(ana)]  # the author still holds it


def _flip_one_byte_of_the_newest_object(server: Path) -> bool:
    """Alters a sealed object where the server keeps it: in its database, or as a file."""
    connection = sqlite3.connect(server / "server.db")
    try:
        newest = connection.execute("SELECT sha256 FROM entry ORDER BY position DESC LIMIT 1").fetchone()[0]
        digest = newest if isinstance(newest, str) else bytes(newest).hex()
        for path in server.rglob("*"):
            if path.is_file() and digest in (path.name, path.parent.name + path.name):
                data = bytearray(path.read_bytes())
                data[len(data) // 2] ^= 1
                path.write_bytes(bytes(data))
                return True
        return _flip_in_database(connection, newest)
    finally:
        connection.close()


def _flip_in_database(connection: sqlite3.Connection, sha256: object) -> bool:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        content = next((name for name in ("content", "data", "sealed") if name in columns), None)
        if content is None or "sha256" not in columns:
            continue
        row = connection.execute(f"SELECT {content} FROM {table} WHERE sha256 = ?", (sha256,)).fetchone()
        if row and row[0]:
            data = bytearray(row[0])
            data[len(data) // 2] ^= 1
            connection.execute(f"UPDATE {table} SET {content} = ? WHERE sha256 = ?", (bytes(data), sha256))
            connection.commit()
            return True
    return False


def test_two_workers_on_one_tablet_never_mix(demo: Places, ana: Worker) -> None:
    draft = fill.start(ana, VISIT, household(ana, "SYN-004"), "m3", "ro")
    record = visit(ana)
    with opened(demo.tablet, WORKERS[1]) as ion:
        assert draft.draft not in [row.draft for row in today(ion, "ro").drafts]
        assert record not in [row.record for row in ledger(ion)]
        sync(ana)
        sync(ion)
        assert ion.store.records.of(record) == []
