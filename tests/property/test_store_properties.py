"""The encrypted store against the one in memory: whatever is done, both say the same, also after reopening."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.protocol.errors import Problem
from app.store.boxes import Boxer, padded_size
from app.store.store import Limits, MemoryStore, OutboxEntry, Store
from tests.unit.store.conftest import KEY, stored

LIMITS = Limits(outbox_count=4)
NAMES = st.sampled_from([f"r{n}" for n in range(8)])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.binary()
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(content=st.binary(max_size=5_000), row=st.integers(0, 2**63 - 1), stamp=st.integers(0, 2**62))
def test_every_content_comes_out_of_its_box(content: bytes, row: int, stamp: int) -> None:
    boxer = Boxer(KEY, "record", lambda size: bytes(size))
    box = boxer.seal(row, stamp, content)
    assert boxer.open(row, stamp, box) == content
    assert len(box) <= padded_size(len(content) + 21, 64) + 28


@settings(deadline=None, max_examples=30)
@given(value=JSON)
def test_every_value_comes_back(value: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "store.db", KEY)
        store.values.set("value", value)
        assert store.values.get("value") == value
        store.close()


class TwoStores(RuleBasedStateMachine):
    """Every step is taken on both stores; every answer and every refusal must agree."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.place = Path(self.folder.name) / "store.db"
        self.numbers = [0, 0]

    @initialize()
    def open(self) -> None:
        self.stores: list[Store] = [
            Store.open(self.place, KEY, limits=LIMITS, new_id=lambda: self.next_id(0)),
            MemoryStore(limits=LIMITS, new_id=lambda: self.next_id(1)),
        ]

    def next_id(self, which: int) -> str:
        self.numbers[which] += 1
        return f"draft-{self.numbers[which]}"

    def both(self, step: Any) -> None:
        answers = []
        for store in self.stores:
            try:
                answers.append(step(store))
            except (Problem, ValueError) as error:
                answers.append(str(error))
        assert answers[0] == answers[1]

    @rule(name=NAMES)
    def add(self, name: str) -> None:
        self.both(lambda store: store.records.add(stored(name)))

    @rule(name=NAMES, index=st.integers(0, 99))
    def index(self, name: str, index: int) -> None:
        self.both(lambda store: store.records.set_index(name, index))

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        self.both(lambda store: store.records.remove(name))

    @rule(snapshot=st.binary(max_size=2_000))
    def start(self, snapshot: bytes) -> None:
        self.both(lambda store: store.drafts.start({"n": 1}, snapshot))

    @rule(n=st.integers(1, 4), entry=st.dictionaries(st.text(max_size=4), JSON, max_size=3))
    def append(self, n: int, entry: dict[str, Any]) -> None:
        self.both(lambda store: store.drafts.append(f"draft-{n}", entry))

    @rule(n=st.integers(1, 4), xml=st.binary(max_size=500))
    def snapshot(self, n: int, xml: bytes) -> None:
        self.both(lambda store: store.drafts.snapshot(f"draft-{n}", xml))

    @rule(n=st.integers(1, 4))
    def discard(self, n: int) -> None:
        self.both(lambda store: store.drafts.discard(f"draft-{n}"))

    @rule(name=NAMES)
    def queue(self, name: str) -> None:
        def step(store: Store) -> None:
            seq = store.outbox.next_seq()
            if store.outbox.get(name) is None:
                store.outbox.put(OutboxEntry(name, name, seq, {"seq": seq}, b"sealed", "waiting", None, None))

        self.both(step)

    @rule(name=NAMES, state=st.sampled_from(["waiting", "sending", "received", "stopped"]))
    def move(self, name: str, state: str) -> None:
        self.both(lambda store: store.outbox.update(name, state=state))

    @rule(name=NAMES, n=st.integers(1, 4))
    def undo(self, name: str, n: int) -> None:
        def step(store: Store) -> None:
            with store.transaction():
                store.records.add(stored(name))
                store.drafts.discard(f"draft-{n}")
                raise ValueError("undone")

        self.both(step)

    @rule()
    def reopen(self) -> None:
        self.stores[0].close()
        self.stores[0] = Store.open(self.place, KEY, limits=LIMITS, new_id=lambda: self.next_id(0))

    @invariant()
    def both_say_the_same(self) -> None:
        if hasattr(self, "stores"):
            self.both(lambda store: store.records.all())
            # Where all that came later was removed, numbers of arrival start again after a reopening.
            self.both(lambda store: [head._replace(order=0) for head in store.records.heads()])
            self.both(lambda store: store.outbox.all())
            self.both(lambda store: (store.outbox.next_seq(), store.outbox.waiting_count()))
            self.both(lambda store: sorted(head.id for head in store.drafts.list()))
            for n in range(1, 5):
                self.both(lambda store, n=n: store.drafts.load(f"draft-{n}"))

    def teardown(self) -> None:
        for store in getattr(self, "stores", []):
            store.close()
        self.folder.cleanup()


TestTwoStores = TwoStores.TestCase
TestTwoStores.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
