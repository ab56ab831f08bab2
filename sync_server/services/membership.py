"""Letting an organisation in, and its roster grow. The server checks every statement like any client does."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.protocol.canonical import canonical_json
from app.protocol.enrolment import token_hash
from app.protocol.errors import Problem
from app.protocol.roster import Roster, Statement
from sync_server.database import Database
from sync_server.models import RosterStatement, SetupToken, table_of
from sync_server.services.rosters import Standing
from sync_server.services.transaction import OpenLog, Transaction

_STATEMENTS, _TOKENS = table_of(RosterStatement), table_of(SetupToken)


@dataclass
class AddStatements:
    """An active device brings statements; those the server has already are passed over."""

    workspace: str
    device: str
    statements: tuple[Statement, ...]

    def run(self, transaction: Transaction) -> None:
        log = transaction.log(self.workspace)
        if log is None:
            raise Problem("server.workspace_unknown")
        log.standing.active(self.device)
        _extend(transaction, log, self.statements)

    def answer(self, transaction: Transaction) -> int:
        return _count(transaction, self.workspace)


@dataclass
class Found:
    """The genesis statement, and what follows it, open a workspace for whoever holds a setup token.

    The same founding again (its answer was lost) is accepted; another organisation's use of the token is not.
    """

    token: str
    statements: tuple[Statement, ...]

    def run(self, transaction: Transaction) -> None:
        standing = self._checked(int(transaction.tools.clock()))
        workspace = standing.roster.org
        opened = token_use(transaction.connection, self.token)
        log = transaction.log(workspace)
        if log is not None:
            if opened != workspace or log.standing.roster.chain[0] != standing.roster.chain[0]:
                raise Problem("server.workspace_exists")
            _extend(transaction, log, self.statements)
            return
        if opened:
            raise Problem("server.setup_refused")
        where = _TOKENS.c.token_hash == token_hash(self.token)
        transaction.connection.execute(_TOKENS.update().where(where).values(workspace_id=workspace))
        _write(transaction, transaction.found(workspace, standing), standing, self.statements)

    def _checked(self, accepted: int) -> Standing:
        """What the statements lead to; raises RosterError before anything is written."""
        if not self.statements:
            raise Problem("server.malformed", part="statements")
        standing = Standing(Roster.genesis(self.statements[0]))
        for statement in self.statements[1:]:
            standing = standing.with_statement(statement, accepted)
        return standing

    def answer(self, transaction: Transaction) -> int:
        return _count(transaction, self.statements[0].org)


def token_use(connection: Connection, token: str) -> str:
    """Whom the token has opened, "" if nobody yet; locked until the end where a transaction asks.

    Raises Problem("server.setup_refused").
    """
    try:
        digest = token_hash(token)
    except Problem as problem:
        raise Problem("server.setup_refused") from problem
    query = select(_TOKENS.c.workspace_id).where(_TOKENS.c.token_hash == digest).with_for_update()
    used: str | None = connection.execute(query).scalar()
    if used is None:
        raise Problem("server.setup_refused")
    return used


def opened_with(connection: Connection, token: str) -> str:
    """The workspace that a set-up token has opened; its holder may read the roster that the root key goes on with.

    Raises Problem("server.setup_refused"), ("server.workspace_unknown") where it has opened none yet.
    """
    found = token_use(connection, token)
    if not found:
        raise Problem("server.workspace_unknown")
    return found


def new_setup_token(database: Database, token: str = "") -> str:
    """Keeps the hash of a fresh (or given) token and returns it."""
    token = token or _fresh_token()
    with database.writing() as connection:
        digest = token_hash(token)
        if connection.execute(select(_TOKENS).where(_TOKENS.c.token_hash == digest)).first() is None:
            connection.execute(_TOKENS.insert().values(token_hash=digest, workspace_id=""))
    return token


def _fresh_token() -> str:
    """Never begins with a hyphen: it is typed behind an option of a command."""
    while (token := secrets.token_urlsafe(24)).startswith("-"):
        pass
    return token


def _extend(transaction: Transaction, log: OpenLog, statements: tuple[Statement, ...]) -> None:
    """All or nothing: checks the whole tail before it writes any of it."""
    accepted = int(transaction.tools.clock())
    fresh: list[Statement] = []
    standing = log.standing
    for statement in statements:
        chain = standing.roster.chain
        if statement.n < len(chain) and statement.hash() == chain[statement.n]:
            continue
        standing = standing.with_statement(statement, accepted)
        fresh.append(statement)
    _write(transaction, log, standing, tuple(fresh))


def _write(transaction: Transaction, log: OpenLog, standing: Standing, fresh: tuple[Statement, ...]) -> None:
    for statement in fresh:
        content = canonical_json(statement.to_wire()).decode("utf-8")
        transaction.add(_STATEMENTS, (log.workspace, statement.n, int(transaction.tools.clock()), content))
    if fresh:
        log.restand(standing)


def _count(transaction: Transaction, workspace: str) -> int:
    log = transaction.log(workspace)
    if log is None:
        raise LookupError("the log of accepted statements is gone")
    return log.standing.roster.count
