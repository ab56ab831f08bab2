"""`kill -9` at every named step of the server's work: real processes, real files, and a client that tries again.

After each: nothing acknowledged is lost, nothing is doubled, `check` finds nothing, work goes on.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from app.protocol.canonical import b64
from app.protocol.enrolment import Blob, Invitation, token_hash
from app.protocol.messages import PushAnswer, RosterMessage
from app.protocol.versions import HEADER_INVITE, JSON
from sync_server.commands.check import verify_all
from sync_server.settings import Settings
from sync_server.testing import RunningServer, running_server
from tests.contract.server_killed import STEPS, armed
from tests.contract.test_server_processes import READERS, organisation
from tests.unit.server.kit import Answer, Device, Organisation, code_of

AGAIN = ("server.clock_skew", "server.replayed", "server.storage", "server.offset_mismatch")


@dataclass
class Victim:
    """A server that is killed again and again, and all that it has acknowledged so far."""

    server: RunningServer
    org: Organisation
    supervisor: Device
    tablets: list[Device]
    received: dict[int, bytes] = field(default_factory=dict)
    deaths: int = 0

    def insist(self, call: Callable[[], Answer]) -> Answer:
        """Until the server has answered; a dead one is started again, as its service manager would."""
        for _ in range(200):
            try:
                answer = call()
            except requests.RequestException:
                assert self.server.wait() == -9
                self.deaths += 1
                armed(self.server.data_dir).unlink()
                self.server.start()
                continue
            if answer.status_code < 300:
                return answer
            assert code_of(answer) in AGAIN, answer.content
            time.sleep(0.1)
        raise AssertionError("it never answered")

    def entry(self) -> None:
        contents = [os.urandom(600), os.urandom(700)]
        tablet = self.tablets[0]
        manifests = [tablet.manifest(content, READERS) for content in contents]
        answer = PushAnswer.decode(self.insist(lambda: tablet.post(manifests, contents)).content)
        answer.verify(manifests, self.org.name, self.org.log_key)
        for outcome, content in zip(answer.outcomes, contents, strict=True):
            assert outcome.index is not None and outcome.index not in self.received
            self.received[outcome.index] = content

    def photo(self) -> None:
        content, tablet = os.urandom(150_000), self.tablets[1]
        sha256 = hashlib.sha256(content).hexdigest()
        where = f"/v1/objects/{sha256}"
        while True:
            state = self.insist(lambda: tablet.call("HEAD", where))
            at = int(state.headers["upload-offset"])
            if state.headers["upload-complete"] == "?1":
                break
            part = content[at : at + 65536]
            self.insist(lambda at=at, part=part: self._part(tablet, sha256, at, part, len(content)))  # type: ignore[misc]
        manifest = tablet.manifest(content, READERS)
        answer = PushAnswer.decode(self.insist(lambda: tablet.post([manifest])).content)
        assert answer.outcomes[0].index is not None
        self.received[answer.outcomes[0].index] = content
        assert self.insist(lambda: self.supervisor.call("GET", where)).content == content

    def _part(self, tablet: Device, sha256: str, at: int, part: bytes, size: int) -> Answer:
        """One chunk; where the server stands elsewhere, its answer was lost, and that is as good."""
        answer = tablet.patch(sha256, at, size, part)
        if answer.status_code == 409 and code_of(answer) == "server.offset_mismatch":
            return tablet.call("HEAD", f"/v1/objects/{sha256}")
        return answer

    def statement(self) -> None:
        before = len(self.org.statements)
        self.org.state("new_epoch", {}, "sup-1", self.supervisor.key)
        body = RosterMessage(tuple(self.org.statements[before:])).encode()
        self.insist(lambda: self.supervisor.call("POST", "/v1/roster", body, content_type=JSON))
        held = RosterMessage.decode(self.insist(lambda: self.supervisor.call("GET", "/v1/roster")).content)
        assert list(held.statements) == self.org.statements

    def enrolment(self) -> None:
        token = secrets.token_urlsafe(24)
        digest, mine = token_hash(token), {HEADER_INVITE: token, "content-type": JSON}
        opened = Invitation(digest, 600).encode()
        self.insist(lambda: self.supervisor.call("POST", "/v1/enrolments", opened, content_type=JSON))
        offer, reply = Blob(os.urandom(300)).encode(), Blob(os.urandom(200)).encode()
        self.insist(lambda: self.org.send("PUT", "/v1/enrolments/mine", mine, offer))
        where = f"/v1/enrolments/{digest}"
        self.insist(lambda: self.supervisor.call("PUT", where, reply, content_type=JSON))
        seen = self.insist(
            lambda: self.org.send("GET", "/v1/enrolments/mine", {HEADER_INVITE: token}, b"")
        ).json()
        assert (seen["state"], seen["offer"]) == ("answered", b64(Blob.decode(offer).data))
        self.insist(lambda: self.supervisor.call("DELETE", where))

    def holds_all(self) -> None:
        """Everything acknowledged, once, in its place."""
        reader = Device(self.org, "sup-1", self.supervisor.key)
        pulled = {}
        for index, content in reader.pull():
            assert index not in pulled
            pulled[index] = content
        assert set(pulled) == set(self.received)
        for index, content in pulled.items():
            assert content is None or content == self.received[index]
        assert sorted(pulled) == list(range(len(pulled)))


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    folder: Path = tmp_path_factory.mktemp("killed") / "server"
    with running_server(folder, options=["--rate", "0", "--log-level", "warning"]) as server:
        org, supervisor, tablets = organisation(server)
        found = Victim(server, org, supervisor, tablets)
        server.stop()
        server.program = "tests.contract.server_killed"
        server.start()
        time.sleep(1.1)  # what was signed before the start is refused
        found.entry()
        found.photo()
        yield found


@pytest.mark.parametrize("step", STEPS)
def test_killed_at(victim: Victim, step: str):
    armed(victim.server.data_dir).write_text(step, "utf-8")
    deaths = victim.deaths
    getattr(victim, STEPS[step])()
    assert victim.deaths == deaths + 1, "the step was never reached"
    victim.entry()
    victim.holds_all()
    found = verify_all(Settings(victim.server.data_dir))[0]
    assert (found.wrong, found.entries) == ([], len(victim.received))


def test_a_helper_does_not_outlive_its_server(victim: Victim):
    tablet = victim.tablets[2]
    contents = [os.urandom(1500) for _ in range(40)]
    manifests = [tablet.manifest(content, READERS) for content in contents]
    assert victim.insist(lambda: tablet.post(manifests, contents)).status_code == 200
    helpers = [int(one) for task in Path(f"/proc/{victim.server.pid}/task").iterdir()
               for one in (task / "children").read_text("ascii").split()]  # fmt: skip
    assert len(helpers) == (1 if (os.cpu_count() or 1) > 1 else 0)
    victim.server.kill()
    victim.server.start()
    for _ in range(100):
        if not any(Path(f"/proc/{pid}").exists() and _alive(pid) for pid in helpers):
            return
        time.sleep(0.05)
    raise AssertionError("the helper lives on")


def _alive(pid: int) -> bool:
    return "Z" not in Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
