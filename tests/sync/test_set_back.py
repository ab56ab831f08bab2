"""An earlier copy of a tablet's files was put back: no number is ever sent twice, and the person is told."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.protocol.errors import Problem
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.protocol.messages import PulledEntry, PushRequest
from app.store.store import Store
from app.sync.rollback import Comparing
from app.sync.transport import HttpTransport, Response
from sync_server.testing import RunningServer, running_server
from tests.sync.real import KEY, RealTown, real_town, store_path
from tests.sync.world import Person

FILES = ("store.db", "store.mark")


class Listening:
    """Passes requests on; notes every manifest that leaves the device, and which paths were asked."""

    def __init__(self, server: RunningServer) -> None:
        self._inner = HttpTransport(server.url)
        self.sent: dict[int, set[str]] = defaultdict(set)
        self.asked: list[str] = []

    def request(
        self, method: str, path: str, headers: Any, body: Any = b"", timeout: float = 30.0, **options: Any
    ) -> Response:
        self.asked.append(f"{method} {path.split('?')[0]}")
        if method == "POST" and path == "/v1/entries":
            for manifest in PushRequest.decode(bytes(body)).manifests:
                self.sent[manifest.seq].add(manifest.digest())
        return self._inner.request(method, path, headers, body, timeout, **options)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("set-back") / "server") as running:
        yield running


@pytest.fixture
def town(server: RunningServer, tmp_path: Path) -> Iterator[RealTown]:
    with real_town(server, tmp_path) as made:
        made.ana.transport = Listening(server)
        yield made


def listening(person: Person) -> Listening:
    assert isinstance(person.transport, Listening)
    return person.transport


def copied(town: RealTown) -> Path:
    """Ana's tablet is closed and copied, then opened again."""
    place = store_path(town.folder, "ana")
    town.ana.store.close()
    copy = town.folder / "copy"
    copy.mkdir()
    for name in FILES:
        shutil.copyfile(place.with_name(name), copy / name)
    town.ana.store = Store.open(place, KEY)
    return copy


def put_back(town: RealTown, copy: Path, *names: str) -> None:
    place = store_path(town.folder, "ana")
    town.ana.store.close()
    for name in names:
        shutil.copyfile(copy / name, place.with_name(name))
    town.ana.store = Store.open(place, KEY)


def three_visits_then_set_back(town: RealTown, *names: str) -> list[str]:
    """One visit before the copy, two after it, all sent; then the copy is put back."""
    first = town.ana.finish().revision
    town.ana.sync_well()
    copy = copied(town)
    later = [town.ana.finish(photos=(b"photo " * 300,)).revision, town.ana.finish().revision]
    town.ana.sync_well()
    put_back(town, copy, *names)
    return [first, *later]


def test_a_store_that_was_set_back_never_sends_a_number_twice(town: RealTown) -> None:
    """Both files were put back: nothing on the tablet can tell, only the server's log can."""
    before = three_visits_then_set_back(town, *FILES)
    assert town.ana.store.report.age == "current"
    new = [town.ana.finish({"household_label": "Familia Exemplu 12", "n": n}).revision for n in range(2)]
    assert town.ana.store.outbox.next_seq() == 3  # numbers 1 and 2 were given out again
    report = town.ana.sync()
    assert [problem.code for problem in report.problems] == ["sync.set_back"]
    assert report.problems[0].detail == {"forgotten": 3, "renumbered": 2} and report.sent == 2
    assert {number: len(digests) for number, digests in listening(town.ana).sent.items()} == {
        n: 1 for n in range(6)
    }
    assert town.ana.revisions() == {*before, *new}  # what was sent came back
    town.ana.sync_well()
    report = town.maria.sync_well()
    assert set(report.pulled_revisions) == {*before, *new} and report.quarantined == 0
    assert [one.record["seq"] for one in town.ana.store.records.all() if one.origin == "own"] == [0, 4, 5]


def test_a_store_whose_mark_tells_is_compared_at_once(town: RealTown) -> None:
    before = three_visits_then_set_back(town, "store.db")
    assert [one.code for one in town.ana.store.report.problems()] == ["store.put_back"]
    report = town.ana.sync()  # nothing waits
    assert [problem.code for problem in report.problems] == ["sync.set_back"]
    assert town.ana.revisions() == set(before) and town.ana.store.outbox.next_seq() == 4
    assert town.reopened(town.ana).store.report.age == "current"
    town.ana.sync_well()


def test_a_photo_that_waits_gets_a_number_nobody_has_used(town: RealTown) -> None:
    three_visits_then_set_back(town, *FILES)
    town.ana.finish(photos=(b"another photo " * 200,))
    report = town.ana.sync()
    assert [problem.code for problem in report.problems] == ["sync.set_back"]
    assert sorted(listening(town.ana).sent) == list(range(6))
    assert all(len(digests) == 1 for digests in listening(town.ana).sent.values())
    assert town.ana.store.outbox.waiting_count() == 0


def test_an_entry_whose_receipt_was_lost_is_not_renumbered(town: RealTown) -> None:
    town.ana.finish()
    manifest = town.ana.store.outbox.last_manifest()
    town.ana.sync_well()
    for entry in town.ana.store.outbox.all():  # as after a cut before the answer
        town.ana.store.outbox.update(entry.revision, state="sending", receipt=None)
    town.reopened(town.ana)
    town.ana.finish()
    town.ana.sync_well()
    assert Manifest.from_wire(manifest).digest() in listening(town.ana).sent[0]
    assert all(len(digests) == 1 for digests in listening(town.ana).sent.values())


def test_the_numbers_are_compared_once_an_opening(town: RealTown) -> None:
    asked = listening(town.ana).asked
    for _ in range(2):
        town.ana.sync_well()
    assert "GET /v1/manifests" not in asked  # nothing to send
    for _ in range(3):
        town.ana.finish()
        town.ana.sync_well()
    assert asked.count("GET /v1/manifests") == 1
    town.reopened(town.ana)
    town.ana.finish()
    town.ana.sync_well()
    assert asked.count("GET /v1/manifests") == 2


@pytest.mark.parametrize("lie", ["invented", "another number", "a hole", "another device"])
def test_a_server_cannot_move_the_numbers(town: RealTown, monkeypatch: pytest.MonkeyPatch, lie: str) -> None:
    """What it shows must be signed by this device, and follow on."""
    town.ana.finish()
    keys = town.ana.keys
    key = SigningKey.generate() if lie == "invented" else keys.signing
    device = town.bogdan.keys.device_id if lie == "another device" else keys.device_id
    numbers = {"another number": [9], "a hole": [0, 2]}.get(lie, [0])
    shown = [
        PulledEntry(
            number,
            Manifest.signed(
                key=key,
                workspace=town.organisation.org,
                device=device,
                seq=number,
                prev="f" * 64 if number else "",
                sha256="0" * 64,
                size=512,
                epoch=1,
                audience=(device,),
            ),
            None,
        )
        for number in numbers
    ]
    monkeypatch.setattr(Comparing, "_page", lambda self, after: shown)
    before = town.ana.store.outbox.all()
    report = town.ana.sync()
    assert isinstance(report.problems[0], Problem)
    assert report.problems[0].code in ("server.bad_proof", "crypto.bad_signature")
    assert [(one.seq, one.manifest) for one in town.ana.store.outbox.all()] == [
        (one.seq, one.manifest) for one in before
    ]
    assert listening(town.ana).sent == {}
