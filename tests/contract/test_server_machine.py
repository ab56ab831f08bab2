"""Uploads and hand-shakes in any order, by several devices, over restarts: the server against a model of it."""

import hashlib
import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.protocol.enrolment import Blob, Invitation, token_hash
from app.protocol.messages import PushAnswer
from app.protocol.versions import HEADER_INVITE, JSON
from sync_server.commands.check import verify_all
from sync_server.settings import Settings
from tests.contract.server_world import World
from tests.unit.server.kit import Device, code_of

CONTENTS = [os.urandom(size) for size in (1, 70_000, 130_001)]
NAMES = [hashlib.sha256(content).hexdigest() for content in CONTENTS]
devices, things = st.integers(0, 2), st.integers(0, 2)


class Relay(RuleBasedStateMachine):
    """`there[device, thing]`: bytes this device has sent; `holds`: who may name it; `readers`: who may fetch it."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Settings(Path(self.folder.name) / "server"))
        assert self.world.org.found(self.world.token).status_code == 200
        self.there: dict[tuple[int, int], int] = {}
        self.holds: dict[int, set[int]] = {thing: set() for thing in range(3)}
        self.readers: dict[int, set[int]] = {thing: set() for thing in range(3)}
        self.tokens: dict[str, tuple[bytes, bytes]] = {}
        self.entries = 0

    def device(self, number: int) -> Device:
        return self.world.devices[number]

    # -- large objects --------------------------------------------------------------------------------

    @rule(who=devices, thing=things)
    def ask(self, who: int, thing: int) -> None:
        answer = self.device(who).call("HEAD", f"/v1/objects/{NAMES[thing]}")
        whole = who in self.holds[thing]
        expected = len(CONTENTS[thing]) if whole else self.there.get((who, thing), 0)
        assert (int(answer.headers["upload-offset"]), answer.headers["upload-complete"]) == (
            expected,
            "?1" if whole else "?0",
        )

    @rule(who=devices, thing=things, size=st.sampled_from([1, 500, 65_536, 200_000]), wrong=st.booleans())
    def send(self, who: int, thing: int, size: int, wrong: bool) -> None:
        content, at = CONTENTS[thing], self.there.get((who, thing), 0)
        start = at + 1 if wrong else at
        part = content[start : start + size]
        if not part:
            return
        answer = self.device(who).patch(NAMES[thing], start, len(content), part)
        if who in self.holds[thing]:
            assert (answer.status_code, answer.headers["upload-complete"]) == (204, "?1")
        elif wrong:
            assert (code_of(answer), int(answer.headers["upload-offset"])) == ("server.offset_mismatch", at)
        else:
            assert answer.status_code == 204
            self.there[who, thing] = at + len(part)
            if at + len(part) == len(content):
                self.holds[thing].add(who)

    @rule(who=devices, thing=things, readers=st.sets(devices))
    def announce(self, who: int, thing: int, readers: set[int]) -> None:
        device = self.device(who)
        seq, prev = device.seq, device.prev
        manifest = device.manifest(CONTENTS[thing], sorted(self.device(one).name for one in readers))
        outcome = PushAnswer.decode(device.post([manifest]).content).outcomes[0]
        if who in self.holds[thing]:
            assert outcome.index == self.entries
            self.entries += 1
            self.readers[thing] |= {who, *readers}
            self.holds[thing] |= readers
        else:
            device.seq, device.prev = seq, prev
            assert outcome.problem is not None and outcome.problem["code"] == "server.object_missing"

    @rule(who=devices, thing=things)
    def fetch(self, who: int, thing: int) -> None:
        answer = self.device(who).call("GET", f"/v1/objects/{NAMES[thing]}")
        if who in self.readers[thing]:
            assert answer.content == CONTENTS[thing]
        else:
            assert code_of(answer) == "server.object_unknown"

    # -- hand-shakes ----------------------------------------------------------------------------------

    @precondition(lambda self: len(self.tokens) < 3)
    @rule(letter=st.sampled_from("abcdef"))
    def invite(self, letter: str) -> None:
        token = letter * 24
        body = Invitation(token_hash(token), 600).encode()
        answer = self.world.supervisor.call("POST", "/v1/enrolments", body, content_type=JSON)
        assert answer.status_code == 200
        self.tokens.setdefault(token, (b"", b""))

    @rule(letter=st.sampled_from("abcdef"), blob=st.sampled_from([b"one", b"two"]))
    def offer(self, letter: str, blob: bytes) -> None:
        token = letter * 24
        headers = {HEADER_INVITE: token, "content-type": JSON}
        answer = self.world.send("PUT", "/v1/enrolments/mine", headers, Blob(blob).encode())
        if token not in self.tokens:
            assert code_of(answer) == "server.invite_unknown"
        elif self.tokens[token][0] not in (b"", blob):
            assert code_of(answer) == "server.invite_used"
        else:
            assert answer.status_code == 200
            self.tokens[token] = (blob, self.tokens[token][1])

    @rule(letter=st.sampled_from("abcdef"), who=devices)
    def reply(self, letter: str, who: int) -> None:
        token = letter * 24
        where = f"/v1/enrolments/{token_hash(token)}"
        answer = self.device(who).call("PUT", where, Blob(b"welcome").encode(), content_type=JSON)
        if who != 0:
            assert code_of(answer) == "server.not_allowed"
        elif not self.tokens.get(token, (b"", b""))[0]:
            assert code_of(answer) == "server.invite_unknown"
        else:
            assert answer.json()["state"] == "answered"
            self.tokens[token] = (self.tokens[token][0], b"welcome")

    @rule(letter=st.sampled_from("abcdef"))
    def withdraw(self, letter: str) -> None:
        where = f"/v1/enrolments/{token_hash(letter * 24)}"
        assert self.world.supervisor.call("DELETE", where).status_code == 200
        self.tokens.pop(letter * 24, None)

    # -- time -----------------------------------------------------------------------------------------

    @rule()
    def restart(self) -> None:
        self.world.clock.now += 2
        self.world.restart()

    @invariant()
    def the_hand_shakes_are_as_they_should_be(self) -> None:
        if not hasattr(self, "world"):
            return
        listed = self.world.supervisor.call("GET", "/v1/enrolments").json()["enrolments"]
        found = {one["token_hash"]: one["state"] for one in listed}
        expected = {
            token_hash(token): "answered" if answer else "offered" if offer else "open"
            for token, (offer, answer) in self.tokens.items()
        }
        assert found == expected

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()
            found = verify_all(self.world.settings)[0]
            assert (found.wrong, found.entries) == ([], self.entries)
            self.folder.cleanup()


TestServerMachine = Relay.TestCase
TestServerMachine.settings = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
