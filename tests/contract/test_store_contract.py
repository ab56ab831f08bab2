"""What every store does, whether it keeps its rows in memory or in an encrypted file."""

import ast
import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.protocol.errors import Problem
from app.store.media import MediaFolder
from app.store.memory import MemoryJournal, MemoryMedia, MemoryTable
from app.store.rows import EncryptedJournal, EncryptedTable
from app.store.store import Limits, MemoryStore, OutboxEntry, Quarantined, Store, StoredRecord

KEY = bytes(range(32))
LIMITS = Limits(outbox_count=3, outbox_bytes=10_000)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = (
        MemoryStore(limits=LIMITS)
        if request.param == "memory"
        else Store.open(tmp_path / "store.db", KEY, limits=LIMITS)
    )
    yield opened
    opened.close()


def record(revision: str, record_id: str = "r1", kind: str = "submission", **body: Any) -> StoredRecord:
    inner = {
        "v": 1,
        "record": record_id,
        "revision": revision,
        "kind": kind,
        "form": "household_baseline",
        "form_version": "1",
        "created": "2026-03-01T10:00:00Z",
        "author_device": "tablet-1",
        "seq": 0,
        "epoch": 1,
        "parents": [],
        "body": {"xml": "<data/>" * 300, "household_label": "Familia Exemplu 12", **body},
    }
    return StoredRecord(inner, "sig", hashlib.sha256(revision.encode()).hexdigest(), None, "own")


def entry(revision: str, seq: int, size: int = 512) -> OutboxEntry:
    return OutboxEntry(revision, "r1", seq, {"seq": seq, "size": size}, b"s" * size, "waiting", None, None)


def refused(code: str) -> Any:
    return pytest.raises(Problem, match=f"^{code}")


# records


def test_a_record_comes_back_as_it_was_added(store: Store) -> None:
    assert store.records.add(record("a"))
    assert store.records.get("a") == record("a")
    assert store.records.get("missing") is None


def test_the_same_revision_is_added_once_and_never_replaced(store: Store) -> None:
    store.records.add(record("a"))
    assert not store.records.add(record("a", household_label="Familia Exemplu 99"))
    assert store.records.get("a") == record("a")
    assert store.records.count() == 1


def test_revisions_of_a_record_come_in_order_of_arrival(store: Store) -> None:
    for revision in ("c", "a", "b"):
        store.records.add(record(revision))
    store.records.add(record("other", record_id="r2"))
    store.records.set_index("c", 7)  # a change does not move it
    assert [one.revision for one in store.records.of("r1")] == ["c", "a", "b"]
    assert store.records.of("nobody") == []


def test_records_are_listed_by_kind(store: Store) -> None:
    store.records.add(record("a"))
    store.records.add(record("b", kind="review"))
    store.records.add(record("c"))
    assert [one.revision for one in store.records.all()] == ["a", "b", "c"]
    assert [one.revision for one in store.records.all("submission")] == ["a", "c"]
    assert store.records.all("merge") == []


def test_a_log_index_is_noted(store: Store) -> None:
    store.records.add(record("a"))
    store.records.set_index("a", 41)
    found = store.records.get("a")
    assert found is not None and found.index == 41
    head = store.records.head("a")
    assert head is not None and head.log_index == 41
    with refused("store.not_found"):
        store.records.set_index("missing", 1)


def test_heads_carry_the_short_fields_only(store: Store) -> None:
    store.records.add(record("a", synthetic=True))
    (head,) = store.records.heads("submission")
    assert head.summary == {"household_label": "Familia Exemplu 12", "synthetic": True}
    assert (head.record_id, head.kind, head.origin) == ("r1", "submission", "own")


def test_search_ignores_case_and_diacritics(store: Store) -> None:
    store.records.add(record("a", household_label="Familia Exemplu Șerban"))
    store.records.add(record("b"))
    assert [head.revision for head in store.records.search("serban FAMILIA")] == ["a"]
    assert [head.revision for head in store.records.search("exemplu")] == ["a", "b"]
    assert store.records.search("nimeni") == []


def test_a_removed_record_is_gone_from_every_list(store: Store) -> None:
    store.records.add(record("a"))
    store.records.add(record("b"))
    assert store.records.remove("a")
    assert not store.records.remove("a")
    assert [one.revision for one in store.records.all()] == ["b"]
    assert [head.revision for head in store.records.heads()] == ["b"]
    assert store.records.of("r1") == [record("b")]


