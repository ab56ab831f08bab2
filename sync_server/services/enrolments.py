"""The enrolment hand-shake: one token, one offer, one answer, and an end."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from app.protocol.errors import Problem
from app.protocol.messages import Enrolment, Invitation
from sync_server.models import EnrolmentRow, table_of
from sync_server.services.transaction import Transaction

_TABLE = table_of(EnrolmentRow)
OPEN_MOST = 200  # invitations one workspace may have at a time


@dataclass
class Invite:
    """A supervisor opens an invitation; the same one twice is one."""

    workspace: str
    device: str
    invitation: Invitation

    def run(self, transaction: Transaction) -> None:
        _check_supervisor(transaction, self.workspace, self.device)
        connection, now = transaction.connection, int(transaction.tools.clock())
        connection.execute(
            _TABLE.delete().where(_TABLE.c.workspace_id == self.workspace, _TABLE.c.expires <= now)
        )
        if _by_token(connection, self.invitation.token_hash) is not None:
            return
        held = connection.execute(
            select(_TABLE.c.token_hash).where(_TABLE.c.workspace_id == self.workspace)
        ).all()
        if len(held) >= OPEN_MOST:
            raise Problem("server.too_many", limit=OPEN_MOST)
        connection.execute(
            _TABLE.insert().values(
                workspace_id=self.workspace,
                token_hash=self.invitation.token_hash,
                created_by=self.device,
                expires=now + self.invitation.expires_in,
                offer=b"",
                answer=b"",
            )
        )

    def answer(self, transaction: Transaction) -> Enrolment:
        return find(transaction.connection, self.invitation.token_hash, transaction.tools.clock())


@dataclass
class Offer:
    """Whoever holds the token hands its keys over, once; the same bytes again are the same offer."""

    token_hash: str
    blob: bytes

    def run(self, transaction: Transaction) -> None:
        enrolment = find(transaction.connection, self.token_hash, transaction.tools.clock())
        if enrolment.offer not in (b"", self.blob):
            raise Problem("server.invite_used")
        _set(transaction, enrolment, offer=self.blob)

    def answer(self, transaction: Transaction) -> Enrolment:
        return find(transaction.connection, self.token_hash, transaction.tools.clock())


@dataclass
class Reply:
    """A supervisor answers an offer; the last answer counts."""

    workspace: str
    device: str
    token_hash: str
    blob: bytes

    def run(self, transaction: Transaction) -> None:
        _check_supervisor(transaction, self.workspace, self.device)
        enrolment = find(transaction.connection, self.token_hash, transaction.tools.clock())
        if enrolment.workspace != self.workspace or not enrolment.offer:
            raise Problem("server.invite_unknown")
        _set(transaction, enrolment, answer=self.blob)

    def answer(self, transaction: Transaction) -> Enrolment:
        return find(transaction.connection, self.token_hash, transaction.tools.clock())


@dataclass
class Withdraw:
    """A supervisor ends an invitation; one that is not there has ended."""

    workspace: str
    device: str
    token_hash: str

    def run(self, transaction: Transaction) -> None:
        _check_supervisor(transaction, self.workspace, self.device)
        where = (_TABLE.c.workspace_id == self.workspace) & (_TABLE.c.token_hash == self.token_hash)
        transaction.connection.execute(_TABLE.delete().where(where))

    def answer(self, transaction: Transaction) -> bool:
        return True


def find(connection: Connection, token_hash: str, now: float) -> Enrolment:
    """The open hand-shake of a token; raises Problem("server.invite_unknown") also once it has expired."""
    row = _by_token(connection, token_hash)
    if row is None or row.expires <= now:
        raise Problem("server.invite_unknown")
    return _enrolment(row)


def listed(connection: Connection, workspace: str, now: float) -> list[Enrolment]:
    query = select(_TABLE).where(_TABLE.c.workspace_id == workspace, _TABLE.c.expires > int(now))
    return [_enrolment(row) for row in connection.execute(query.order_by(_TABLE.c.expires))]


def _by_token(connection: Connection, token_hash: str) -> Row[Any] | None:
    return connection.execute(select(_TABLE).where(_TABLE.c.token_hash == token_hash)).first()


def _enrolment(row: Row[Any]) -> Enrolment:
    offer, answer = bytes(row.offer), bytes(row.answer)
    state = "answered" if answer else "offered" if offer else "open"
    return Enrolment(row.workspace_id, row.token_hash, state, row.expires, offer, answer)  # type: ignore[arg-type]


def _set(transaction: Transaction, enrolment: Enrolment, **values: bytes) -> None:
    where = (_TABLE.c.workspace_id == enrolment.workspace) & (_TABLE.c.token_hash == enrolment.token_hash)
    transaction.connection.execute(_TABLE.update().where(where).values(**values))


def _check_supervisor(transaction: Transaction, workspace: str, device: str) -> None:
    log = transaction.log(workspace)
    if log is None:
        raise Problem("server.workspace_unknown")
    if log.standing.active(device).role != "supervisor":
        raise Problem("server.not_allowed")
