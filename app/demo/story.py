"""One scripted visit without a screen, told in ten lines, each of which was checked before it is printed."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from app.demo.devices import opened, sync
from app.demo.filling import Filled, end, take
from app.demo.places import SUPERVISOR, WORKERS, Places
from app.demo.population import DemoHousehold, demo_households
from app.demo.population_visit import demo_visit_steps
from app.demo.processes import DemoError
from app.demo.register import VISIT
from app.demo.setup import read_state, write_state
from app.usecases import fill
from app.usecases.ledger import ledger
from app.usecases.programme import entities
from app.usecases.review import approve, queue
from app.usecases.submission import submission
from app.usecases.views import LedgerRow, RecordState, SubmissionPage
from app.usecases.worker import Worker


def tell(places: Places, say: Callable[[str], None]) -> bool:
    """Carries out the visit, or checks again the one of an earlier run. False where anything is not as it should be."""
    say("\nOne visit, from the doorstep to the supervisor:")
    worker_name = WORKERS[0]
    with opened(places.tablet, worker_name) as worker:
        household = demo_households(worker.today())[0]
        done = read_state(places).get("visit")
        if done is None:
            done = _visit(worker, household, say)
            write_state(places, visit=done)
        else:
            say(f"  1  {household.label} was visited in an earlier run; everything below is checked again")
        row = _received(worker, done, say)
    with opened(places.console, SUPERVISOR) as supervisor:
        sync(supervisor)
        page = _read(supervisor, done, say)
        if page.row.state == "approved":
            say(f"  7  {SUPERVISOR} had approved it before")
        else:
            approve(supervisor, done, page.row.revision)
            sync(supervisor)
            say(f"  7  {SUPERVISOR} approved it; the approval is a signed record too, on its way back")
    with opened(places.tablet, worker_name) as worker:
        sync(worker)
        state = _row_of(worker, done).state
        say(f"  8  on {worker_name}'s tablet it now stands as: {state.value}")
    names = [*(f"{member.first} {member.last}" for member in household.members), household.label]
    return _what_the_server_sees(places, row, names, say) and state is RecordState.REVIEWED


def _visit(worker: Worker, household: DemoHousehold, say: Callable[[str], None]) -> str:
    ours = next(one.id for one in entities(worker).all("households") if one.get("code") == household.code)
    filling = fill.start(worker, VISIT, ours, language="ro")
    filled: Filled = end(filling, take(filling, demo_visit_steps(household, worker.today())))
    say(
        f"  1  {worker.name} visited {household.label} ({household.code}): {filled.answers} answers, each kept at once"
    )
    row = _row_of(worker, filled.record)
    say(
        f"  2  finished: signed, compressed, sealed to the supervisor and the recovery key ({row.size:,} bytes)"
    )
    outcome = sync(worker)
    say(f"  3  synced: {outcome.sent} sent, {outcome.received} fetched")
    return filled.record


def _received(worker: Worker, record: str, say: Callable[[str], None]) -> LedgerRow:
    row = _row_of(worker, record)
    if row.log_index is None:
        raise DemoError("The visit has no receipt, though the synchronisation said that all went well.")
    say(
        f"  4  received: entry {row.log_index} of the server's log, its inclusion proof verified on the tablet"
    )
    return row


def _read(supervisor: Worker, record: str, say: Callable[[str], None]) -> SubmissionPage:
    page = submission(supervisor, record, "en")
    answered = sum(1 for line in page.lines if line.answer)
    changed = sum(1 for line in page.lines if line.changed)
    waiting = len(queue(supervisor, {"received", "edited"}))
    say(
        f"  5  {supervisor.name} opened it on another machine: {answered} answers; {waiting} records in the queue"
    )
    say(f"  6  beside the visit of {page.previous_on}: {changed} answers have changed since")
    return page


def _row_of(worker: Worker, record: str) -> LedgerRow:
    row = next((row for row in ledger(worker) if row.record == record), None)
    if row is None:
        raise DemoError("The visit is not in the tablet's ledger.")
    return row


def _what_the_server_sees(
    places: Places, row: LedgerRow, names: list[str], say: Callable[[str], None]
) -> bool:
    columns = _entry_columns(places.server / "server.db")
    found = [name for name in names if _occurs(places.home, name)]
    say(f"  9  the server saw of it: {', '.join(columns)}")
    if found:
        say(f" 10  NOT GOOD: readable below {places.home}: {', '.join(found)}")
        return False
    say(
        f" 10  searched every file below {places.home} for {len(names)} names of people: none is readable anywhere"
    )
    return row.log_index is not None


def _entry_columns(database: Path) -> list[str]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [str(column[1]) for column in connection.execute("PRAGMA table_info(entry)")]
    finally:
        connection.close()


def _occurs(home: Path, name: str) -> bool:
    needles = [name.encode(encoding) for encoding in ("utf-8", "utf-16-le")]
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if any(needle in data for needle in needles):
                return True
    return False
