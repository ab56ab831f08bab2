"""A real server on a free port, for tests and demos: to start, stop, kill and start again.

with running_server(tmp_path / "server") as server:
    server.url, server.setup_token, server.log_key
    server.kill(); server.start()
"""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.request import urlopen

from app.protocol.keys import VerifyKey
from sync_server.settings import Settings
from sync_server.setup import initialise

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0


@dataclass
class RunningServer:
    """A server process. `port` stays the same over restarts; `setup_token` opens one organisation."""

    data_dir: Path
    setup_token: str
    log_key: VerifyKey
    port: int = 0
    options: Sequence[str] = ()
    file_limit: int = 0  # bytes that no file may exceed: what a full disk feels like; 0 for none
    program: str = "sync_server"  # the module to run; tests put others in its place
    environment: dict[str, str] = field(default_factory=dict)  # further variables
    _process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_path(self) -> Path:
        """What the server writes to standard error."""
        return self.data_dir.with_name(self.data_dir.name + ".log")

    def wait(self) -> int:
        """Its exit status, once it has ended by itself."""
        process = self._process
        status = process.wait(timeout=PATIENCE) if process else 0
        self._end(signal.SIGKILL)
        return status

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    def start(self) -> None:
        """Returns once it answers /readyz."""
        command = [sys.executable, "-m", self.program, "serve", "--data", str(self.data_dir)]
        command += ["--port", str(self.port), *self.options]
        with open(self.log_path, "a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
                env={**os.environ, **self.environment},
                preexec_fn=self._limit if self.file_limit else None,
            )
        assert self._process.stdout is not None
        self.port = _announced_port(self._process.stdout)
        self._wait_ready()

    def _wait_ready(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                with urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except OSError:
                if self._process is None or self._process.poll() is not None:
                    break
            time.sleep(0.02)
        raise RuntimeError(f"the server did not start:\n{self.log_path.read_text('utf-8')[-2000:]}")

    def _limit(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.file_limit, self.file_limit))

    def stop(self) -> int:
        """Asks it to end, as a service manager would; returns its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """`kill -9`."""
        return self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(how)
        status = process.wait(timeout=PATIENCE)
        if process.stdout is not None:
            process.stdout.close()
        return status


@contextmanager
def running_server(
    data_dir: Path, port: int = 0, *, options: Sequence[str] = (), settings: Settings | None = None
) -> Iterator[RunningServer]:
    """A started server in its own process; stopped at the end. `options` are further ones of `serve`."""
    ready = initialise(settings or Settings(data_dir), new_token=True)
    server = RunningServer(data_dir, ready.setup_token, ready.log_key, port, options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _announced_port(stdout: IO[str]) -> int:
    for line in stdout:
        if line.startswith("listening on "):
            return int(line.rsplit(":", 1)[1])
    raise RuntimeError("the server did not start; see its log")
