"""A connection that does not finish saying what it wants is closed.

uvicorn bounds idle connections between requests, but neither how slowly a request's head may trickle in nor how
long an answer may wait for somebody who does not read it. (`limits.read_body` looks after bodies.)
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 20.0


class PatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's own protocol, whichever it is, with clocks for request heads and for answers.

    `patience` is set once in each worker process, before it listens.
    """

    patience = HEAD_SECONDS
    _timer: asyncio.TimerHandle | None = None
    _sending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        if self._waiting():
            self._watch()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._timer, self._sending):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_sending()

    def resume_writing(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None
        super().resume_writing()

    def _watch_sending(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        self._sending = self.loop.call_later(self.patience, self._look_at_sending, waiting)

    def _look_at_sending(self, before: int) -> None:
        """Aborts where not one byte has been taken in all that time."""
        if self.transport.get_write_buffer_size() >= before:
            self.transport.abort()
        else:
            self._watch_sending()

    def _waiting(self) -> bool:
        """No request is open: none has come yet, or the last one has been answered."""
        return self.cycle is None or bool(self.cycle.response_complete)

    def _watch(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.patience, self._look, self.cycle)

    def _look(self, before: Any) -> None:
        """Closes where no request has begun since; one that has gets the same time for its next."""
        self._timer = None
        if not self._waiting() or self.transport.is_closing():
            return
        if self.cycle is before:
            self.transport.close()
        else:
            self._watch()
