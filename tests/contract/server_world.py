"""A server in this process, a small organisation in it, and a clock that tests can move."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.protocol.messages import RosterMessage
from sync_server.app import create_app
from sync_server.database import Database
from sync_server.settings import Settings
from sync_server.setup import initialise
from tests.contract.server_backends import database_url
from tests.unit.server.kit import Answer, Device, Organisation

START = 1_772_352_000.0  # 2026-03-01T08:00:00Z


@dataclass
class Clock:
    now: float = START

    def __call__(self) -> float:
        return self.now


class World:
    """sup-1 is a supervisor; tab-1 and oth-1 are fieldworkers' devices."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock()
        ready = initialise(settings, new_token=True)
        self.token = ready.setup_token
        self.client = self._client()
        self.open = True
        self.org = Organisation(self.send, ready.log_key, clock=self.clock)
        self.supervisor = self.org.add("sup-1", "supervisor")
        self.tablet = self.org.add("tab-1")
        self.other = self.org.add("oth-1")

    def _client(self) -> TestClient:
        client = TestClient(
            create_app(self.settings, self.clock), client=("127.0.0.1", 50000), raise_server_exceptions=False
        )
        return client.__enter__()

    def send(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        return self.client.request(method, target, headers=headers, content=body or None)

    def restart(self, settings: Settings | None = None) -> None:
        """The same server again, or the one that `settings` name in its place."""
        self.close()
        self.settings = settings or self.settings
        self.client = self._client()
        self.open = True

    def close(self) -> None:
        if self.open:
            self.client.__exit__(None, None, None)
        self.open = False

    def revoke(self, name: str) -> None:
        statement = self.org.state("revoke_device", {"device": name}, "sup-1", self.supervisor.key)
        response = self.supervisor.call(
            "POST", "/v1/roster", RosterMessage((statement,)).encode(), content_type="application/json"
        )
        assert response.status_code == 200, response.content

    def execute(self, statement: str, **values: Any) -> list[Any]:
        """Straight into the database, as a broken disk or a hostile owner would."""
        database = Database(self.settings)
        try:
            with database.writing() as connection:
                result = connection.execute(text(statement), values)
                return list(result) if result.returns_rows else []
        finally:
            database.close()

    @property
    def devices(self) -> tuple[Device, Device, Device]:
        return self.supervisor, self.tablet, self.other


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with database_url(request.param) as url:
        found = World(Settings(tmp_path / "server", database=url))
        assert found.org.found(found.token).status_code == 200
        try:
            yield found
        finally:
            found.close()
