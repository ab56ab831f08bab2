"""An alarm stands until a person has looked; how an honestly restored server is trusted again, and what is missing."""

import shutil
from pathlib import Path

import pytest

from app.demo.devices import opened, sync
from app.demo.places import SUPERVISOR, Places
from app.demo.processes import Processes
from app.demo.setup import prepare
from app.sync.state import trust_restored_server
from app.usecases.alarms import alarm_looked_into, standing_alarm
from app.usecases.sync_now import sync_now
from app.usecases.visitors import choose_visitors, visitors
from tests.usecases.conftest import household


def restore_an_older_server(made: Places, tmp_path: Path) -> Places:
    """A supervisor lets somebody visit a household; then the server is put back to before that."""
    shutil.copytree(made.home, tmp_path / "home")
    places = Places(tmp_path / "home", made.port)
    shutil.copytree(places.server, tmp_path / "backup")
    with Processes(places) as processes:
        prepare(places, processes, lambda line: None)
        with opened(places.console, SUPERVISOR) as rodica:
            home = household(rodica, "SYN-001")
            choose_visitors(rodica, home, [one.member for one in visitors(rodica, home)])
            sync(rodica)
    shutil.rmtree(places.server)
    shutil.copytree(tmp_path / "backup", places.server)
    return places


def test_an_alarm_stands_until_a_person_has_looked(made: Places, tmp_path: Path) -> None:
    places = restore_an_older_server(made, tmp_path)
    with Processes(places) as processes:
        prepare(places, processes, lambda line: None)
        with opened(places.console, SUPERVISOR) as rodica:
            assert standing_alarm(rodica) is None
            assert sync_now(rodica).problem is not None
            found = standing_alarm(rodica)
            assert found is not None and found.code == "server.fork"
            alarm_looked_into(rodica)
            assert standing_alarm(rodica) is None
            assert sync_now(rodica).problem is not None
            assert standing_alarm(rodica) is not None, "the reason is still there, so it is told again"


@pytest.mark.xfail(
    strict=True,
    reason="copies for others leave the outbox once they are sent; their numbers then look like forgotten ones, and "
    "after a restore the device is told that it was set back and signs its own records again",
)
def test_a_restored_server_is_trusted_without_accusing_the_device(made: Places, tmp_path: Path) -> None:
    places = restore_an_older_server(made, tmp_path)
    with Processes(places) as processes:
        prepare(places, processes, lambda line: None)
        with opened(places.console, SUPERVISOR) as rodica:
            assert sync_now(rodica).problem is not None
            trust_restored_server(rodica.store)
            outcome = sync_now(rodica)
            assert outcome.problem is None, outcome.problem