# drafts


def test_a_draft_resumes_with_snapshot_and_later_answers(store: Store) -> None:
    draft = store.drafts.start({"form": "f"}, b"<data/>")
    store.drafts.append(draft, {"ref": "/data/a", "text": "1"})
    store.drafts.append(draft, {"ref": "/data/a", "text": "2"})
    found = store.drafts.load(draft)
    assert found.meta == {"form": "f"} and found.snapshot == b"<data/>"
    assert [one["text"] for one in found.journal] == ["1", "2"]
    assert found.unreadable == 0


def test_a_snapshot_empties_the_journal_and_answers_go_on(store: Store) -> None:
    draft = store.drafts.start({}, b"0")
    for n in range(3):
        store.drafts.append(draft, {"n": n})
    store.drafts.snapshot(draft, b"1")
    assert store.drafts.load(draft).journal == []
    store.drafts.append(draft, {"n": 3})
    found = store.drafts.load(draft)
    assert (found.snapshot, found.journal) == (b"1", [{"n": 3}])


def test_drafts_are_kept_apart(store: Store) -> None:
    one, two = store.drafts.start({"n": 1}, b"1"), store.drafts.start({"n": 2}, b"2")
    store.drafts.append(one, {"a": 1})
    store.drafts.append(two, {"b": 2})
    assert store.drafts.load(one).journal == [{"a": 1}]
    assert store.drafts.load(two).journal == [{"b": 2}]
    store.drafts.discard(one)
    assert [head.id for head in store.drafts.list()] == [two]
    assert store.drafts.count() == 1


def test_meta_changes_without_touching_answers(store: Store) -> None:
    draft = store.drafts.start({"page": 1}, b"x")
    store.drafts.append(draft, {"a": 1})
    store.drafts.set_meta(draft, {"page": 2})
    found = store.drafts.load(draft)
    assert (found.meta, found.journal) == ({"page": 2}, [{"a": 1}])


def test_an_unknown_draft_is_a_problem(store: Store) -> None:
    for call in (
        lambda: store.drafts.load("no"),
        lambda: store.drafts.append("no", {}),
        lambda: store.drafts.snapshot("no", b""),
        lambda: store.drafts.set_meta("no", {}),
    ):
        with refused("store.not_found"):
            call()
    store.drafts.discard("no")


def test_a_rolled_back_answer_leaves_no_gap(store: Store) -> None:
    draft = store.drafts.start({}, b"")
    store.drafts.append(draft, {"n": 0})
    with pytest.raises(RuntimeError), store.transaction():
        store.drafts.append(draft, {"n": "undone"})
        raise RuntimeError
    store.drafts.append(draft, {"n": 1})
    assert store.drafts.load(draft).journal == [{"n": 0}, {"n": 1}]


# outbox


def test_an_entry_waits_until_it_is_received(store: Store) -> None:
    store.outbox.put(entry("a", 0))
    assert [one.revision for one in store.outbox.waiting()] == ["a"]
    store.outbox.update("a", state="sending")
    assert store.outbox.waiting()[0].state == "sending"
    store.outbox.update("a", state="received", receipt={"index": 5})
    assert store.outbox.waiting() == []
    found = store.outbox.get("a")
    assert found is not None and found.receipt == {"index": 5} and found.sealed == b"s" * 512


def test_numbers_go_on_without_gaps_also_after_a_purge(store: Store) -> None:
    assert (store.outbox.next_seq(), store.outbox.last_manifest()) == (0, None)
    store.outbox.put(entry("a", 0))
    with pytest.raises(ValueError, match="not the next"):
        store.outbox.put(entry("b", 5))
    store.outbox.update("a", state="received")
    assert store.outbox.remove(["a", "unknown"]) == 1
    assert store.outbox.get("a") is None
    assert (store.outbox.next_seq(), store.outbox.last_manifest()) == (1, {"seq": 0, "size": 512})


def test_waiting_entries_are_never_purged(store: Store) -> None:
    store.outbox.put(entry("a", 0))
    assert store.outbox.remove(["a"]) == 0
    assert store.outbox.sealed("a") == b"s" * 512


