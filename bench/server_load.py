"""The load for bench.server: an organisation, its devices' signed requests, and what they cost the server."""

import asyncio
import hashlib
import os
import secrets
import sqlite3
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from app.protocol import bech32
from app.protocol.httpsig import sign_request
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.protocol.messages import PushAnswer, PushRequest, RosterMessage
from app.protocol.roster import Roster, Statement
from app.protocol.versions import HEADER_SETUP, JSON, MSGPACK
from sync_server.testing import RunningServer

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
    return signed_request(org, name, key, body, "/v1/entries"), manifests


def signed_request(org: str, name: str, key: SigningKey, body: bytes, target: str) -> bytes:
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
    before, start = processor(server), time.perf_counter()
    done = await asyncio.gather(*(drive(server.port, requests) for requests in work))
    seconds, used = time.perf_counter() - start, processor(server) - before
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
        resident=resident(server),
        peak=resident(server, "VmHWM"),
    )


def processor(server: RunningServer) -> float:
    """Seconds of processor time that the server has used."""
    ticks = 0
    for pid in processes(server.pid):
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def processes(pid: int) -> list[int]:
    """The server's process, its workers and its helper: the system lists children by the thread that made them."""
    found = [pid]
    for thread in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (thread / "children").read_text("ascii").split())
    return found


def resident(server: RunningServer, what: str = "VmRSS") -> float:
    """MB of the server and its helper together, pages that they share counted twice; VmHWM: the most of each ever."""
    kib = 0
    for pid in processes(server.pid):
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
