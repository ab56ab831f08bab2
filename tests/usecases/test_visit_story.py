"""One visit through all its hands, without a screen: filled in, sent, sent back, corrected, approved."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from app.demo.devices import opened, sync
from app.demo.filling import end, take
from app.demo.places import SUPERVISOR, WORKERS, Places
from app.demo.population import demo_households
from app.demo.population_visit import demo_visit_steps
from app.protocol.errors import Problem
from app.usecases import fill, review
from app.usecases.households import household as household_page
from app.usecases.households import households
from app.usecases.ledger import ledger, sync_status
from app.usecases.programme import entities
from app.usecases.review_states import review_state
from app.usecases.submission import submission
from app.usecases.sync_now import sync_now
from app.usecases.today import today
from app.usecases.views import RecordState
from app.usecases.worker import Worker
from tests.usecases.conftest import household

VISIT = "post_relocation_visit"
RENT = "/data/c_rent/rent_ron"
CANARY = "Zăpodeanu-Canarul"


def visit(worker: Worker, code: str = "SYN-001", note: str = "") -> str:
    """A complete visit, finished; its record."""
    family = next(one for one in demo_households(worker.today()) if one.code == code)
    filling = fill.start(worker, VISIT, household(worker, code), language="ro")
    count = take(filling, demo_visit_steps(family, worker.today()))
    if note:
        filling.answer("/data/j_worker/w_note", note)
    return end(filling, count).record


def attempt(worker: Worker, code: str, kind: str) -> fill.Filling:
    """A visit at which nobody was home, answered and not finished."""
    filling = fill.start(worker, VISIT, household(worker, code), kind, "ro")
    for ref, value in {"visit_mode": "phone", "outcome": "absent", "absent_why": "sintetic"}.items():
        filling.answer(f"/data/a_start/{ref}", value)
    return filling


def state_of(worker: Worker, record: str) -> RecordState:
    return next(row.state for row in ledger(worker) if row.record == record)


def test_a_visit_is_corrected_and_approved(demo: Places, ana: Worker, rodica: Worker) -> None:
    record = visit(ana)
    assert state_of(ana, record) is RecordState.FINISHED
    sync(ana)
    assert state_of(ana, record) is RecordState.RECEIVED

    sync(rodica)
    assert record in [row.record for row in review.queue(rodica, {"received"})]
    page = submission(rodica, record, "en")
    rent = next(line for line in page.lines if line.ref == RENT)
    assert rent.answer == "610" and rent.previous == "300" and rent.changed
    review.comment(rodica, record, RENT, "The office says 310. Can you look again?")
    review.send_back(rodica, record, revision=page.row.revision)
    assert review.draft_comments(rodica, record) == {}
    sync(rodica)

    sync(ana)
    assert state_of(ana, record) is RecordState.SENT_BACK
    (sent_back,) = today(ana, "ro").sent_back
    assert sent_back.comments[0].text.startswith("The office says 310")
    assert sent_back.comments[0].by == SUPERVISOR
    correction = fill.correct(ana, record, "ro")
    assert correction.correction and RENT in correction.comments
    correction.answer(RENT, "310")
    end(correction, 1)
    assert today(ana, "ro").sent_back == ()
    sync(ana)

    sync(rodica)
    page = submission(rodica, record, "en")
    rent = next(line for line in page.lines if line.ref == RENT)
    assert page.row.state == "edited" and len(page.revisions) == 2
    assert (rent.answer, rent.revised_from) == ("310", "610")
    review.approve(rodica, record, page.row.revision)
    sync(rodica)
    sync(ana)
    assert state_of(ana, record) is RecordState.REVIEWED
    assert sync_status(ana).waiting == 0


def test_labels_follow_the_chosen_language(ana: Worker, rodica: Worker) -> None:
    record = visit(ana)
    sync(ana)
    sync(rodica)
    english = {line.ref: line for line in submission(rodica, record, "en").lines}
    romanian = {line.ref: line for line in submission(rodica, record, "ro").lines}
    how = "/data/a_start/visit_mode"
    assert (english[how].label, english[how].answer) == ("How do you meet?", "At home")
    assert (romanian[how].label, romanian[how].answer) == ("Cum are loc întâlnirea?", "Acasă")


def test_a_draft_is_there_after_the_store_was_closed(demo: Places) -> None:
    with opened(demo.tablet, WORKERS[0]) as worker:
        filling = fill.start(worker, VISIT, household(worker, "SYN-004"), "m3", "ro")
        filling.answer("/data/a_start/visit_mode", "phone")
        filling.answer("/data/a_start/outcome", "absent")
        draft = filling.draft  # never closed: the process could have been killed here
    with opened(demo.tablet, WORKERS[0]) as worker:
        again = fill.resume(worker, draft)
        assert again.instance.at("/data/a_start/visit_mode").text == "phone"
        assert again.instance.at("/data/a_start/outcome").text == "absent"
        assert again.instance.at("/data/a_start/visit_kind").text == "m3"
        row = next(row for row in today(worker, "ro").drafts if row.draft == draft)
        assert row.household_label == "Familia Exemplu 4"


def test_finishing_with_problems_keeps_the_draft(ana: Worker) -> None:
    filling = fill.start(ana, VISIT, household(ana, "SYN-004"), "m3", "ro")
    outcome = filling.finish()
    assert isinstance(outcome, fill.FinishedWithProblems)
    assert {one.condition for one in outcome.problems} == {"required"}
    assert outcome.problems[0].section == "/data/a_start" and outcome.problems[0].question
    row = next(row for row in today(ana, "ro").drafts if row.draft == filling.draft)
    assert row.problems == len(outcome.problems)


def test_closing_after_the_end_is_quiet(ana: Worker) -> None:
    """The screen closes what it shows, whether the record was finished, thrown away or neither."""
    finished = attempt(ana, "SYN-002", "w1")
    end(finished, 3)
    finished.close()
    thrown_away = attempt(ana, "SYN-004", "m3")
    thrown_away.discard()
    thrown_away.close()
    assert today(ana, "ro").drafts == ()


def test_a_fieldworker_sees_only_assigned_households(demo: Places, ana: Worker) -> None:
    with opened(demo.tablet, WORKERS[1]) as ion:
        hers = {row.code for row in households(ana)}
        his = {row.code for row in households(ion)}
        homes = {one.get("flat_code") for one in entities(ion).all("tenancies")}
    assert hers and his and not hers & his
    assert homes and not homes & {one.get("flat_code") for one in entities(ana).all("tenancies")}


def test_a_fieldworker_cannot_review(ana: Worker) -> None:
    with pytest.raises(Problem, match="supervisors_only"):
        review.queue(ana)


def test_a_decision_about_an_older_revision_is_refused(ana: Worker, rodica: Worker) -> None:
    record = visit(ana)
    sync(ana)
    sync(rodica)
    with pytest.raises(Problem, match="already_reviewed"):
        review.approve(rodica, record, "another-revision")
    assert review_state(rodica, record).state == "received"


def test_sending_back_needs_a_word(ana: Worker, rodica: Worker) -> None:
    record = visit(ana)
    sync(ana)
    sync(rodica)
    with pytest.raises(Problem, match="nothing_to_send_back"):
        review.send_back(rodica, record)


def test_the_household_page_says_what_is_ahead_and_why(ana: Worker) -> None:
    page = household_page(ana, household(ana, "SYN-007"), "ro")
    assert page.row.risk is not None and page.row.risk.level == "high" and page.row.risk.reasons
    assert page.planned[0].state in ("due", "overdue", "upcoming")
    assert [form.form for form in page.forms if form.enabled][:1]


def test_nothing_typed_is_readable_anywhere(demo: Places, ana: Worker, rodica: Worker) -> None:
    """Canary words and the names of the people, in every file of the tablet, the supervisor and the server."""
    record = visit(ana, note=f"Vecina {CANARY} a spus")
    draft = fill.start(ana, VISIT, household(ana, "SYN-004"), "m3", "ro")
    draft.answer("/data/a_start/outcome", "absent")
    draft.answer("/data/a_start/absent_why", f"{CANARY} nu era acasă")
    sync(ana)
    sync(rodica)
    review.comment(rodica, record, RENT, f"{CANARY}?")
    assert not readable(demo.home, [CANARY, CANARY.casefold(), "Familia Exemplu 1", "Maria Exemplu"])
    # The search itself can fail: the unlock screen's labels are meant to be readable.
    assert readable(demo.home, [WORKERS[0]])


def readable(home: Path, words: list[str]) -> list[str]:
    """`file: word` for every word that stands in a file, as UTF-8 or UTF-16."""
    needles = [(word, word.encode(code)) for word in words for code in ("utf-8", "utf-16-le")]
    return [
        f"{path.relative_to(home)}: {word}"
        for path in sorted(home.rglob("*"))
        if path.is_file()
        for word, needle in needles
        if needle in path.read_bytes()
    ]


def test_the_clock_of_the_tablet_decides_no_order(ana: Worker, rodica: Worker) -> None:
    """A tablet whose clock is a year behind: its record arrives, and is the newest in the queue."""
    present = ana.services
    ana.services = replace(present, clock=lambda: present.clock().replace(year=present.clock().year - 1))
    ana.changed()
    record = end(attempt(ana, "SYN-002", "w1"), 3).record
    ana.services = present
    ana.changed()
    sync(ana)
    sync(rodica)
    assert review.queue(rodica, {"received"})[-1].record == record


def test_what_the_app_filled_in_is_locked(ana: Worker) -> None:
    from_the_page = fill.start(ana, VISIT, household(ana, "SYN-004"), "m3", "ro")
    assert from_the_page.locked == {"/data/a_start/tenancy"}
    assert from_the_page.instance.at("/data/a_start/tenancy").text
    assert fill.start(ana, "household_baseline", language="ro").locked == frozenset()


def test_a_stopped_sync_is_no_success(ana: Worker) -> None:
    before = sync_status(ana).last_success
    stopped = Event()
    stopped.set()
    outcome = sync_now(ana, cancel=stopped)
    assert outcome.problem is None and outcome.sent == 0
    assert sync_status(ana).last_success == before


def test_a_record_changed_on_this_machine_is_not_shown_as_signed(ana: Worker, rodica: Worker) -> None:
    record = end(attempt(ana, "SYN-002", "w1"), 3).record
    sync(ana)
    sync(rodica)
    assert submission(rodica, record, "en").lines
    (stored,) = rodica.store.records.of(record)
    changed = {**stored.record, "body": {**stored.record["body"], "note": "not what was signed"}}
    rodica.store.records.remove(stored.revision)
    rodica.store.records.add(replace(stored, record=changed))
    with pytest.raises(Problem) as caught:
        submission(rodica, record, "en")
    assert caught.value.code.startswith("crypto.")
