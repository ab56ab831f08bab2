"""What a synchronisation costs on a bad link: bytes, time, and what a cut wastes.

    python -m bench.sync                                 a short look (about a minute)
    python -m bench.sync --households 282 1025 --rates 50000 1000000

A real server process, the real client and store, and a proxy between them (bench.shaping) with a rate and
80 ms of delay each way. The link's own limit is the time its rate needs for the sealed bytes alone.
"""

import argparse
import os
import random
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.store.store import Limits, MemoryStore
from app.sync.progress import SyncReport
from app.sync.transport import HttpTransport
from bench.shaping import Link
from sync_server.testing import RunningServer, running_server
from tests.sync.real import LogKey, found
from tests.sync.world import Organisation, Person

DELAY = 0.08
FIELDS = ("locuinta", "incalzire", "apa", "venit", "scoala", "sanatate", "datorii", "acte", "munca", "vecini")


@dataclass
class Town:
    """One supervisor and one fieldworker whose stores are in memory: the disk is measured elsewhere."""

    organisation: Organisation
    maria: Person
    ana: Person


def town(server: RunningServer) -> Town:
    name = f"org-{os.urandom(4).hex()}"
    organisation = Organisation(org=name, log_key=LogKey(server.log_key))  # type: ignore[arg-type]
    limits = Limits(outbox_count=100_000, outbox_bytes=2**40)
    people = [
        organisation.enrol(member, role, None, MemoryStore(limits=limits))
        for member, role in (("maria", "supervisor"), ("ana", "fieldworker"))
    ]
    for person in people:
        person.clock = lambda: datetime.now(UTC)
        person.remember_enrolment()
    found(server, organisation)
    return Town(organisation, *people)


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


def synchronised(person: Person, link: Link) -> tuple[SyncReport, float, int, int]:
    """A synchronisation over the link: report, seconds, bytes up, bytes down."""
    up, down = link.counted.up, link.counted.down
    began = time.perf_counter()
    report = person.sync(
        HttpTransport(f"http://127.0.0.1:{link.port}"), sleep=lambda s: time.sleep(min(s, 0.2))
    )
    taken = time.perf_counter() - began
    return report, taken, link.counted.up - up, link.counted.down - down


def sealed_bytes(person: Person) -> int:
    return sum(int(entry.manifest["size"]) for entry in person.store.outbox.waiting())


def finish_visits(person: Person, count: int, seed: int) -> int:
    rng = random.Random(seed)
    for n in range(count):
        person.finish(visit(rng, n))  # type: ignore[arg-type]
    return sealed_bytes(person)


def show(what: str, seconds: float, sealed: int, wire: int, rate: float) -> None:
    limit = sealed * 8 / rate
    print(
        f"{what:34} {seconds:7.1f} s   link's limit {limit:7.1f} s   ratio {seconds / limit:5.2f}   "
        f"wire/sealed {wire / sealed:.3f}   {sealed / 1024:.0f} KiB sealed"
    )


def households(server: RunningServer, count: int, rate: float) -> None:
    """The first synchronisation of so many visits, up and then down, and a day's twelve visits after it."""
    people = town(server)
    with Link(server.port, rate, DELAY) as link:
        sealed = finish_visits(people.ana, count, 1)
        report, seconds, up, down = synchronised(people.ana, link)
        assert report.sent == count and not report.problems, report.problems
        show(f"{count} visits up, {rate / 1000:.0f} kbit/s", seconds, sealed, up + down, rate)
        report, seconds, up, down = synchronised(people.maria, link)
        assert report.received == count and not report.problems, report.problems
        show(f"{count} visits down, {rate / 1000:.0f} kbit/s", seconds, sealed, up + down, rate)
        sealed = finish_visits(people.ana, 12, 2)
        report, seconds, up, down = synchronised(people.ana, link)
        assert report.sent == 12, report.problems
        show(f"12 more up, {rate / 1000:.0f} kbit/s", seconds, sealed, up + down, rate)


def cuts(server: RunningServer, rate: float, every: int, count: int) -> None:
    """The same visits over a link that breaks every so many bytes."""
    people = town(server)
    with Link(server.port, rate, DELAY, cut_every=every) as link:
        sealed = finish_visits(people.ana, count, 3)
        seconds = up = 0.0
        for _ in range(40):
            report, taken, sent, _ = synchronised(people.ana, link)
            seconds, up = seconds + taken, up + sent
            if not report.unsent:
                break
        assert people.ana.store.outbox.waiting_count() == 0
        broken = max(1, link.counted.cuts)
        wasted = (up - sealed * 1.08) / broken
        print(
            f"{count} visits, a cut every {every // 1024} KiB{'':6} {seconds:7.1f} s   {link.counted.cuts} cuts   "
            f"about {wasted / 1024:.0f} KiB wasted a cut   wire/sealed {up / sealed:.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, nargs="*", default=[100])
    parser.add_argument("--rates", type=float, nargs="*", default=[1_000_000.0, 100_000.0])
    parser.add_argument(
        "--slowest", type=float, default=20_000.0, help="bits a second for ten visits; 0: leave out"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "server") as server:
        for count in options.households:
            for rate in options.rates:
                households(server, count, rate)
        if options.slowest:
            households(server, 10, options.slowest)
        cuts(server, 200_000.0, 100 * 1024, 100)


if __name__ == "__main__":
    main()
