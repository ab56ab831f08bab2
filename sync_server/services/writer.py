"""Group commit: one thread, one transaction for all requests that wait, one fsync for them together.

A request is answered only after the commit that holds its rows has returned.
"""

import logging
from concurrent.futures import Future
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


class Job(Protocol[Result]):
    """`run` checks and adds rows, or raises Problem before it has added any; `answer` follows the flush."""

    def run(self, transaction: Transaction) -> None: ...

    def answer(self, transaction: Transaction) -> Result: ...


class Writer:
    """Starts its thread at once; `close` finishes what was submitted."""

    def __init__(self, database: Database, tools: Tools, metrics: Metrics) -> None:
        self.tools = tools
        self._database = database
        self._metrics = metrics
        self._queue: SimpleQueue[tuple[Job[Any], Future[Any]] | None] = SimpleQueue()
        self._thread = Thread(target=self._loop, name="writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job[Result]) -> "Future[Result]":
        """Resolves after the commit; fails with the job's Problem or with Problem("server.storage")."""
        future: Future[Result] = Future()
        self._queue.put((job, future))
        return future

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join(timeout=30)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _loop(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = self._take(first)
            self._commit(group)
            if last:
                return

    def _take(self, first: tuple[Job[Any], Future[Any]]) -> tuple[list[tuple[Job[Any], Future[Any]]], bool]:
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

    def _commit(self, group: list[tuple[Job[Any], Future[Any]]]) -> None:
        for _ in range(_TRIES):
            try:
                outcomes = self._attempt([job for job, _ in group])
            except DBAPIError as error:
                if worth_retrying(error):
                    continue
                self._failed(group, error)
                return
            except Exception as error:
                logger.exception("a transaction failed unexpectedly", extra={"jobs": len(group)})
                self._failed(group, error)
                return
            for (_, future), outcome in zip(group, outcomes, strict=True):
                _resolve(future, outcome)
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

    def _failed(self, group: list[tuple[Job[Any], Future[Any]]], error: Exception) -> None:
        """The database is away: everybody waits. Anything else may be one job's fault: each on its own."""
        self.tools.carried.clear()
        self._metrics.add("doorstep_commit_failures_total")
        logger.error("a transaction failed", extra={"kind": type(error).__name__, "jobs": len(group)})
        if len(group) > 1 and not isinstance(error, OperationalError | InterfaceError | OSError):
            for one in group:
                self._commit([one])
            return
        self._fail_all(group)

    def _fail_all(self, group: list[tuple[Job[Any], Future[Any]]]) -> None:
        for _, future in group:
            _resolve(future, storage_problem())


def _run(job: Job[Any], transaction: Transaction) -> Problem | None:
    try:
        job.run(transaction)
    except Problem as problem:
        return problem
    return None


def _resolve(future: "Future[Any]", outcome: Any) -> None:
    if not future.set_running_or_notify_cancel():
        return  # the client has gone; its rows are committed all the same
    if isinstance(outcome, Problem):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def storage_problem() -> Problem:
    return Problem("server.storage", retry_after=5)