@pytest.mark.parametrize("size", [512, 4_000])
def test_a_full_outbox_keeps_the_draft_and_empties_by_receipts(store: Store, size: int) -> None:
    seq = 0
    while seq < 3 and (seq + 1) * size <= 10_000:
        store.outbox.put(entry(f"e{seq}", seq, size))
        seq += 1
    draft = store.drafts.start({}, b"answers")
    with refused("store.outbox_full"), store.transaction():
        store.records.add(record("late"))
        store.drafts.discard(draft)
        store.outbox.put(entry("late", seq, size))
    assert store.drafts.load(draft).snapshot == b"answers"
    assert store.records.get("late") is None and store.records.heads() == []
    assert store.outbox.waiting_count() == len(store.outbox.waiting()) == seq
    store.outbox.update("e0", state="received")
    store.outbox.put(entry("late", seq, size))


def test_only_state_receipt_and_problem_change(store: Store) -> None:
    store.outbox.put(entry("a", 0))
    with pytest.raises(ValueError, match="manifest"):
        store.outbox.update("a", manifest={})
    with refused("store.not_found"):
        store.outbox.update("missing", state="received")
    with pytest.raises(ValueError, match="sealed bytes"):
        store.outbox.put(replace(entry("b", 1), sealed=None))


# values, quarantine, media


@pytest.mark.parametrize("value", [None, 0, "ț", [1, {"a": b"bytes"}], {"n": 2**53}])
def test_values_come_back(store: Store, value: Any) -> None:
    assert store.values.get("name", "default") == "default"
    store.values.set("name", value)
    assert store.values.get("name", "default") == value
    store.values.delete("name")
    assert store.values.get("name") is None


def test_quarantine_keeps_one_entry_an_index(store: Store) -> None:
    one = Quarantined(9, "crypto.bad_signature", "2026-03-01T10:00:00Z", {"seq": 1}, {"device": "x"}, b"data")
    store.quarantine.put(one)
    store.quarantine.put(one)
    store.quarantine.put(replace(one, index=2))
    assert [found.index for found in store.quarantine.all()] == [2, 9]
    assert store.quarantine.all()[1] == one
    assert store.quarantine.remove(2) and store.quarantine.count() == 1


def test_media_are_named_by_their_hash(store: Store) -> None:
    data = b"sealed photo" * 1000
    name = hashlib.sha256(data).hexdigest()
    store.media.put(name, iter([data[:5000], data[5000:]]))
    assert store.media.has(name) and store.media.size(name) == len(data) and store.media.count() == 1
    assert store.media.read(name) == data
    with store.media.open(name) as file:
        assert file.read(6) == b"sealed"
    with refused("store.row_damaged"):
        store.media.put("0" * 64, data)
    assert not store.media.has("0" * 64)
    store.media.delete(name)
    with refused("store.not_found"):
        store.media.read(name)


def test_some_records_are_fetched_at_once(store: Store) -> None:
    for revision in "abc":
        store.records.add(record(revision))
    assert store.records.some(["c", "missing", "a"]) == [record("c"), record("a")]
    assert store.records.some([]) == [] and store.records.damaged == 0


def test_readers_are_added_and_never_lost(store: Store) -> None:
    store.records.add(replace(record("a"), readers=("dev-2",)))
    store.records.widen("a", ["dev-1", "dev-2"])
    found = store.records.get("a")
    assert found is not None and found.readers == ("dev-1", "dev-2")
    with refused("store.not_found"):
        store.records.widen("missing", ["dev-1"])


def test_a_shortened_record_keeps_its_place(store: Store) -> None:
    for revision in "ab":
        store.records.add(record(revision))
    inner = {**record("a").record, "body": {"household_label": "Familia Exemplu 12"}}
    store.records.shorten("a", inner)
    assert [one.revision for one in store.records.all()] == ["a", "b"]
    found = store.records.get("a")
    assert found is not None and found.record == inner and found.signature == "sig"
    with refused("store.not_found"):
        store.records.shorten("missing", inner)


def test_saving_the_index_changes_no_answer(store: Store) -> None:
    store.records.add(record("a"))
    before = store.records.heads()
    store.records.save_index()
    assert store.records.heads() == before


