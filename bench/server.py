"""How many entries a second the sync server takes, with every signature checked and every commit durable.

    python -m bench.server                          1, 8, 32 and 128 devices, single entries and batches, SQLite
    python -m bench.server --database postgresql://…   the same on PostgreSQL
    python -m bench.server --grow 1000000           one log from empty to this many entries
    python -m bench.server --all [--postgres]       every table of docs/scale.md (a quarter of an hour)

All requests are prepared and signed before the clock starts, so the load generator costs little; it still
shares the machine with the server. Before each line a bare one-row durable commit on the same disk is measured: where
it is much slower than in the other lines, something else was using the machine. Processor time for one entry is the
figure that other work disturbs least.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.protocol.messages import PullPage, PushAnswer
from bench.server_load import (
    Result,
    bare_commits,
    drive,
    measure,
    organisation,
    prepared,
    processor,
    resident,
    signed_request,
)
from sync_server.settings import Settings
from sync_server.setup import initialise
from sync_server.testing import RunningServer, running_server

MARKS = (1000, 3000, 10_000, 30_000, 100_000, 300_000, 500_000, 1_000_000)
GROWTH = (
    " entries  entries/s  cpu ms/entry  single p50 ms  bytes/entry  proof bytes  pull ms/page  resident MB"
    "  peak MB"
)


async def grow(server: RunningServer, target: int) -> None:
    """One device pushes batches of 500 until the log is this long; a line at each mark on the way.

    Speed and processor time are of the last 10 000 entries before the mark.
    """
    org, keys = organisation(server, 1)
    key = keys["tab-0"]
    seq, prev = 0, ""
    print(GROWTH, flush=True)
    for mark in [*(mark for mark in MARKS if mark < target), target]:
        while seq < mark:
            step = min(10_000, mark - seq)
            work, seq, prev = _continued(org, key, seq, prev, step // 500)
            before, start = processor(server), time.perf_counter()
            _, bodies = await drive(server.port, work)
            seconds, used = time.perf_counter() - start, processor(server) - before
        answer = PushAnswer.decode(bodies[-1])
        answer.verify(work[-1][1], org, server.log_key)
        singles = prepared(org, "tab-0", key, 500, 1, seq, prev)
        alone, _ = await drive(server.port, singles)
        seq, prev = seq + 500, singles[-1][1][-1].digest()
        pulled = await _pull_time(server.port, org, keys["sup"], seq - 500)
        held = sum(path.stat().st_size for path in server.data_dir.rglob("*") if path.is_file())
        print(
            f"{mark:8}  {step / seconds:9.0f}  {used * 1000 / step:12.2f}  {statistics.median(alone) * 1000:13.1f}"
            f"  {held / seq:11.0f}  {32 * len(answer.proof):11}  {pulled * 1000:12.1f}"
            f"  {resident(server):11.0f}  {resident(server, 'VmHWM'):7.0f}",
            flush=True,
        )


def _continued(
    org: str, key: SigningKey, seq: int, prev: str, requests: int
) -> tuple[list[tuple[bytes, list[Manifest]]], int, str]:
    found = prepared(org, "tab-0", key, requests, 500, seq, prev)
    return found, seq + 500 * requests, found[-1][1][-1].digest()


async def _pull_time(port: int, org: str, key: SigningKey, after: int) -> float:
    raw = signed_request(org, "sup", key, b"", f"/v1/entries?after={after}")
    times, bodies = await drive(port, [(raw, [])])
    assert len(PullPage.decode(bodies[0]).entries) == 500
    return times[0]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="measure on this disk (default: a temporary folder)")
    parser.add_argument("--database", default="", help="PostgreSQL URL; default SQLite")
    parser.add_argument("--devices", type=int, nargs="*", default=[1, 8, 32, 128])
    parser.add_argument(
        "--total",
        type=int,
        default=0,
        help="entries in each measurement (default: 3000 single, 12 800 batched)",
    )
    parser.add_argument("--batch", type=int, nargs="*", default=[1, 100])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--grow", type=int, default=0, metavar="N", help="let one log grow to N entries instead"
    )
    parser.add_argument("--no-helper", action="store_true", help="the server checks every signature itself")
    parser.add_argument("--all", action="store_true", help="all tables: both kinds, SQLite, growth to 10^6")
    parser.add_argument(
        "--postgres",
        action="store_true",
        help="on a PostgreSQL that this starts itself (with --all: also on it)",
    )
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.data) as folder, ExitStack() as stack:
        postgres = stack.enter_context(_postgres(Path(folder))) if given.postgres else ""
        if not given.all:
            given.database = given.database or postgres
            _run(given, Path(folder))
            return 0
        _run(given, Path(folder) / "sqlite")
        if postgres:
            print("\nPostgreSQL", flush=True)
            _run(argparse.Namespace(**{**vars(given), "database": postgres}), Path(folder) / "postgres")
        print("\ngrowth", flush=True)
        _run(argparse.Namespace(**{**vars(given), "grow": given.grow or 1_000_000}), Path(folder) / "growth")
    return 0


def _run(given: argparse.Namespace, place: Path) -> None:
    place.mkdir(exist_ok=True)
    if given.grow and (not given.all or place.name == "growth"):
        data = place / "server"
        with running_server(data, options=_options(given), settings=_settings(given, data)) as server:
            asyncio.run(grow(server, given.grow))
        return
    results = _measure_all(given, place)
    if given.json:
        print(json.dumps([vars(result) for result in results]))


def _measure_all(given: argparse.Namespace, place: Path) -> list[Result]:
    results = []
    print(Result.HEAD)
    for at, (batch, devices) in enumerate(
        (batch, devices) for batch in given.batch for devices in given.devices
    ):
        data = place / f"server-{at}"
        bare = bare_commits(place)
        total = given.total or (3000 if batch == 1 else max(12_800, 2 * devices * batch))
        with running_server(data, options=_options(given), settings=_settings(given, data)) as server:
            asyncio.run(measure(server, 1, 1, 50))  # warm
            server.setup_token = initialise(_settings(given, data), new_token=True).setup_token
            results.append(asyncio.run(measure(server, devices, batch, total, bare)))
        print(results[-1].line(), flush=True)
    return results


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL of its own on the measured disk, durable as installed; stopped at the end."""
    from tests.contract.server_backends import Cluster

    cluster = Cluster.make(folder / "cluster", durable=True)
    if cluster is None:
        raise SystemExit("There is no PostgreSQL on this machine: give --database instead.")
    try:
        yield f"{cluster.url}/postgres"
    finally:
        cluster.stop()


def _options(given: argparse.Namespace) -> list[str]:
    options = ["--rate", "0", "--log-level", "warning", "--workers", str(given.workers)]
    options += ["--no-helper"] if given.no_helper else []
    return options + (["--database", given.database] if given.database else [])


def _settings(given: argparse.Namespace, data: Path) -> Settings:
    return Settings(data, database=given.database)


if __name__ == "__main__":
    sys.exit(main())
