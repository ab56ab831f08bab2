"""What every store does, whether it keeps its rows in memory or in an encrypted file."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.protocol.errors import Problem
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


# transactions and threads


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
