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
import hashlib
import json
import os
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from app.protocol import bech32
from app.protocol.httpsig import sign_request
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.protocol.messages import PullPage, PushAnswer, PushRequest, RosterMessage
from app.protocol.roster import Roster, Statement
from app.protocol.versions import HEADER_SETUP, JSON, MSGPACK
from sync_server.settings import Settings
from sync_server.setup import initialise
from sync_server.testing import RunningServer, running_server

AT = "2026-03-01T08:00:00Z"
SEALED = 1536  # bytes of a typical sealed visit


@dataclass(frozen=True)
class Result:
    """Times in milliseconds, memory in MB; `cpu` is the processor time of the server and its helper for one entry.

    `bare` is how many bare durable commits a second this disk managed just before.
    """

    bare: float
    devices: int
    batch: int
    entries: int
    per_second: float
    p50: float
    p95: float
    cpu: float
    resident: float
    peak: float

    HEAD = "bare/s  devices  batch  entries  entries/s   p50 ms   p95 ms  cpu ms/entry  resident MB  peak MB"

    def line(self) -> str:
        return (
            f"{self.bare:6.0f}  {self.devices:7}  {self.batch:5}  {self.entries:7}  {self.per_second:9.0f}"
            f"  {self.p50:7.1f}  {self.p95:7.1f}  {self.cpu:12.2f}  {self.resident:11.0f}  {self.peak:7.0f}"
        )


def organisation(server: RunningServer, devices: int) -> tuple[str, dict[str, SigningKey]]:
    """A workspace with one supervisor and this many tablets."""
    root, org = SigningKey.generate(), f"bench-{secrets.token_hex(4)}"
    genesis = Statement.genesis(org=org, root=root, recovery=_recipient(), at=AT)
    statements, roster, keys = [genesis], Roster.genesis(genesis), {}
    for name in ("sup", *(f"tab-{n}" for n in range(devices))):
        keys[name] = SigningKey.generate()
        role = "supervisor" if name == "sup" else "fieldworker"
        body = {"device": name, "member": name, "role": role, "sign_key": str(keys[name].public)}
        statement = roster.statement(
            "add_device", {**body, "recipient": _recipient()}, at=AT, signer="root", key=root
        )
        roster = roster.apply(statement)
        statements.append(statement)
    body = RosterMessage(tuple(statements)).encode()
    request = Request(
        f"{server.url}/v1/roster", body, {HEADER_SETUP: server.setup_token, "content-type": JSON}
    )
    with urlopen(request) as answer:
        assert answer.status == 200
    return org, keys


def _recipient() -> str:
    return bech32.encode("age", os.urandom(32))


def prepared(
    org: str, name: str, key: SigningKey, requests: int, batch: int, seq: int = 0, prev: str = ""
) -> list[tuple[bytes, list[Manifest]]]:
    """Whole HTTP requests of one device, in order, and the manifests in each."""
    found: list[tuple[bytes, list[Manifest]]] = []
    for _ in range(requests):
        raw, manifests = _batch(org, name, key, seq, prev, batch)
        found.append((raw, manifests))
        seq, prev = seq + batch, manifests[-1].digest()
    return found


def _batch(
    org: str, name: str, key: SigningKey, seq: int, prev: str, batch: int
) -> tuple[bytes, list[Manifest]]:
    manifests, objects = [], {}
    for number in range(seq, seq + batch):
        content = os.urandom(SEALED)
        sha256 = hashlib.sha256(content).hexdigest()
        manifest = Manifest.signed(
            key=key,
            workspace=org,
            device=name,
            seq=number,
            prev=prev,
            sha256=sha256,
            size=SEALED,
            epoch=1,
            audience=("sup", name),
        )
        manifests.append(manifest)
        objects[sha256], prev = content, manifest.digest()
    body = PushRequest(org, tuple(manifests), objects).encode()
    return _request(org, name, key, body, "/v1/entries"), manifests


