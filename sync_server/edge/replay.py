"""A signed request counts once.

One process on its own remembers nonces in memory, and takes nothing made before it started, so a restart
forgets no nonce that could still be used. Several processes share a table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select

from app.protocol.errors import Problem
from app.protocol.httpsig import SignedRequest
from sync_server.models import UsedNonce, table_of
from sync_server.services.transaction import Transaction

_TABLE = table_of(UsedNonce)


def check_created(signed: SignedRequest, now: float, window: int) -> None:
    """Raises Problem("server.clock_skew", now=…): the client learns our clock and signs again."""
    if abs(signed.created - now) > window:
        raise Problem("server.clock_skew", now=int(now))


class MemoryNonces:
    """Two generations of nonces, each as long as the window is wide.

    `alone`: no other process serves this log, so what was signed before the start is refused.
    """

    def __init__(self, window: int, clock: Callable[[], float], *, alone: bool = True) -> None:
        self._span = 2 * window
        self._clock = clock
        self._started = int(clock()) if alone else 0
        self._turned = clock()
        self._new: set[tuple[str, str, str]] = set()
        self._old: set[tuple[str, str, str]] = set()
        self._guard = Lock()

    def use(self, workspace: str, signed: SignedRequest) -> None:
        """Raises Problem("server.replayed"), or ("server.clock_skew") for a request older than this process."""
        now = self._clock()
        if signed.created < self._started:
            raise Problem("server.clock_skew", now=int(now))
        key = (workspace, signed.device, signed.nonce)
        with self._guard:
            if now - self._turned > self._span:
                self._new, self._old, self._turned = set(), self._new, now
            if key in self._new or key in self._old:
                raise Problem("server.replayed")
            self._new.add(key)


@dataclass
class UseNonce:
    """For several processes: a job of the writer."""

    workspace: str
    signed: SignedRequest
    window: int

    def run(self, transaction: Transaction) -> None:
        connection, now = transaction.connection, int(transaction.tools.clock())
        key = (
            (_TABLE.c.workspace_id == self.workspace)
            & (_TABLE.c.device_id == self.signed.device)
            & (_TABLE.c.nonce == self.signed.nonce)
        )
        if connection.execute(select(_TABLE.c.expires).where(key)).first() is not None:
            raise Problem("server.replayed")
        connection.execute(
            _TABLE.insert().values(
                workspace_id=self.workspace,
                device_id=self.signed.device,
                nonce=self.signed.nonce,
                expires=now + 2 * self.window,
            )
        )

    def answer(self, transaction: Transaction) -> bool:
        return True
