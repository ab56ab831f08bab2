"""What a synchronisation costs on a bad link: bytes, time, and what a cut wastes.

    python -m bench.sync                                 a short look (about two minutes)
    python -m bench.sync --rates 20000 50000 1000000 --photos 0 --cut-every
    python -m bench.sync --households 282 1025
    python -m bench.sync --households 10250 --rates 20000000 --photos 0 --cut-every

A real server process, the real client and store, and a proxy between them (bench.shaping) with a rate and
80 ms of delay each way. The link's own limit is the time its rate needs for the sealed bytes alone.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.store.store import Limits, Store
from app.sync.progress import SyncReport
from app.sync.transport import HttpTransport, Response, Transport
from app.usecases.sync_now import LANES
from bench.shaping import Link
from sync_server.testing import RunningServer, running_server
from tests.sync.real import LogKey, found
from tests.sync.world import Organisation, Person

DELAY = 0.08
FIELDS = ("locuinta", "incalzire", "apa", "venit", "scoala", "sanatate", "datorii", "acte", "munca", "vecini")


@dataclass
class Town:
    """One supervisor and one fieldworker, with real store files."""

    organisation: Organisation
    maria: Person
    ana: Person


def town(server: RunningServer, folder: Path) -> Town:
    name = f"org-{os.urandom(4).hex()}"
    organisation = Organisation(org=name, log_key=LogKey(server.log_key))  # type: ignore[arg-type]
    limits = Limits(outbox_count=100_000, outbox_bytes=2**40)
    people = [
        organisation.enrol(member, role, None, _store(folder / name / member, limits))
        for member, role in (("maria", "supervisor"), ("ana", "fieldworker"))
    ]
    for person in people:
        person.clock = lambda: datetime.now(UTC)
        person.remember_enrolment()
    found(server, organisation)
    return Town(organisation, *people)


def _store(folder: Path, limits: Limits) -> Store:
    folder.mkdir(parents=True)
    return Store.open(folder / "store.db", bytes(32), limits=limits)


def visit(rng: random.Random, n: int) -> dict[str, object]:
    """A household visit of the usual size: some 110 answers, about 6 KB of XML."""
    answers = "".join(
        f"<{field}_{i}>{rng.choice(['da', 'nu', 'partial', str(rng.randrange(5000))])}</{field}_{i}>"
        for i in range(11)
        for field in FIELDS
    )
    note = " ".join(rng.choice(FIELDS) for _ in range(40))
    return {
        "xml": f"<data><id>uuid:{rng.getrandbits(128):032x}</id>{answers}<nota>{note}</nota></data>",
        "instance_name": f"Familia Exemplu {n}",
        "household": f"household-{n}",
        "household_label": f"Familia Exemplu {n}",
        "entities": [],
        "synthetic": True,
    }


@dataclass(frozen=True)
class Run:
    """A synchronisation, or several until nothing waits: seconds, bytes each way, requests, cuts."""

    report: SyncReport
    seconds: float
    up: int
    down: int
    requests: int
    cuts: int = 0

    @property
    def wire(self) -> int:
        return self.up + self.down


@dataclass
class Counting:
    """Counts requests on their way through."""

    inner: Transport
    requests: int = 0

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        self.requests += 1
        return self.inner.request(method, path, headers, body, timeout)


def synchronised(person: Person, link: Link, *, until_done: bool = False) -> Run:
    """One synchronisation over the link as the app makes it; with `until_done` again and again."""
    up, down, cuts = link.counted.up, link.counted.down, link.counted.cuts
    counting = Counting(HttpTransport(f"http://127.0.0.1:{link.port}"))
    began = time.perf_counter()
    for _ in range(60):
        report = person.sync(counting, sleep=lambda s: time.sleep(min(s, 0.2)), lanes=LANES)
        if not until_done or not report.problems:
            break
    taken = time.perf_counter() - began
    up, down = link.counted.up - up, link.counted.down - down
    return Run(report, taken, up, down, counting.requests, link.counted.cuts - cuts)


def sealed_bytes(person: Person) -> int:
    return sum(entry.size for entry in person.store.outbox.waiting())


def finish_visits(person: Person, count: int, seed: int, photos: int = 0, photo_bytes: int = 0) -> int:
    """Finishes visits, each with so many photos; gives the sealed bytes that wait."""
    rng = random.Random(seed)
    with person.store.transaction():
        for n in range(count):
            pictures = tuple(rng.randbytes(photo_bytes) for _ in range(photos))
            person.finish(visit(rng, n), photos=pictures)
    return sealed_bytes(person)


def show(what: str, run: Run, sealed: int, rate: float) -> None:
    limit = sealed * 8 / rate
    print(
        f"{what:38} {run.seconds:7.1f} s   link's limit {limit:7.1f} s   ratio {run.seconds / limit:5.2f}   "
        f"wire/sealed {run.wire / sealed:.3f}   {sealed / 1024:7.0f} KiB sealed   {run.requests} requests",
        flush=True,
    )


def named(rate: float) -> str:
    return f"{rate / 1000:.0f} kbit/s" if rate < 1_000_000 else f"{rate / 1_000_000:.0f} Mbit/s"


def households(server: RunningServer, folder: Path, count: int, rate: float) -> None:
    """The first synchronisation of so many visits, up and then down, and a day's twelve visits after it."""
    people = town(server, folder)
    with Link(server.port, rate, DELAY) as link:
        sealed = finish_visits(people.ana, count, 1)
        run = synchronised(people.ana, link)
        assert run.report.sent == count and not run.report.problems, run.report.problems
        show(f"{count} visits up, {named(rate)}", run, sealed, rate)
        run = synchronised(people.maria, link)
        assert run.report.received == count and not run.report.problems, run.report.problems
        show(f"{count} visits down, {named(rate)}", run, sealed, rate)
        sealed = finish_visits(people.ana, 12, 2)
        run = synchronised(people.ana, link)
        assert run.report.sent == 12, run.report.problems
        show(f"a day's 12 up, {named(rate)}", run, sealed, rate)
        run = synchronised(people.maria, link)
        assert run.report.received == 12, run.report.problems
        show(f"a day's 12 down, {named(rate)}", run, sealed, rate)


