"""Everything one server process holds open, made from its settings and closed at the end."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, time
from typing import Any, TypeVar

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from app.protocol.canonical import unb64
from app.protocol.keys import SigningKey
from sync_server.checking import Checker
from sync_server.database import Database
from sync_server.edge.bodies import Room
from sync_server.edge.limits import RateLimit
from sync_server.edge.replay import MemoryNonces
from sync_server.metrics import Metrics
from sync_server.objectstore.base import ObjectStore
from sync_server.objectstore.choose import open_objects
from sync_server.services.nodes import NodeCache
from sync_server.services.reading import LogView
from sync_server.services.rosters import Rosters
from sync_server.services.transaction import Tools
from sync_server.services.writer import Job, Writer
from sync_server.settings import Settings

Result = TypeVar("Result")
DECODERS = 2


@dataclass
class Server:
    """The services behind the routes."""

    settings: Settings
    database: Database
    objects: ObjectStore
    tools: Tools
    writer: Writer
    metrics: Metrics
    limit: RateLimit
    room: Room
    checker: Checker
    decoding: ThreadPoolExecutor  # few threads: they take turns at Python's lock, and each holds a batch
    nonces: MemoryNonces
    clock: Callable[[], float]
    steady: Callable[[], float]

    @classmethod
    def open(
        cls, settings: Settings, clock: Callable[[], float] = time, metrics: Metrics | None = None
    ) -> "Server":
        database = Database(settings)
        metrics = metrics or Metrics()
        tools = Tools(read_log_key(settings), Rosters(), NodeCache(), clock, lambda: stamp(clock()))
        return cls(
            settings=settings,
            database=database,
            objects=open_objects(settings),
            tools=tools,
            writer=Writer(database, tools, metrics),
            metrics=metrics,
            limit=RateLimit(settings.rate, settings.burst, monotonic),
            room=Room(settings.room),
            checker=Checker(settings.helper and settings.workers == 1),
            decoding=ThreadPoolExecutor(DECODERS, "decoding"),
            nonces=MemoryNonces(settings.clock_window, clock, alone=not settings.shared),
            clock=clock,
            steady=monotonic,
        )

    def close(self) -> None:
        self.decoding.shutdown()
        self.checker.close()
        self.writer.close()
        self.database.close()

    async def write(self, job: Job[Result]) -> Result:
        """The job's answer, after the commit that holds it."""
        return await self.writer.ask(job)

    async def read(self, workspace: str, use: Callable[[LogView], Result]) -> Result:
        """`use` with one consistent view of the workspace's log, in a thread."""

        def work() -> Result:
            with self.database.reading() as connection:
                return use(LogView.open(connection, workspace, self.tools.rosters, self.tools.nodes))

        return await run_in_threadpool(work)

    async def lookup(self, use: Callable[[Connection], Result]) -> Result:
        """As `read`, before it is known which workspace."""

        def work() -> Result:
            with self.database.reading() as connection:
                return use(connection)

        return await run_in_threadpool(work)


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_log_key(settings: Settings) -> SigningKey:
    """Raises FileNotFoundError where the server was never initialised."""
    kept: Any = json.loads(settings.log_key_path.read_text("ascii"))
    return SigningKey.from_seed(unb64(kept["seed"]))
