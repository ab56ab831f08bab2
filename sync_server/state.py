"""Everything one server process holds open, made from its settings and closed at the end."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, time
from typing import Any, TypeVar

from sqlalchemy import Connection

from app.protocol.canonical import unb64
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey
from sync_server.checking import Checker
from sync_server.database import READERS, Database
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
from sync_server.services.writer import Job, Writer, storage_problem
from sync_server.settings import Settings

Result = TypeVar("Result")
DECODERS, STORERS = 2, 8
STORE_QUEUE = 64  # requests that may wait for the object store; each may hold a chunk


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
    reading: ThreadPoolExecutor
    storing: ThreadPoolExecutor
    decoding: ThreadPoolExecutor  # few threads: they take turns at Python's lock, and each holds a batch
    nonces: MemoryNonces
    clock: Callable[[], float]
    steady: Callable[[], float]
    at_store: int = 0  # requests waiting for the object store

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
            reading=ThreadPoolExecutor(READERS, "reading"),
            storing=ThreadPoolExecutor(STORERS, "storing"),
            decoding=ThreadPoolExecutor(DECODERS, "decoding"),
            nonces=MemoryNonces(settings.clock_window, clock, alone=not settings.shared),
            clock=clock,
            steady=monotonic,
        )

    def close(self) -> None:
        for threads in (self.decoding, self.reading, self.storing):
            threads.shutdown(wait=False, cancel_futures=True)
        self.checker.close()
        self.writer.close()
        self.database.close()

    async def write(self, job: Job[Result]) -> Result:
        """The job's answer, after the commit that holds it. Raises Problem("server.storage" | "server.busy")."""
        return await self._answered(self.writer.ask(job))

    async def read(self, workspace: str, use: Callable[[LogView], Result]) -> Result:
        """`use` with one consistent view of the workspace's log, in a thread. Raises Problem("server.storage")."""

        def work() -> Result:
            with self.database.reading() as connection:
                return use(LogView.open(connection, workspace, self.tools.rosters, self.tools.nodes))

        return await self._answered(self._in(self.reading, work))

    async def lookup(self, use: Callable[[Connection], Result]) -> Result:
        """As `read`, before it is known which workspace."""

        def work() -> Result:
            with self.database.reading() as connection:
                return use(connection)

        return await self._answered(self._in(self.reading, work))

    async def store(self, use: Callable[[], Result]) -> Result:
        """`use`, which asks the object store, in a thread; one that hangs does not take the database's threads.

        Raises OSError, Problem("server.storage" | "server.busy").
        """
        if self.at_store >= STORE_QUEUE:
            raise Problem("server.busy", retry_after=5)
        self.at_store += 1
        try:
            return await self._answered(self._in(self.storing, use))
        finally:
            self.at_store -= 1

    def _in(self, threads: ThreadPoolExecutor, use: Callable[[], Result]) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(threads, use)

    async def _answered(self, waiting: Awaitable[Result]) -> Result:
        """A database or store that hangs is told like one that is away; what it does later is not acknowledged."""
        try:
            async with asyncio.timeout(self.settings.patience):
                return await waiting
        except TimeoutError as error:
            raise storage_problem() from error


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_log_key(settings: Settings) -> SigningKey:
    """Raises FileNotFoundError where the server was never initialised."""
    kept: Any = json.loads(settings.log_key_path.read_text("ascii"))
    return SigningKey.from_seed(unb64(kept["seed"]))