def photos(server: RunningServer, folder: Path, rate: float, count: int) -> None:
    """Visits with two photos of 300 KB each."""
    people = town(server, folder)
    with Link(server.port, rate, DELAY) as link:
        sealed = finish_visits(people.ana, count, 4, 2, 300_000)
        run = synchronised(people.ana, link)
        assert run.report.unsent == 0, run.report.problems
        show(f"{count} visits, {2 * count} photos up, {named(rate)}", run, sealed, rate)


def cuts(server: RunningServer, folder: Path, rate: float, every: int, count: int, photos: int) -> None:
    """The same over a link that breaks every so many bytes, against one that does not."""
    wire = []
    for cut_every in (0, every):
        people = town(server, folder)
        with Link(server.port, rate, DELAY, cut_every=cut_every) as link:
            sealed = finish_visits(people.ana, count, 3, photos, 150_000)
            run = synchronised(people.ana, link, until_done=True)
            assert people.ana.store.outbox.waiting_count() == 0
            wire.append(run.wire)
    wasted = (wire[1] - wire[0]) / max(1, run.cuts)
    what = f"{count} visits, {count * photos} photos, a cut every {every // 1024} KiB"
    print(
        f"{what:38} {run.seconds:7.1f} s   {run.cuts} cuts   {wasted / 1024:.0f} KiB wasted a cut   "
        f"wire/sealed {wire[1] / sealed:.3f} ({wire[0] / sealed:.3f} without cuts)",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, nargs="*", default=[100])
    parser.add_argument("--rates", type=float, nargs="*", default=[1_000_000.0])
    parser.add_argument("--photos", type=int, default=4, help="visits with two photos each; 0: leave out")
    parser.add_argument("--cut-every", type=int, nargs="*", default=[100], help="KiB; none: leave out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, running_server(Path(name) / "server") as server:
        folder = Path(name)
        for count in options.households:
            for rate in options.rates:
                households(server, folder, count, rate)
        for rate in options.rates if options.photos else ():
            photos(server, folder, rate, options.photos)
        for every in options.cut_every:
            cuts(server, folder, 200_000.0, every * 1024, 100, 0)
            cuts(server, folder, 200_000.0, every * 1024, 4, 1)


if __name__ == "__main__":
    main()
