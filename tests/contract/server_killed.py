"""The server's program, with named places where it kills itself as `kill -9` would.

    python -m tests.contract.server_killed serve --data DIR …

A place kills while the file DIR.armed holds its name. The server itself knows nothing of this: here its functions
are wrapped before its own `main` runs.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sync_server.objectstore.files as files
import sync_server.services.enrolments as enrolments
import sync_server.services.membership as membership
import sync_server.services.objects as objects
import sync_server.services.push as push
import sync_server.services.transaction as transaction
import sync_server.services.writer as writer
from sync_server.__main__ import main
from sync_server.edge.guard import Guard

STEPS = {
    "chunk: written, not flushed": "photo",
    "chunk: flushed, not answered": "photo",
    "object: whole, before its rename": "photo",
    "object: renamed, folder not flushed": "photo",
    "object: kept, not registered": "photo",
    "object: registered, not answered": "photo",
    "entries: checked, nothing written": "entry",
    "entries: half of the rows written": "entry",
    "checkpoint: being signed": "entry",
    "entries: before the commit": "entry",
    "entries: after the commit, before the answer": "entry",
    "entries: half of the answer sent": "entry",
    "roster: statements written, before the commit": "statement",
    "roster: after the commit, before the answer": "statement",
    "invitation: before the commit": "enrolment",
    "offer: before the commit": "enrolment",
    "offer: after the commit, before the answer": "enrolment",
    "reply: before the commit": "enrolment",
    "reply: after the commit, before the answer": "enrolment",
}  # by what brings the server there


def armed(data: Path) -> Path:
    return data.with_name(data.name + ".armed")


class Places:
    def __init__(self, data: Path) -> None:
        self.file = armed(data)

    def reached(self, name: str) -> None:
        assert name in STEPS, name
        if self.file.exists() and self.file.read_text("utf-8") == name:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str, before: str = "", after: str = "") -> None:
        """Wraps a function or method: a place before it, a place after it."""
        real: Callable[..., Any] = getattr(owner, name)

        def wrapped(*given: Any, **named: Any) -> Any:
            if before:
                self.reached(before)
            answer = real(*given, **named)
            if after:
                self.reached(after)
            return answer

        setattr(owner, name, wrapped)


def install(places: Places) -> None:
    around = places.around
    around(files.os, "fdatasync", "chunk: written, not flushed", "chunk: flushed, not answered")
    around(files.os, "replace", "object: whole, before its rename", "object: renamed, folder not flushed")
    around(objects.Register, "run", before="object: kept, not registered")
    around(push.PushJob, "run", before="entries: checked, nothing written")
    around(transaction.Checkpoint, "sign", before="checkpoint: being signed")
    around(membership, "_write", after="roster: statements written, before the commit")
    around(enrolments.Invite, "run", after="invitation: before the commit")
    around(enrolments.Offer, "run", after="offer: before the commit")
    around(enrolments.Reply, "run", after="reply: before the commit")
    _rows(places)
    _commit(places)
    _answers(places)


def _rows(places: Places) -> None:
    real = transaction.insert_rows

    def insert(connection: Any, table: Any, rows: Any) -> None:
        if table.name == "node":
            places.reached("entries: half of the rows written")
        real(connection, table, rows)

    transaction.insert_rows = insert
    flush = transaction.Transaction.flush

    def flushed(self: Any) -> None:
        growing = any(log.grown and self._entry_rows for log in self._logs.values())
        flush(self)
        if growing:
            places.reached("entries: before the commit")

    transaction.Transaction.flush = flushed  # type: ignore[method-assign]


def _commit(places: Places) -> None:
    """Between the commit and the news of it."""
    real = writer._resolve_all
    after = {
        "Register": "object: registered, not answered",
        "PushJob": "entries: after the commit, before the answer",
        "AddStatements": "roster: after the commit, before the answer",
        "Offer": "offer: after the commit, before the answer",
        "Reply": "reply: after the commit, before the answer",
    }

    def resolve(group: Any, outcomes: Any) -> None:
        for one in group:
            name = after.get(type(one.job).__name__)
            if name:
                places.reached(name)
        real(group, outcomes)

    writer._resolve_all = resolve


def _answers(places: Places) -> None:
    real = Guard.__call__

    async def call(self: Any, scope: Any, receive: Any, send: Any) -> None:
        async def half(message: Any) -> None:
            push = scope.get("path") == "/v1/entries" and scope.get("method") == "POST"
            if push and message["type"] == "http.response.body" and len(message.get("body", b"")) > 1:
                places_half = {
                    **message,
                    "body": message["body"][: len(message["body"]) // 2],
                    "more_body": True,
                }
                if (
                    places.file.exists()
                    and places.file.read_text("utf-8") == "entries: half of the answer sent"
                ):
                    await send(places_half)
                    places.reached("entries: half of the answer sent")
            await send(message)

        await real(self, scope, receive, half)

    Guard.__call__ = call  # type: ignore[method-assign]


if __name__ == "__main__":
    install(Places(Path(sys.argv[sys.argv.index("--data") + 1])))
    sys.exit(main(sys.argv[1:]))