def unnumbered(name: str, size: int = 100, audience: tuple[str, ...] = ("dev-1",)) -> OutboxEntry:
    return OutboxEntry(
        name, "r1", None, None, None, "waiting", None, None, "attachment", name, size, audience, 1
    )


def signed(one: OutboxEntry, seq: int, last: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "seq": seq,
        "after": None if last is None else last["seq"],
        "sha256": one.sha256,
        "size": one.size,
    }


def test_files_get_their_numbers_when_they_are_ready(store: Store) -> None:
    store.outbox.put(unnumbered("f"))
    store.outbox.put(entry("a", 0))
    assert [one.seq for one in store.outbox.all()] == [0, None]
    assert (store.outbox.waiting_count(), store.outbox.waiting_records()) == (2, 1)
    (numbered,) = store.outbox.number(["f"], signed)
    assert numbered.manifest == {"seq": 1, "after": 0, "sha256": "f", "size": 100}
    assert store.outbox.number(["f"], signed) == [numbered] and store.outbox.next_seq() == 2
    with refused("store.not_found"):
        store.outbox.number(["missing"], signed)


def test_numbers_that_were_taken_are_given_anew(store: Store) -> None:
    """After an earlier copy was put back: the head follows what the server has, entries follow the head."""
    store.outbox.put(entry("a", 0, 512))
    store.outbox.put(unnumbered("f"))
    store.outbox.number(["f"], signed)

    def again(old: OutboxEntry, seq: int, last: dict[str, Any] | None) -> OutboxEntry:
        if old.role != "record":
            return replace(old, seq=None, manifest=None)
        return replace(old, seq=seq, manifest={"seq": seq, "after": last["seq"] if last else None, "size": 700},
                       sealed=b"t" * 700)  # fmt: skip

    store.outbox.renumber({"seq": 8}, store.outbox.all(), again)
    assert [(one.revision, one.seq) for one in store.outbox.all()] == [("a", 9), ("f", None)]
    assert store.outbox.sealed("a") == b"t" * 700 and store.outbox.last_manifest() == {
        "seq": 9, "after": 8, "size": 700,
    }  # fmt: skip
    assert (store.outbox.next_seq(), store.outbox.waiting_count()) == (10, 2)
    with pytest.raises(RuntimeError), store.transaction():
        store.outbox.renumber({"seq": 20}, [], again)
        raise RuntimeError
    assert store.outbox.next_seq() == 10


def test_downloads_grow_and_are_checked(store: Store) -> None:
    data = b"sealed photo" * 100
    name = hashlib.sha256(data).hexdigest()
    store.media.extend_partial(name, 0, data[:500])
    assert store.media.partial(name) == 500 and not store.media.has(name)
    with pytest.raises(ValueError, match="end"):
        store.media.extend_partial(name, 100, b"x")
    store.media.extend_partial(name, 500, data[500:])
    assert (
        store.media.finish_partial(name) and store.media.read(name) == data and store.media.partial(name) == 0
    )
    store.media.extend_partial("0" * 64, 0, b"others")
    assert not store.media.finish_partial("0" * 64) and store.media.partial("0" * 64) == 0
    store.media.extend_partial(name, 0, b"again")
    store.media.drop_partial(name)
    store.media.drop_partial(name)
    assert store.media.partial(name) == 0


def test_what_is_carried_for_others(store: Store) -> None:
    data = b"sealed elsewhere"
    one = {"device": "dev-9", "seq": 3, "sha256": hashlib.sha256(data).hexdigest()}
    assert store.carried.put(one, data) and not store.carried.put(one, data)
    assert store.carried.put({**one, "seq": 1}, None)
    assert [manifest["seq"] for manifest in store.carried.all()] == [1, 3]
    with refused("store.row_damaged"):
        store.carried.put({**one, "seq": 4}, b"altered")
    store.carried.remove(one)
    assert [manifest["seq"] for manifest in store.carried.all()] == [1]
    assert not store.media.has(one["sha256"])


def test_a_sound_store_says_so(store: Store) -> None:
    store.records.add(record("a"))
    assert store.check().ok and store.check().problems() == [] and not store.read_only
    store.records.remove("a")
    store.scrub()
    assert store.compact() >= 0 and store.generation in (None, 1)


