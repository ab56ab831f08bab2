"""The small organisation again, on a real server process and with real store files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.protocol.keys import VerifyKey
from app.protocol.messages import RosterMessage
from app.store.store import Store
from app.sync.transport import HttpTransport
from sync_server.settings import Settings
from sync_server.setup import initialise
from sync_server.testing import RunningServer
from tests.sync.world import Organisation, Person


@dataclass(frozen=True)
class LogKey:
    """Only the public half: the secret one stays with the server."""

    public: VerifyKey


@dataclass
class RealTown:
    organisation: Organisation
    server: RunningServer
    folder: Path
    maria: Person
    ana: Person
    bogdan: Person

    def reopened(self, person: Person) -> Person:
        """The same device after its app was started again."""
        name = store_path(self.folder, person.keys.member)
        person.store.close()
        person.store = Store.open(name, KEY)
        return person


KEY = bytes(range(32))


def store_path(folder: Path, member: str) -> Path:
    return folder / member / "store.db"


def found(server: RunningServer, organisation: Organisation) -> None:
    """Opens the organisation on the server with a setup token of its own."""
    token = initialise(Settings(server.data_dir), new_token=True).setup_token
    headers = {"doorstep-protocol": "1", "doorstep-setup": token, "content-type": "application/json"}
    message = RosterMessage(tuple(organisation.statements)).encode()
    answer = HttpTransport(server.url).request("POST", "/v1/roster", headers, message, 30.0)
    assert answer.status == 200, answer


@contextmanager
def real_town(server: RunningServer, folder: Path) -> Iterator[RealTown]:
    """A new organisation on a running server; the stores of its people are files below `folder`."""
    log_key = LogKey(server.log_key)
    organisation = Organisation(org=f"org-{folder.name}"[-60:], log_key=log_key)  # type: ignore[arg-type]
    people = []
    for member, role in (("maria", "supervisor"), ("ana", "fieldworker"), ("bogdan", "fieldworker")):
        place = store_path(folder, member)
        place.parent.mkdir()
        store = Store.open(place, KEY)
        people.append(organisation.enrol(member, role, HttpTransport(server.url), store))
    for person in people:
        person.clock = lambda: datetime.now(UTC)
        person.remember_enrolment()
    found(server, organisation)
    try:
        yield RealTown(organisation, server, folder, *people)
    finally:
        for person in people:
            person.store.close()
