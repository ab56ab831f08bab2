"""The rosters this process has replayed, kept in memory and brought up to date by their number of statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection, select

from app.protocol.canonical import parse_json
from app.protocol.errors import Problem
from app.protocol.roster import Device, Roster, Statement
from sync_server.models import RosterStatement, Workspace, table_of

_STATEMENTS = table_of(RosterStatement)
_WORKSPACES = table_of(Workspace)
_DAY = 24 * 3600


@dataclass(frozen=True)
class Standing:
    """A roster and when (Unix seconds) each removed device's removal arrived here."""

    roster: Roster
    removed: Mapping[str, int] = field(default_factory=dict)

    def with_statement(self, statement: Statement, accepted: int) -> "Standing":
        """Raises RosterError where the roster does not accept it."""
        roster = self.roster.apply(statement)
        gone = {statement.body["device"]: accepted} if statement.kind == "revoke_device" else {}
        return Standing(roster, {**self.removed, **gone})

    def device(self, name: str) -> Device:
        if name not in self.roster.devices:
            raise Problem("server.device_unknown")
        return self.roster.devices[name]

    def active(self, name: str) -> Device:
        device = self.device(name)
        if not device.active:
            raise Problem("server.device_revoked")
        return device

    def may_hand_over(self, name: str, now: float, days: int) -> bool:
        """Whether a device's entries are still taken: always while it is active, then for some days."""
        return self.device(name).active or now < self.removed[name] + days * _DAY


class Rosters:
    """Thread-safe. A standing is immutable, so a reader may go on with the one it has."""

    def __init__(self) -> None:
        self._known: dict[str, Standing] = {}
        self._guard = Lock()

    def peek(self, workspace: str) -> Standing | None:
        return self._known.get(workspace)

    def keep(self, workspace: str, standing: Standing) -> None:
        """Never goes back: a slower thread cannot put an older standing in a newer one's place."""
        with self._guard:
            known = self._known.get(workspace)
            if known is None or known.roster.count < standing.roster.count:
                self._known[workspace] = standing

    def fresh(self, connection: Connection, workspace: str, count: int | None = None) -> Standing:
        """The standing after the `count` statements of the workspace's row (read where not given).

        Raises Problem("server.workspace_unknown").
        """
        if count is None:
            query = select(_WORKSPACES.c.roster_count).where(_WORKSPACES.c.workspace_id == workspace)
            count = connection.execute(query).scalar()
        if not count:
            raise Problem("server.workspace_unknown")
        standing = self.peek(workspace)
        have = standing.roster.count if standing else 0
        if have < count:
            standing = self._extended(connection, workspace, standing, have)
            self.keep(workspace, standing)
        if standing is None:
            raise Problem("server.workspace_unknown")
        return standing

    def _extended(
        self, connection: Connection, workspace: str, standing: Standing | None, have: int
    ) -> Standing:
        for statement, accepted in read_statements(connection, workspace, have):
            if standing is None:
                standing = Standing(Roster.genesis(statement))
            else:
                standing = standing.with_statement(statement, accepted)
        if standing is None:
            raise Problem("server.workspace_unknown")
        return standing


def read_statements(connection: Connection, workspace: str, start: int = 0) -> list[tuple[Statement, int]]:
    """The roster's statements from number `start` on, with when each arrived."""
    query = (
        select(_STATEMENTS.c.content, _STATEMENTS.c.accepted)
        .where(_STATEMENTS.c.workspace_id == workspace, _STATEMENTS.c.n >= start)
        .order_by(_STATEMENTS.c.n)
    )
    rows = connection.execute(query).all()
    return [(Statement.from_wire(parse_json(row.content.encode("utf-8"))), row.accepted) for row in rows]
