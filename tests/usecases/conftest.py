"""A demo organisation with its real server, made once; every test works on its own household or its own copy."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.devices import opened
from app.demo.places import SUPERVISOR, WORKERS, Places
from app.demo.processes import Processes
from app.demo.setup import prepare
from app.usecases.programme import entities
from app.usecases.worker import Worker


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """The organisation as `make demo` leaves it before its first visit; its server stopped."""
    places = Places(tmp_path_factory.mktemp("demo") / "home", free_port())
    with Processes(places) as processes:
        prepare(places, processes, lambda line: None)
    return places


@pytest.fixture
def demo(made: Places, tmp_path: Path) -> Iterator[Places]:
    """A copy of it with a running server on the same port."""
    home = tmp_path / "home"
    shutil.copytree(made.home, home)
    places = Places(home, made.port)
    with Processes(places) as processes:
        prepare(places, processes, lambda line: None)
        yield places


@pytest.fixture
def ana(demo: Places) -> Iterator[Worker]:
    with opened(demo.tablet, WORKERS[0]) as worker:
        yield worker


@pytest.fixture
def rodica(demo: Places) -> Iterator[Worker]:
    with opened(demo.console, SUPERVISOR) as worker:
        yield worker


def household(worker: Worker, code: str) -> str:
    """The id of a household by its synthetic code."""
    return next(one.id for one in entities(worker).all("households") if one.get("code") == code)