def test_a_closed_store_does_nothing_more(store: Store) -> None:
    store.close()
    store.close()
    for use in (
        lambda: store.records.add(record("a")),
        lambda: store.values.get("x"),
        lambda: store.drafts.list(),
        lambda: store.outbox.all(),
        lambda: store.quarantine.count(),
    ):
        with refused("store.closed"):
            use()


# transactions and threads


def test_what_was_written_beside_the_store_is_undone_with_it(store: Store) -> None:
    undone: list[str] = []
    with pytest.raises(RuntimeError), store.transaction():
        store.after_rollback(lambda: undone.append("undone"))
        raise RuntimeError
    with store.transaction():
        store.after_rollback(lambda: undone.append("kept"))
    assert undone == ["undone"]


def test_every_public_method_is_in_this_suite() -> None:
    """Both stores have the same methods, and each is used by a test here."""
    used = {
        node.attr
        for node in ast.walk(ast.parse(Path(__file__).read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }
    with closing(MemoryStore()) as store:
        parts = [store, store.records, store.drafts, store.outbox, store.values, store.quarantine, store.media,
                 store.carried]  # fmt: skip
        public = {name for part in parts for name in dir(type(part)) if not name.startswith("_")}
    assert public - used - {"report"} == set()
    for one, other in (
        (MemoryMedia, MediaFolder),
        (MemoryTable, EncryptedTable),
        (MemoryJournal, EncryptedJournal),
    ):
        assert {name for name in dir(one) if name[0] != "_"} == {
            name for name in dir(other) if name[0] != "_"
        }


def test_finishing_is_all_or_nothing(store: Store) -> None:
    draft = store.drafts.start({}, b"")
    with pytest.raises(RuntimeError), store.transaction():
        store.records.add(record("a"))
        store.outbox.put(entry("a", 0))
        store.drafts.discard(draft)
        assert store.records.of("r1") == [record("a")]  # one's own writes are visible inside
        raise RuntimeError
    assert store.records.of("r1") == [] and store.records.search("exemplu") == []
    assert store.outbox.next_seq() == 0 and store.drafts.count() == 1


def test_an_inner_failure_undoes_only_the_inner_part(store: Store) -> None:
    with store.transaction():
        store.values.set("outer", 1)
        with pytest.raises(RuntimeError), store.transaction():
            store.values.set("inner", 1)
            store.records.add(record("inner"))
            raise RuntimeError
        store.records.add(record("outer"))
    assert (store.values.get("outer"), store.values.get("inner")) == (1, None)
    assert [head.revision for head in store.records.heads()] == ["outer"]


def test_many_threads_write_without_losing_anything(store: Store) -> None:
    draft = store.drafts.start({}, b"")

    def work(worker: int) -> None:
        for n in range(20):
            store.drafts.append(draft, {"worker": worker, "n": n})
            store.records.add(record(f"{worker}-{n}", record_id=f"r{worker}"))
            store.records.heads("submission")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    journal = store.drafts.load(draft).journal
    assert len(journal) == 80 and store.records.count() == 80
    for worker in range(4):
        assert [one["n"] for one in journal if one["worker"] == worker] == list(range(20))


def test_what_waits_is_known_after_every_change(store: Store) -> None:
    """The list is kept up to date by changes alone, so it must survive what is undone, removed and queued again."""
    store.outbox.put(entry("a", 0))
    assert [one.revision for one in store.outbox.waiting()] == ["a"]
    with pytest.raises(RuntimeError), store.transaction():
        store.outbox.put(entry("b", 1))
        store.outbox.update("a", state="received")
        assert [one.revision for one in store.outbox.waiting()] == ["b"]
        raise RuntimeError
    assert [(one.revision, one.state) for one in store.outbox.waiting()] == [("a", "waiting")]
    store.outbox.put(entry("c", 1))
    assert [one.revision for one in store.outbox.waiting()] == ["a", "c"]
    with store.transaction():
        store.outbox.update("a", state="received")
        assert store.outbox.remove(["a"]) == 1
    assert [one.revision for one in store.outbox.waiting()] == ["c"]
    store.outbox.update("c", state="received", receipt={"index": 1})
    assert store.outbox.waiting() == []
    store.outbox.update("c", state="waiting", receipt=None)
    assert [one.revision for one in store.outbox.waiting()] == ["c"]
