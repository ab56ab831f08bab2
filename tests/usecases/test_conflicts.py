"""Two corrections of one record, made apart: both kept, seen as a conflict, merged into one revision by a person."""

from dataclasses import replace

import pytest

from app.demo.devices import sync
from app.demo.filling import end
from app.demo.places import Places
from app.programme.merge import OURS, THEIRS, written
from app.protocol.errors import Problem
from app.usecases import fill, review
from app.usecases.attachments import attachment
from app.usecases.conflicts import conflicts, entity_conflicts
from app.usecases.households import household as household_page
from app.usecases.ledger import ledger, sync_status
from app.usecases.merging import decide_merge, keep_choice, merge_note, merge_page, merge_preview
from app.usecases.programme import entities
from app.usecases.review_states import review_state
from app.usecases.submission import submission
from app.usecases.today import today
from app.usecases.views import RecordState
from app.usecases.worker import Worker
from tests.usecases.conftest import household
from tests.usecases.test_visit_story import RENT, visit

NOTE, GOOD = "/data/j_worker/w_note", "/data/j_worker/w_good"
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 700


def apart(ana: Worker, rodica: Worker, here: dict[str, str], there: dict[str, str]) -> str:
    """A visit that was sent back and corrected on both devices without a connection; then everything is sent."""
    record = visit(ana)
    sync(ana)
    sync(rodica)
    review.send_back(rodica, record, "Please look at the rent again")
    sync(rodica)
    sync(ana)
    for worker, answers in ((ana, here), (rodica, there)):
        correction = fill.correct(worker, record, "ro")
        for ref, value in answers.items():
            correction.answer(ref, value)
        end(correction, len(answers))
    for worker in (ana, rodica, ana):
        sync(worker)
    return record


def test_a_photo_of_one_version_stays_with_the_merge(demo: Places, ana: Worker, rodica: Worker) -> None:
    """The supervisor merges without ever having fetched the photo; it opens from the merged revision."""
    record = visit(ana)
    sync(ana)
    sync(rodica)
    review.send_back(rodica, record, "A photo of the letter?")
    sync(rodica)
    sync(ana)
    correction = fill.correct(ana, record, "ro")
    correction.answer("/data/c_rent/notice", "formal")
    correction.attach("/data/c_rent/notice_photo", "letter.png", PHOTO)
    correction.answer("/data/c_rent/notice_by", "2027-01-15")
    end(correction, 3)
    other = fill.correct(rodica, record, "ro")
    other.answer(RENT, "320")
    end(other, 1)
    for worker in (ana, rodica):
        sync(worker)
    done = decide_merge(rodica, record, {})
    stored = rodica.store.records.get(done.revision)
    assert stored is not None and len(stored.record["attachments"]) == 1
    name = stored.record["attachments"][0]["name"]
    assert not rodica.store.media.has(stored.record["attachments"][0]["sha256"])
    sync(rodica)
    sync(ana)
    assert sync_status(rodica).waiting == 0
    line = next(one for one in submission(rodica, record, "ro").lines if one.file)
    assert (line.file, line.medium) == (name, "image")
    assert attachment(rodica, record, name) == attachment(ana, record, name) == PHOTO


def answers(worker: Worker, record: str) -> dict[str, str]:
    return {line.ref: line.answer for line in submission(worker, record, "ro").lines}


def test_two_corrections_are_merged_question_by_question(demo: Places, ana: Worker, rodica: Worker) -> None:
    record = apart(ana, rodica, {RENT: "310", NOTE: "de la Ana"}, {RENT: "320", GOOD: "de la Rodica"})

    # Both see a conflict; nothing else can be decided about it, and nothing is lost on the tablet.
    assert next(row.record for row in review.queue(rodica)) == record
    assert review.queue(rodica)[0].state == "inConflict"
    (row,) = conflicts(ana, "ro")
    assert row.record == record and row.may_merge and len(row.heads) == 2
    assert next(one.state for one in ledger(ana) if one.record == record) is RecordState.IN_CONFLICT
    assert today(ana, "ro").sent_back == ()
    timeline = household_page(ana, household(ana, "SYN-001"), "ro").timeline
    assert next(one.state for one in timeline if one.record == record) == "inConflict"
    for decide in (review.approve, review.send_back):
        with pytest.raises(Problem, match=r"conflict\.merge_first|nothing_to_send_back"):
            decide(rodica, record)

    page = merge_page(rodica, record, "ro")
    (rent,) = page.conflicts
    assert (rent.ref, rent.ours, rent.theirs, rent.before, rent.writable) == (RENT, "310", "320", "610", True)
    assert rent.label and rent.section and page.ours.by == "Ana Exemplu" and page.theirs.own
    sides = {one.ref: (one.side, one.ours, one.theirs) for one in page.taken}
    assert (sides[NOTE][0], sides[NOTE][1]) == ("ours", "de la Ana")
    assert (sides[GOOD][0], sides[GOOD][2]) == ("theirs", "de la Rodica")

    colleague = replace(ana, device_keys=replace(ana.device_keys, device_id="device-of-a-colleague"))
    refused: list[tuple[Worker, dict[str, str], tuple[str, str] | None, str]] = [
        (rodica, {}, None, "conflict.undecided"),
        (colleague, {RENT: OURS}, None, "conflict.not_yours"),
        (rodica, {RENT: OURS}, ("another", "pair"), "conflict.moved"),
    ]
    for worker, choices, heads, code in refused:
        with pytest.raises(Problem) as caught:
            decide_merge(worker, record, choices, heads=heads)
        assert caught.value.code == code
    keep_choice(rodica, record, RENT, OURS)
    assert merge_page(rodica, record).conflicts[0].side == OURS
    keep_choice(rodica, record, RENT, "")
    assert merge_page(rodica, record).undecided == 1
    keep_choice(rodica, record, RENT, written("315"))
    merge_note(rodica, record, "Sunat la birou")
    assert merge_page(rodica, record).undecided == 0
    shown = {line.label: line for line in merge_preview(rodica, record, "ro").lines}
    assert shown[rent.label].answer == "315" and shown[rent.label].merged
    done = decide_merge(rodica, record, heads=(page.ours.revision, page.theirs.revision))
    assert done.revision and not done.draft

    state = review_state(rodica, record)
    assert (state.state, state.heads, state.revisions) == ("edited", (done.revision,), 4)
    stored = rodica.store.records.get(done.revision)
    assert stored is not None and stored.record["kind"] == "submission"
    assert stored.record["parents"] == [page.ours.revision, page.theirs.revision]
    assert stored.record["body"]["merge"]["decided"] == {RENT: "written"}
    assert stored.record["body"]["note"] == "Sunat la birou"
    assert answers(rodica, record)[RENT] == "315" and conflicts(rodica) == []

    # The tablet gets the merge; it may be approved, and sent back it returns to whoever was there.
    sync(rodica)
    sync(ana)
    found = answers(rodica, record)
    assert (found[NOTE], found[GOOD]) == ("de la Ana", "de la Rodica")
    assert conflicts(ana) == [] and review_state(ana, record).heads == (done.revision,)
    review.send_back(rodica, record, "One more thing")
    sync(rodica)
    sync(ana)
    assert [one.record for one in today(ana, "ro").sent_back] == [record]
    assert next(one.state for one in ledger(ana) if one.record == record) is RecordState.SENT_BACK
    with pytest.raises(Problem, match=r"conflict\.none"):
        merge_page(rodica, record)


