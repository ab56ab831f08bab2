"""A small organisation: a supervisor, two fieldworkers, a server."""

from dataclasses import dataclass

import pytest

from tests.sync.fake_server import FakeServer
from tests.sync.world import ORG, Organisation, Person


@dataclass
class Town:
    """Everybody and the server between them."""

    organisation: Organisation
    server: FakeServer
    maria: Person  # supervisor
    ana: Person  # fieldworker
    bogdan: Person  # fieldworker


@pytest.fixture
def town() -> Town:
    return make_town()


def make_town() -> Town:
    organisation = Organisation()
    server = FakeServer(ORG, organisation.log_key, str(organisation.root.public), organisation.clock)
    people = [
        organisation.enrol("maria", "supervisor", server),
        organisation.enrol("ana", "fieldworker", server),
        organisation.enrol("bogdan", "fieldworker", server),
    ]
    for person in people:
        person.clock = organisation.clock
        person.remember_enrolment()  # the whole roster, not only up to one's own line
    server.add_statements(organisation.statements)
    return Town(organisation, server, *people)