def _request(org: str, name: str, key: SigningKey, body: bytes, target: str) -> bytes:
    method = "POST" if body else "GET"
    typed = {"content-type": MSGPACK} if body else {}
    headers = sign_request(
        method,
        target,
        {"doorstep-workspace": org, "doorstep-protocol": "1", **typed},
        body,
        device=name,
        key=key,
        created=int(time.time()),
        nonce=secrets.token_urlsafe(16),
    )
    lines = "".join(f"{one}: {value}\r\n" for one, value in headers.items())
    length = f"content-length: {len(body)}\r\n" if body else ""
    return f"{method} {target} HTTP/1.1\r\nhost: x\r\n{length}{lines}\r\n".encode() + body


async def drive(port: int, requests: list[tuple[bytes, list[Manifest]]]) -> tuple[list[float], list[bytes]]:
    """One device sends its requests one after another; the answers' bodies are checked afterwards."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times, bodies = [], []
    for raw, _ in requests:
        start = time.perf_counter()
        writer.write(raw)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        bodies.append(await reader.readexactly(length))
        times.append(time.perf_counter() - start)
        assert head.startswith(b"HTTP/1.1 200"), head + bodies[-1]
    writer.close()
    return times, bodies


async def measure(server: RunningServer, devices: int, batch: int, total: int, bare: float = 0.0) -> Result:
    each = max(1, total // devices // batch)
    org, keys = organisation(server, devices)
    work = [prepared(org, name, key, each, batch) for name, key in keys.items() if name != "sup"]
    before, start = _processor(server), time.perf_counter()
    done = await asyncio.gather(*(drive(server.port, requests) for requests in work))
    seconds, used = time.perf_counter() - start, _processor(server) - before
    for (_, bodies), requests in zip(done, work, strict=True):
        for body, (_, manifests) in zip(bodies, requests, strict=True):
            answer = PushAnswer.decode(body)
            answer.verify(manifests, org, server.log_key)
            assert all(outcome.problem is None for outcome in answer.outcomes)
    times = sorted(one * 1000 for times, _ in done for one in times)
    entries = devices * each * batch
    return Result(
        bare=bare,
        devices=devices,
        batch=batch,
        entries=entries,
        per_second=entries / seconds,
        p50=statistics.median(times),
        p95=times[int(len(times) * 0.95)],
        cpu=used * 1000 / entries,
        resident=_resident(server),
        peak=_resident(server, "VmHWM"),
    )


def _processor(server: RunningServer) -> float:
    """Seconds of processor time that the server has used."""
    ticks = 0
    for pid in _processes(server.pid):
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes(pid: int) -> list[int]:
    """The server's process, its workers and its helper: the system lists children by the thread that made them."""
    found = [pid]
    for thread in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (thread / "children").read_text("ascii").split())
    return found


def _resident(server: RunningServer, what: str = "VmRSS") -> float:
    """MB of the server and its helper together, pages that they share counted twice; VmHWM: the most of each ever."""
    kib = 0
    for pid in _processes(server.pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            kib += next(int(line.split()[1]) for line in file if line.startswith(what))
    return kib / 1024


def bare_commits(folder: Path, rows: int = 300) -> float:
    """One row of the same size, one durable SQLite commit each, no server: commits a second."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("DROP TABLE IF EXISTS bare")
    connection.execute("CREATE TABLE bare (n INTEGER PRIMARY KEY, content BLOB)")
    content = os.urandom(SEALED)
    start = time.perf_counter()
    for n in range(rows):
        connection.execute("INSERT INTO bare VALUES (?, ?)", (n, content))
    seconds = time.perf_counter() - start
    connection.close()
    return rows / seconds


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
            before, start = _processor(server), time.perf_counter()
            _, bodies = await drive(server.port, work)
            seconds, used = time.perf_counter() - start, _processor(server) - before
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
            f"  {_resident(server):11.0f}  {_resident(server, 'VmHWM'):7.0f}",
            flush=True,
        )


def _continued(
    org: str, key: SigningKey, seq: int, prev: str, requests: int
) -> tuple[list[tuple[bytes, list[Manifest]]], int, str]:
    found = prepared(org, "tab-0", key, requests, 500, seq, prev)
    return found, seq + 500 * requests, found[-1][1][-1].digest()


async def _pull_time(port: int, org: str, key: SigningKey, after: int) -> float:
    raw = _request(org, "sup", key, b"", f"/v1/entries?after={after}")
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