def test_two_merges_of_the_same_heads_converge(demo: Places, ana: Worker, rodica: Worker) -> None:
    """The author and the supervisor merge apart and decide differently; a merge of the merges ends it."""
    record = apart(ana, rodica, {RENT: "310", NOTE: "de la Ana"}, {RENT: "320", NOTE: "de la Rodica"})
    decide_merge(ana, record, {RENT: OURS, NOTE: OURS})
    decide_merge(rodica, record, {RENT: THEIRS, NOTE: OURS})
    for worker in (ana, rodica, ana):
        sync(worker)
    assert review_state(ana, record).heads == review_state(rodica, record).heads
    assert len(review_state(ana, record).heads) == 2
    assert review_state(rodica, record).in_conflict

    # Neither merge undoes the other's decision by itself: the rent is asked about, the note is settled.
    page = merge_page(rodica, record, "ro")
    assert [one.ref for one in page.conflicts] == [RENT]
    decide_merge(rodica, record, {RENT: THEIRS})
    sync(rodica)
    sync(ana)
    for worker in (ana, rodica):
        state = review_state(worker, record)
        assert not state.in_conflict and state.revisions == 6
        newest = worker.store.records.get(state.revision)
        assert newest is not None and "<w_note>de la Ana</w_note>" in newest.record["body"]["xml"]
    assert answers(rodica, record)[RENT] == "320"
    homes = [
        {one.id: dict(one.properties) for one in entities(worker).all("tenancies") if one.made_by}
        for worker in (ana, rodica)
    ]
    assert all(homes[1][key] == home for key, home in homes[0].items())


def test_an_invalid_merge_stays_a_draft_that_says_what_is_missing(
    demo: Places, ana: Worker, rodica: Worker
) -> None:
    record = apart(ana, rodica, {RENT: "310"}, {RENT: "320"})
    done = decide_merge(rodica, record, {RENT: written("lots")})
    assert done.draft and not done.revision and done.problems
    assert review_state(rodica, record).in_conflict
    assert merge_page(rodica, record).draft == done.draft
    filling = fill.resume(rodica, done.draft)
    assert [one.ref for one in filling.problems()] == [RENT]
    filling.answer(RENT, "312")
    assert isinstance(filling.finish(), fill.Finished)
    assert answers(rodica, record)[RENT] == "312" and not review_state(rodica, record).in_conflict


def test_reading_one_version_never_hides_the_other(demo: Places, ana: Worker, rodica: Worker) -> None:
    """A supervisor approves a correction before the other one arrives: it is a conflict all the same."""
    record = visit(ana)
    sync(ana)
    sync(rodica)
    review.send_back(rodica, record, "Rent?")
    sync(rodica)
    sync(ana)
    correction = fill.correct(ana, record, "ro")
    correction.answer(RENT, "310")
    end(correction, 1)
    other = fill.correct(rodica, record, "ro")
    other.answer(RENT, "320")
    end(other, 1)
    review.approve(rodica, record)
    sync(rodica)
    sync(ana)
    sync(rodica)
    state = review_state(rodica, record)
    assert state.in_conflict and sorted(state.head_states.values()) == ["approved", "edited"]
    assert next(one.state for one in ledger(ana) if one.record == record) is RecordState.IN_CONFLICT
    (flagged,) = entity_conflicts(rodica, record)
    differing = {name: set(texts) for name, *texts in flagged.differing}
    assert (flagged.list_name, flagged.reason) == ("tenancies", "heads")
    assert differing == {"last_rent_ron": {"310", "320"}}
    review.reject(rodica, record, "Neither is right")
    assert review_state(rodica, record).state == "rejected"
