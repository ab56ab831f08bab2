"""Several devices, a supervisor, and a network that does its worst: whatever happens, in the end all is there once.

Hypothesis chooses what people do and what happens to each request. DOORSTEP_STEPS sets about how many steps
are taken in all (2,000 by default; CI takes 10,000).
"""

import os
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.sync.state import alarm
from tests.sync.carriers import (
    Crash,
    Deed,
    Faulty,
    crash,
    crash_after,
    delay,
    drop,
    fail,
    garble,
    lose_answer,
    portal,
    truncate,
    twice,
)
from tests.sync.conftest import make_town
from tests.sync.world import Clock, Person

STEPS_A_RUN = 40
RUNS = max(1, int(os.environ.get("DOORSTEP_STEPS", "2000")) // STEPS_A_RUN)

DEEDS: dict[str, Deed | None] = {
    "well": None,
    "drop": drop,
    "lose the answer": lose_answer,
    "deliver twice": twice,
    "delay": delay,
    "truncate": truncate,
    "garble": garble,
    "500": fail(500),
    "502": fail(502),
    "portal": portal,
    "crash": crash,
    "crash after": crash_after,
}
WEATHER = st.lists(st.sampled_from(["well", "well", *DEEDS]), max_size=8)
WHO = st.sampled_from(["ana", "bogdan", "maria"])


class Organisation(RuleBasedStateMachine):
    """People finish, correct, review and synchronise in any order, in any weather."""

    @initialize()
    def meet(self) -> None:
        self.town = make_town()
        self.people = {"ana": self.town.ana, "bogdan": self.town.bogdan, "maria": self.town.maria}
        self.expected: dict[str, set[str]] = {name: set() for name in self.people}
        self.carriers = {name: Faulty(self.town.server) for name in self.people}

    def finished(self, author: str, readers: list[str], **options: Any) -> None:
        ids = [self.people[name].keys.device_id for name in readers]
        stored = self.people[author].finish(readers=ids, **options)
        for name in {author, *readers}:
            self.expected[name].add(stored.revision)

    @rule(who=st.sampled_from(["ana", "bogdan"]))
    def finish_a_visit(self, who: str) -> None:
        self.finished(who, ["maria"])

    @rule(who=st.sampled_from(["ana", "bogdan"]))
    def finish_a_large_visit(self, who: str) -> None:
        number = len(self.expected[who])
        body = {"xml": "".join(f"{n * (number + 1):x}" for n in range(40_000)), "synthetic": True}
        self.finished(who, ["maria"], body=body)

    @rule(who=st.sampled_from(["ana", "bogdan"]))
    def correct_a_visit(self, who: str) -> None:
        own = [one for one in self.people[who].store.records.all("submission") if one.origin == "own"]
        if own:
            self.finished(who, ["maria"], parents=(own[-1].revision,), record=own[-1].record_id)

    @rule(readers=st.sets(st.sampled_from(["ana", "bogdan"]), min_size=1))
    def review(self, readers: set[str]) -> None:
        seen = self.town.maria.store.records.all("submission")
        if seen:
            body = {"submission": seen[-1].record_id, "state": "approved", "comments": [], "note": ""}
            self.finished("maria", sorted(readers), kind="review", body=body)

    @rule(who=WHO, weather=WEATHER)
    def synchronise(self, who: str, weather: list[str]) -> None:
        person, carrier = self.people[who], self.carriers[who]
        carrier.deeds = iter([DEEDS[name] for name in weather])
        with suppress(Crash):  # the app starts again with whatever its store holds
            person.sync(carrier)
        if "garble" in weather:  # a broken proof looks like a lie; a person has looked and found the network
            person.store.values.delete("sync.alarm")

    @rule(who=WHO, seconds=st.integers(-100_000, 100_000))
    def set_a_clock(self, who: str, seconds: int) -> None:
        clock = Clock(self.town.organisation.clock.now)
        clock.move(seconds)
        self.people[who].clock = clock

    @rule()
    def restart_the_server(self) -> None:
        self.town.server.nonces.clear()
        self.town.server.uploads.clear()

    @rule(seconds=st.integers(1, 10_000))
    def time_passes(self, seconds: int) -> None:
        self.town.organisation.clock.move(seconds)

    @precondition(lambda self: hasattr(self, "town"))
    @invariant()
    def every_ledger_is_true(self) -> None:
        log = self.town.server.log
        for person in self.people.values():
            for entry in person.store.outbox.all():
                if entry.state == "received":
                    assert entry.receipt is not None
                    assert log[entry.receipt["index"]].to_wire() == entry.manifest

    @precondition(lambda self: hasattr(self, "town"))
    @invariant()
    def nothing_is_doubled_or_invented(self) -> None:
        log = self.town.server.log
        assert len({(one.device, one.seq) for one in log}) == len(log) == len({one.sha256 for one in log})
        for name, person in self.people.items():
            assert person.revisions() <= self.expected[name]

    def teardown(self) -> None:
        if not hasattr(self, "town"):
            return
        for carrier in self.carriers.values():
            carrier.deliver_late()
        for _ in range(2):  # what one sends in the second half of a round, another gets in the next
            for person in self.people.values():
                person.sync_well()
        for name, person in self.people.items():
            self._converged(name, person)

    def _converged(self, name: str, person: Person) -> None:
        assert person.store.outbox.waiting_count() == 0
        assert person.revisions() == self.expected[name]
        assert person.store.quarantine.count() == 0 and alarm(person.store) is None
        assert {one.index for one in person.store.records.all()} <= set(range(len(self.town.server.log)))


TestOrganisation = Organisation.TestCase
TestOrganisation.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS_A_RUN,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
