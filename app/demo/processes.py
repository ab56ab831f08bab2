"""Start the demo's three programs as processes of their own, wait until they answer, stop them all."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import requests

from app.demo.places import Places

START_SECONDS = 60


class DemoError(Exception):
    """Something the person at the terminal can mend; its text says what and how."""


@dataclass
class Processes:
    """The children of one run. A context manager: whatever happens, none of them is left behind."""

    places: Places
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> "Processes":
        self.places.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start_server(self) -> None:
        arguments = [
            "sync_server",
            "serve",
            "--data",
            str(self.places.server),
            "--port",
            str(self.places.port),
        ]
        self._start("server", arguments, f"{self.places.server_url}/healthz")

    def start_tablet(self) -> None:
        self._start_app("tablet", self.places.tablet, self.places.port + 1, self.places.tablet_url)

    def start_console(self) -> None:
        self._start_app("supervisor", self.places.console, self.places.port + 2, self.places.console_url)

    def stop(self) -> None:
        """Ends every child: politely, then after five seconds for good."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(5)
        self.children.clear()

    def wait(self) -> None:
        """Until one of them ends by itself, which none should: raises DemoError."""
        while True:
            for name, child in self.children.items():
                if child.poll() is not None:
                    raise DemoError(
                        f"The {name} stopped by itself. Its log: {self.places.logs / (name + '.log')}"
                    )
            time.sleep(0.5)

    def _start_app(self, name: str, data: Path, port: int, url: str) -> None:
        self._start(name, ["app.ui.serve", "--data", str(data), "--port", str(port)], url)

    def _start(self, name: str, arguments: list[str], url: str) -> None:
        log = (self.places.logs / f"{name}.log").open("ab")
        self.children[name] = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env=_environment(),
        )
        log.close()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.children[name].poll() is not None:
                break
            if _answers(url):
                return
            time.sleep(0.1)
        raise DemoError(f"The {name} did not start. Its log: {self.places.logs / (name + '.log')}")


def check_ports(ports: Iterable[int]) -> None:
    """Raises DemoError naming the first port that another program listens on."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise DemoError(
                    f"Port {port} is in use on this machine. Choose another: make demo PORT={port + 100}"
                ) from error


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code < 500
    except requests.RequestException:
        return False


def _environment() -> dict[str, str]:
    # A child must find the project when the demo was started from elsewhere.
    root = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1"}
