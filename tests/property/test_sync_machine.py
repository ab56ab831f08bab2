"""Several devices, a supervisor, and a network that does its worst: whatever happens, in the end all is there once.

Hypothesis chooses what people do and what happens to each request. At least DOORSTEP_STEPS steps are taken in
all (10,000 by default), in rounds with a seed each; the rules that were run are counted and printed.
"""

import itertools
import os
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.crypto.record import SignedRecord, reseal
from app.protocol.versions import INLINE_LIMIT
from app.store.safety import read_safety_copy, write_safety_copy
from app.store.store import OutboxEntry
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
from tests.sync.world import Clock, Person, Random

STEPS = int(os.environ.get("DOORSTEP_STEPS", "10000"))
STEPS_A_RUN = 40
RUNS_A_ROUND = 25

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
FIELDWORKER = st.sampled_from(["ana", "bogdan"])
taken: Counter[str] = Counter()


class Organisation(RuleBasedStateMachine):
    """People finish, correct, photograph, review, hand on and synchronise in any order, in any weather."""

    @initialize()
    def meet(self) -> None:
        self.town = make_town()
        self.people = {"ana": self.town.ana, "bogdan": self.town.bogdan, "maria": self.town.maria}
        self.expected: dict[str, set[str]] = {name: set() for name in self.people}
        self.carriers = {name: Faulty(self.town.server) for name in self.people}
        self.photos: set[str] = set()
        self.bytes = Random(1)
        self.names = itertools.count()

    def finished(self, author: str, readers: list[str], **options: Any) -> None:
        ids = [self.people[name].keys.device_id for name in readers]
        stored = self.people[author].finish(readers=ids, **options)
        self.photos |= {str(one["sha256"]) for one in stored.record["attachments"]}
        for name in {author, *readers}:
            self.expected[name].add(stored.revision)

    @rule(who=FIELDWORKER)
    def finish_a_visit(self, who: str) -> None:
        taken["finish"] += 1
        self.finished(who, ["maria"])

    @rule(who=FIELDWORKER)
    def finish_a_large_visit(self, who: str) -> None:
        taken["finish a large one"] += 1
        number = len(self.expected[who])
        body = {"xml": "".join(f"{n * (number + 1):x}" for n in range(40_000)), "synthetic": True}
        self.finished(who, ["maria"], body=body)

    @rule(who=FIELDWORKER, sizes=st.lists(st.sampled_from([900, 70_000, 150_000]), min_size=1, max_size=3))
    def finish_with_photos(self, who: str, sizes: list[int]) -> None:
        taken["finish with photos"] += 1
        self.finished(who, ["maria"], photos=tuple(self.bytes(size) for size in sizes))

    @rule(who=FIELDWORKER)
    def correct_a_visit(self, who: str) -> None:
        taken["correct"] += 1
        own = [one for one in self.people[who].store.records.all("submission") if one.origin == "own"]
        if own:
            self.finished(who, ["maria"], parents=(own[-1].revision,), record=own[-1].record_id)

    @rule(readers=st.sets(FIELDWORKER, min_size=1), kind=st.sampled_from(["review", "assignment"]))
    def review_or_assign(self, readers: set[str], kind: str) -> None:
        taken[kind] += 1
        seen = self.town.maria.store.records.all("submission")
        if seen:
            body = {"submission": seen[-1].record_id, "state": "approved", "comments": [], "note": ""}
            if kind == "assignment":
                body = {"household": "h1", "devices": sorted(readers)}
            self.finished("maria", sorted(readers), kind=kind, body=body)

    @rule(reader=FIELDWORKER)
    def give_a_record_to_another(self, reader: str) -> None:
        """The supervisor seals a record and announces its photos for somebody who could not read them."""
        taken["seal again"] += 1
        maria, device = self.town.maria, self.people[reader].keys.device_id
        foreign = [
            one
            for one in maria.store.records.all("submission")
            if one.index is not None and one.revision not in self.expected[reader]
        ]
        if not foreign:
            return
        stored, roster = foreign[0], maria.roster
        signed = SignedRecord.from_parts(stored.record, stored.signature)
        sealed = reseal(signed, [roster.active_device(device).recipient], index=stored.index)
        with maria.store.transaction():
            maria.store.outbox.put(
                OutboxEntry(
                    f"{stored.revision}@{reader}", stored.record_id, None, None, sealed.data, "waiting", None,
                    None, "resealed", sealed.sha256, sealed.size, (device,), roster.epoch,
                )
            )  # fmt: skip
            for one in stored.record["attachments"]:
                maria.queue_file(
                    stored.record_id, one["sha256"], one["size"], roster.epoch, [device], role="announced"
                )
        self.expected[reader].add(stored.revision)

    @rule(who=FIELDWORKER)
    def take_over_a_safety_copy(self, who: str) -> None:
        """The other tablet carries what this one has not sent yet; this one may send it as well."""
        taken["carry"] += 1
        other = "bogdan" if who == "ana" else "ana"
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.doorstep"
            write_safety_copy(self.people[who].store, copy)
            read_safety_copy(self.people[other].store, copy)

    @rule(who=WHO, weather=WEATHER, metered=st.booleans())
    def synchronise(self, who: str, weather: list[str], metered: bool) -> None:
        taken["synchronise"] += 1
        taken.update(f"weather: {name}" for name in weather)
        person, carrier = self.people[who], self.carriers[who]
        carrier.deeds = iter([DEEDS[name] for name in weather])
        with suppress(Crash):  # the app starts again with whatever its store holds
            person.sync(carrier, postpone=lambda entry: metered and entry.size > INLINE_LIMIT)
        if "garble" in weather:  # a broken proof looks like a lie; a person has looked and found the network
            person.store.values.delete("sync.alarm")

    @rule(who=WHO)
    def synchronise_in_good_weather(self, who: str) -> None:
        taken["synchronise well"] += 1
        self.carriers[who].deeds = iter(())
        report = self.people[who].sync(self.carriers[who])
        assert not report.problems, report.problems

    @rule(who=WHO, seconds=st.integers(-100_000, 100_000))
    def set_a_clock(self, who: str, seconds: int) -> None:
        taken["set a clock"] += 1
        clock = Clock(self.town.organisation.clock.now)
        clock.move(seconds)
        self.people[who].clock = clock

    @rule(seconds=st.integers(1, 10_000), crashed=st.booleans())
    def time_passes(self, seconds: int, crashed: bool) -> None:
        """The server may die meanwhile: what lies in its memory alone, and unfinished uploads, are gone."""
        taken["the server crashes" if crashed else "time passes"] += 1
        self.town.organisation.clock.move(seconds)
        if crashed:
            self.town.server.nonces.clear()
            self.town.server.uploads.clear()

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
    def every_number_is_used_once(self) -> None:
        for person in self.people.values():
            name = person.keys.device_id
            mine = [one for one in self.town.server.log if one.device == name]
            assert [one.seq for one in mine] == list(range(len(mine)))
            assert [one.prev for one in mine] == ["", *(one.digest() for one in mine)][: len(mine)]
            numbered = {one.seq: one.manifest for one in person.store.outbox.all() if one.numbered}
            assert len(numbered) == sum(one.numbered for one in person.store.outbox.all())
            assert all(numbered.get(one.seq, one.to_wire()) == one.to_wire() for one in mine)

    @precondition(lambda self: hasattr(self, "town"))
    @invariant()
    def nothing_is_doubled_or_invented(self) -> None:
        """A photo may be announced again (for more readers, or by whoever carried it); a record never is."""
        records = [one.sha256 for one in self.town.server.log if one.sha256 not in self.photos]
        assert len(set(records)) == len(records)
        for name, person in self.people.items():
            assert person.revisions() <= self.expected[name]

    def teardown(self) -> None:
        if not hasattr(self, "town"):
            return
        for carrier in self.carriers.values():
            carrier.deliver_late()
        for _ in range(3):  # what one sends in a round, another gets (and announces further) in the next
            for person in self.people.values():
                person.sync_well()
        for name, person in self.people.items():
            self._converged(name, person)
        taken["runs"] += 1
        taken["entries in the logs"] += len(self.town.server.log)

    def _converged(self, name: str, person: Person) -> None:
        assert person.store.outbox.waiting_count() == 0 == len(person.store.carried.all())
        assert person.revisions() == self.expected[name]
        assert person.store.quarantine.count() == 0 and alarm(person.store) is None
        assert {one.index for one in person.store.records.all()} <= set(range(len(self.town.server.log)))
        for stored in person.store.records.all():
            for one in stored.record["attachments"]:
                assert len(person.syncer().fetch(one["sha256"], one["size"])) == one["size"]


def steps() -> int:
    return sum(n for name, n in taken.items() if not name.startswith(("weather", "runs", "entries")))


@pytest.mark.timeout(1800)  # two to three minutes where nothing else runs
def test_whatever_happens_all_is_there_once(capsys: pytest.CaptureFixture[str]) -> None:
    for number in itertools.count():
        run_state_machine_as_test(
            seed(number)(Organisation),
            settings=settings(
                max_examples=RUNS_A_ROUND,
                stateful_step_count=STEPS_A_RUN,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )
        if steps() >= STEPS:
            break
    with capsys.disabled():
        counts = ", ".join(f"{name} {n}" for name, n in sorted(taken.items()))
        print(f"\nsync state machine: {steps()} steps in {number + 1} rounds ({counts})")
    assert steps() >= STEPS and taken["synchronise"] > STEPS // 20
