"""Group commit: one thread, one transaction for all requests that wait, one fsync for them together.

A request is answered only after the commit that holds its rows has returned.
"""

import asyncio
import logging
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from app.protocol.errors import Problem
from sync_server.database import Database, worth_retrying
from sync_server.metrics import Metrics
from sync_server.services.transaction import Tools, Transaction

Result = TypeVar("Result", covariant=True)
logger = logging.getLogger("sync_server.writer")
_MOST = 256  # jobs in one transaction
_TRIES = 6
_QUEUE = 4096  # jobs that may wait: many more than there are open requests, so only a database that hangs reaches it


class Job(Protocol[Result]):
    """`run` checks and adds rows, or raises Problem before it has added any; `answer` follows the flush."""

    def run(self, transaction: Transaction) -> None: ...

    def answer(self, transaction: Transaction) -> Result: ...


@dataclass(frozen=True)
class Waiting:
    """A job and who waits for it: a thread, or a task of an event loop."""

    job: Job[Any]
    future: "Future[Any] | asyncio.Future[Any]"


class Writer:
    """Starts its thread at once; `close` finishes what was submitted."""

    def __init__(self, database: Database, tools: Tools, metrics: Metrics) -> None:
        self.tools = tools
        self._database = database
        self._metrics = metrics
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._loop, name="writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job[Result]) -> "Future[Result]":
        """Resolves after the commit; fails with the job's Problem or with Problem("server.storage")."""
        future: Future[Result] = Future()
        self._queue.put(Waiting(job, future))
        return future

    async def ask(self, job: Job[Result]) -> Result:
        """As `submit`, for a coroutine. Raises Problem("server.busy") where the database has not kept up."""
        if self._queue.qsize() > _QUEUE:
            raise Problem("server.busy", retry_after=5)
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._queue.put(Waiting(job, future))
        return await future

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join(timeout=30)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _loop(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = self._take(first)
            self._commit([one for one in group if not one.future.cancelled()])
            if last:
                return

    def _take(self, first: Waiting) -> tuple[list[Waiting], bool]:
        group = [first]
        while len(group) < _MOST:
            try:
                more = self._queue.get_nowait()
            except Empty:
                break
            if more is None:
                return group, True
            group.append(more)
        return group, False

    def _commit(self, group: list[Waiting]) -> None:
        if not group:
            return
        for _ in range(_TRIES):
            try:
                outcomes = self._attempt([one.job for one in group])
            except DBAPIError as error:
                if worth_retrying(error):
                    continue
                self._failed(group, error)
                return
            except Exception as error:
                logger.exception("a transaction failed unexpectedly", extra={"jobs": len(group)})
                self._failed(group, error)
                return
            _resolve_all(group, outcomes)
            return
        self._fail_all(group)

    def _attempt(self, jobs: list[Job[Any]]) -> list[Any]:
        """One transaction; the outcome of each job is its answer or its Problem."""
        with self._metrics.timer("commit"), self._database.writing() as connection:
            transaction = Transaction(connection, self.tools)
            outcomes: list[Any] = [_run(job, transaction) for job in jobs]
            transaction.flush()
            for at, job in enumerate(jobs):
                if outcomes[at] is None:
                    outcomes[at] = job.answer(transaction)
        transaction.remember()
        self._metrics.add("doorstep_commits_total")
        self._metrics.add("doorstep_commit_jobs_total", len(jobs))
        return outcomes

    def _failed(self, group: list[Waiting], error: Exception) -> None:
        """The database is away: everybody waits. Anything else may be one job's fault: each on its own."""
        self.tools.carried.clear()
        self._metrics.add("doorstep_commit_failures_total")
        logger.error("a transaction failed", extra={"kind": type(error).__name__, "jobs": len(group)})
        if len(group) > 1 and not isinstance(error, OperationalError | InterfaceError | OSError):
            for one in group:
                self._commit([one])
            return
        self._fail_all(group)

    def _fail_all(self, group: list[Waiting]) -> None:
        _resolve_all(group, [storage_problem() for _ in group])


def _run(job: Job[Any], transaction: Transaction) -> Problem | None:
    try:
        job.run(transaction)
    except Problem as problem:
        return problem
    return None


def _resolve_all(group: list[Waiting], outcomes: list[Any]) -> None:
    """Each event loop is woken once for all of its tasks: waking it costs more than most of what they do."""
    tasks: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for one, outcome in zip(group, outcomes, strict=True):
        if isinstance(one.future, asyncio.Future):
            tasks.setdefault(one.future.get_loop(), []).append((one.future, outcome))
        elif one.future.set_running_or_notify_cancel():
            _settle(one.future, outcome)
    for loop, pairs in tasks.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_tasks, pairs)


def _settle_tasks(pairs: list[tuple["asyncio.Future[Any]", Any]]) -> None:
    for future, outcome in pairs:
        if not future.done():  # else the client has gone; its rows are committed all the same
            _settle(future, outcome)


def _settle(future: "Future[Any] | asyncio.Future[Any]", outcome: Any) -> None:
    if isinstance(outcome, Problem):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def storage_problem() -> Problem:
    return Problem("server.storage", retry_after=5)
