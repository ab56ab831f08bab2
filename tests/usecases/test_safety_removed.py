"""A removed tablet: it hands over, then locks itself for good; a server's word alone destroys nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.demo.devices import open_as, opened, services, sync
from app.demo.filling import end
from app.demo.places import PASSPHRASES, WORKERS, Places
from app.protocol.canonical import canonical_json
from app.protocol.errors import Problem
from app.store.profiles import profile_folder
from app.sync.transport import HttpTransport, Response, Transport
from app.usecases.removal import is_removed
from app.usecases.review import queue
from app.usecases.sync_now import sync_now
from app.usecases.unlock import lock, profiles, unlock
from app.usecases.worker import Worker
from tests.usecases.reenrolled import remove
from tests.usecases.test_safety_forgotten import draft, sealed_bytes
from tests.usecases.test_visit_story import CANARY, attempt

NAME = WORKERS[0]


def visit(worker: Worker) -> str:
    filling = attempt(worker, "SYN-004", "m3")
    filling.answer("/data/a_start/absent_why", CANARY)
    return end(filling, 4).record


@pytest.fixture
def ana(demo: Places) -> Iterator[Worker]:
    worker = open_as(demo.tablet, NAME)
    sync(worker)
    yield worker
    lock(worker)


def names(demo: Places) -> list[str]:
    return [card.label for card in profiles(services(demo.tablet))]


@dataclass
class Saying:
    """A server that says "removed" to what these paths ask, and passes the rest on."""

    real: Transport
    paths: tuple[str, ...]

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        if any(path.startswith(one) for one in self.paths):
            told = canonical_json(Problem("server.device_revoked").to_wire())
            return Response(403, {"content-type": "application/problem+json"}, told)
        return self.real.request(method, path, headers, body, timeout)


def through(worker: Worker, *paths: str) -> None:
    def transport(url: str) -> Transport:
        return Saying(HttpTransport(url), paths)

    worker.services = replace(worker.services, transport=transport)


def test_a_removed_tablet_hands_over_and_locks_itself_for_good(
    demo: Places, ana: Worker, rodica: Worker
) -> None:
    record = visit(ana)
    draft(ana)
    remove(rodica, ana.device)
    outcome = sync_now(ana)
    assert outcome.problem is not None and outcome.problem.code == "sync.device_revoked"
    assert outcome.removed and is_removed(ana)
    lock(ana)
    assert NAME not in names(demo) and WORKERS[1] in names(demo)
    with pytest.raises(Problem, match=r"usecase\.no_such_profile"):
        unlock(services(demo.tablet), ana.profile, PASSPHRASES[NAME])
    assert not (profile_folder(demo.tablet, ana.profile) / "keyslot.json").exists()
    for word in (CANARY, "Familia Exemplu", PASSPHRASES[NAME]):
        assert word.encode() not in sealed_bytes(demo, ana.profile)
    sync(rodica)
    assert record in [row.record for row in queue(rodica)]
    with opened(demo.tablet, WORKERS[1]) as ion:
        sync(ion)  # the colleague on the same tablet is not touched


def test_a_removed_tablet_with_nothing_to_send_locks_itself_at_its_next_contact(
    demo: Places, ana: Worker, rodica: Worker
) -> None:
    """The roster was asked for within the day, so the first word of it is a refusal to tell anything."""
    remove(rodica, ana.device)
    outcome = sync_now(ana)
    assert outcome.problem is not None and outcome.problem.code == "sync.device_revoked"
    assert outcome.removed and is_removed(ana)


def test_the_servers_word_alone_destroys_nothing(demo: Places, ana: Worker) -> None:
    through(ana, "/v1/roster", "/v1/entries")
    outcome = sync_now(ana)
    assert outcome.problem is not None and not outcome.removed
    lock(ana)
    with opened(demo.tablet, NAME) as again:
        assert not is_removed(again)
        visit(again)
        sync(again)


def test_work_that_the_server_refuses_keeps_the_lock(demo: Places, ana: Worker, rodica: Worker) -> None:
    visit(ana)
    remove(rodica, ana.device)
    through(ana, "/v1/entries")
    outcome = sync_now(ana)
    assert outcome.problem is not None and not outcome.removed
    assert ana.store.outbox.waiting_count() == 1
    ana.services = replace(ana.services, transport=HttpTransport)
    assert sync_now(ana).removed


def test_an_alarm_keeps_the_lock(ana: Worker, rodica: Worker) -> None:
    ana.store.values.set("sync.alarm", {"code": "server.fork", "at": "2026-03-01T10:00:00Z"})
    remove(rodica, ana.device)
    assert not sync_now(ana).removed


def test_seized_then_wiped(demo: Places, ana: Worker, rodica: Worker, tmp_path: Path) -> None:
    """Whoever holds the tablet knows the passphrase and copied nothing before the tablet's next contact."""
    visit(ana)
    remove(rodica, ana.device)
    assert sync_now(ana).removed
    lock(ana)
    left = sealed_bytes(demo, ana.profile)
    assert CANARY.encode() not in left and b'"wrapped"' not in left
    shelf = profile_folder(demo.tablet, ana.profile) / "unsent"
    assert {path.name for path in shelf.iterdir()} == {"of.json"}
