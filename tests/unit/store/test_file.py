"""The file on disk: what a stranger, a thief with an editor, and a bad disk meet."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from app.protocol.errors import Problem
from app.store.store import EncryptedStore, OutboxEntry, Store
from tests.unit.store.conftest import KEY, every_byte, sql, stored

Open = Callable[[], EncryptedStore]
CANARY = "Canarul-Țipător-4711"


def test_nothing_typed_is_readable_in_any_file(open_store: Open, place: Path) -> None:
    store = open_store()
    draft = store.drafts.start({"household_label": CANARY}, f"<data>{CANARY}</data>".encode())
    for n in range(30):
        store.drafts.append(draft, {"ref": f"/data/{CANARY}", "text": CANARY * n})
    store.records.add(stored("a", note=CANARY, xml=CANARY * 500))
    store.values.set(CANARY, CANARY)
    store.outbox.put(OutboxEntry(CANARY, CANARY, 0, {"x": CANARY}, CANARY.encode(), "waiting", None, None))
    for _ in range(2):  # with the write-ahead log still there, then closed
        found = every_byte(place.parent)
        for needle in (CANARY, "Canarul", "household_label", "waiting", "submission", "/data/"):
            assert needle.encode() not in found
            assert needle.encode("utf-16-le") not in found
        store.close()
        store = open_store()
    assert store.drafts.load(draft).meta == {"household_label": CANARY}


def test_a_deleted_box_is_in_no_file_any_more(open_store: Open, place: Path) -> None:
    store = open_store()
    draft = store.drafts.start({"label": CANARY}, b"x" * 5000)
    store.drafts.append(draft, {"text": CANARY})
    store.scrub()
    boxes = [row[0] for row in sql(place, "SELECT box FROM journal UNION ALL SELECT box FROM draft")]
    assert len(boxes) == 3 and all(box in every_byte(place.parent) for box in boxes)
    store.drafts.discard(draft)
    store.scrub()
    assert not any(box[:40] in every_byte(place.parent) for box in boxes)


def test_the_state_of_an_entry_does_not_show_in_its_size(open_store: Open, place: Path) -> None:
    store = open_store()
    store.outbox.put(OutboxEntry("a", "r", 0, {"audience": ["a", "b"]}, b"s", "waiting", None, None))
    before = sql(place, "SELECT length(box) FROM outbox")
    receipt = {"index": 5, "checkpoint": "x" * 300, "proof": ["p" * 43] * 20}
    store.outbox.update("a", state="received", receipt=receipt)
    assert sql(place, "SELECT length(box) FROM outbox") == before


@pytest.mark.parametrize("how", ["swap", "copy", "older"])
def test_a_row_put_in_place_of_another_is_refused(open_store: Open, place: Path, how: str) -> None:
    store = open_store()
    store.records.add(stored("a", state="approved"))
    older = sql(place, "SELECT id, stamp, box FROM record")[0]
    store.records.set_index("a", 3)
    store.records.add(stored("b", state="rejected"))
    store.close()
    rows = sql(place, "SELECT id, stamp, box FROM record ORDER BY stamp")
    if how == "swap":
        sql(place, "UPDATE record SET box = ?, stamp = 1000 WHERE id = ?", rows[1][2], rows[0][0])
        sql(place, "UPDATE record SET box = ? WHERE id = ?", rows[0][2], rows[1][0])
    elif how == "copy":
        sql(place, "UPDATE record SET box = ? WHERE id = ?", rows[1][2], rows[0][0])
    else:
        sql(place, "UPDATE record SET box = ? WHERE id = ?", older[2], older[0])
    store = open_store()
    with pytest.raises(Problem, match=r"store\.row_damaged"):
        store.records.get("a")
    assert store.check().damaged["record"] == (2 if how == "swap" else 1)


def test_one_damaged_row_is_reported_and_the_others_go_on(open_store: Open, place: Path) -> None:
    store = open_store()
    for revision in "abc":
        store.records.add(stored(revision))
    store.close()
    victim = sql(place, "SELECT id, box FROM record LIMIT 1 OFFSET 1")[0]
    sql(
        place,
        "UPDATE record SET box = ? WHERE id = ?",
        victim[1][:-1] + bytes([victim[1][-1] ^ 1]),
        victim[0],
    )
    store = open_store()
    assert len(store.records.all()) == len(store.records.all("submission")) == 2
    assert store.records.damaged == 1
    report = store.check()
    assert not report.ok and report.damaged == {"record": 1}
    assert "1 of 3 rows of record cannot be read" in report.lines()


@pytest.mark.parametrize(
    ("gone", "left", "missing"),
    [
        ("n = 2", 2, 3),  # in the middle
        ("n = 4", 4, 1),  # the newest answer
        ("n BETWEEN 1 AND 4", 1, 4),
        ("n < 9", 0, 5),
        ("n > 9", 5, 1),  # the row that says where the journal ends
        ("n >= 3", 3, 1),  # the tail with that row
        ("n >= 0", 0, 1),
    ],
)
def test_a_removed_journal_entry_is_noticed(
    open_store: Open, place: Path, gone: str, left: int, missing: int
) -> None:
    store = open_store()
    draft = store.drafts.start({}, b"")
    for n in range(5):
        store.drafts.append(draft, {"n": n})
    assert store.drafts.load(draft).unreadable == 0
    sql(place, f"DELETE FROM journal WHERE {gone}")
    found = store.drafts.load(draft)
    assert found.journal == [{"n": n} for n in range(left)] and found.unreadable == missing
    store.drafts.snapshot(draft, b"what could be read")  # what the app does when it resumes such a draft
    store.drafts.append(draft, {"n": "later"})
    assert store.drafts.load(draft).journal == [{"n": "later"}]


def test_the_end_of_a_journal_cannot_be_that_of_another_draft(open_store: Open, place: Path) -> None:
    store = open_store()
    one, two = store.drafts.start({}, b""), store.drafts.start({}, b"")
    store.drafts.append(one, {"n": 0})
    ends = sql(place, "SELECT draft, box FROM journal WHERE n > 9 ORDER BY draft")
    sql(place, "UPDATE journal SET box = ? WHERE n > 9 AND draft = ?", ends[0][1], ends[1][0])
    assert sorted(store.drafts.load(draft).unreadable for draft in (one, two)) == [0, 1]
    store.drafts.append(one, {"n": 1})  # and neither draft is stuck
    store.drafts.append(two, {"n": 0})
    assert store.drafts.load(two).journal == [{"n": 0}]


def test_journal_entries_of_two_drafts_cannot_be_exchanged(open_store: Open, place: Path) -> None:
    store = open_store()
    one, two = store.drafts.start({}, b""), store.drafts.start({}, b"")
    store.drafts.append(one, {"n": "one"})
    store.drafts.append(two, {"n": "two"})
    boxes = sql(place, "SELECT draft, box FROM journal WHERE n = 0 ORDER BY draft")
    sql(place, "UPDATE journal SET box = ? WHERE n = 0 AND draft = ?", boxes[0][1], boxes[1][0])
    assert sorted(store.drafts.load(d).unreadable for d in (one, two)) == [0, 1]


def test_another_key_opens_nothing_and_changes_nothing(open_store: Open, place: Path) -> None:
    store = open_store()
    store.records.add(stored("a"))
    store.close()
    before = place.read_bytes()
    with pytest.raises(Problem, match=r"store\.wrong_key"):
        Store.open(place, bytes(32))
    assert place.read_bytes() == before
    assert open_store().records.count() == 1


@pytest.mark.parametrize("content", [b"not a database" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_left_alone(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    with pytest.raises(Problem, match=r"store\.damaged"):
        Store.open(place, KEY)
    assert place.read_bytes() == content


def test_a_torn_page_is_reported_after_a_crash(open_store: Open, place: Path) -> None:
    store = open_store()
    for n in range(200):
        store.records.add(stored(f"r{n}", xml="x" * 3000))
    store.close()
    sql(place, "UPDATE meta SET clean = 0")
    data = bytearray(place.read_bytes())
    data[8192:12288] = bytes(4096)
    place.write_bytes(data)
    report = open_store().report
    assert not report.clean and not report.ok and report.lines()[0].startswith("The file is damaged")


def test_a_second_opener_sees_and_adds_rows(open_store: Open) -> None:
    one, two = open_store(), open_store()
    one.records.add(stored("a"))
    assert [head.revision for head in two.records.heads()] == ["a"]
    two.records.add(stored("b"))
    one.records.remove("a")
    assert [head.revision for head in two.records.heads()] == ["b"]
    assert [head.revision for head in one.records.heads()] == ["b"]


def test_media_names_tell_nothing_and_contents_are_checked(open_store: Open, place: Path) -> None:
    store = open_store()
    record = stored("a")
    data = record.sha256.encode()
    name = hashlib.sha256(data).hexdigest()
    store.media.put(name, data)
    (file,) = (place.parent / "media").iterdir()
    assert name not in file.name
    file.write_bytes(data[:-1] + b"x")
    with pytest.raises(Problem, match=r"store\.row_damaged"):
        store.media.read(name)
