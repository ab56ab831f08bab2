"""A dozen synthetic households, registered through the real baseline form by the two fieldworkers."""

from collections.abc import Callable
from pathlib import Path

import forms
from app.admin.publishing import read_programme
from app.demo.devices import on_day, opened, sync
from app.demo.filling import end, take
from app.demo.places import SUPERVISOR, WORKERS, Places
from app.demo.population import DemoHousehold, demo_households
from app.demo.population_visit import demo_last_visit
from app.usecases import fill, publish, review
from app.usecases.enrolment import people
from app.usecases.programme import entities
from app.usecases.worker import Worker

LIBRARY = Path(forms.__file__).parent / "library" / "pata_cluj"
BASELINE, VISIT = "household_baseline", "post_relocation_visit"
# So many baselines stay in the supervisor's queue; the others are approved.
LEFT_IN_QUEUE = 3


def register(places: Places, say: Callable[[str], None]) -> None:
    """Publishes the programme, registers the households, brings in their homes, and records one earlier visit."""
    with opened(places.console, SUPERVISOR) as supervisor:
        ready = read_programme(LIBRARY)
        publish.publish_programme(supervisor, ready.toml, ready.forms, ready.lists)
        sync(supervisor)
        say("  forms and rules published")
        households = demo_households(supervisor.today())
    for name in WORKERS:
        with opened(places.tablet, name) as worker:
            sync(worker)
            ours = [one for one in households if visited_by(one) == name]
            _baselines(worker, ours)
            sync(worker)
        say(f"  {name}: {len(ours)} synthetic households registered through the real form, sealed and synced")
    with opened(places.console, SUPERVISOR) as supervisor:
        sync(supervisor)
        _homes(supervisor, households)
        _approve_most(supervisor)
        sync(supervisor)
    with opened(places.tablet, WORKERS[0]) as worker:
        sync(worker)
        _earlier_visit(worker, households[0])
        sync(worker)
    with opened(places.console, SUPERVISOR) as supervisor:
        sync(supervisor)
        newest = review.queue(supervisor, {"received"})[-1]
        review.approve(supervisor, newest.record)
        sync(supervisor)
    with opened(places.tablet, WORKERS[1]) as worker:
        sync(worker)
    say("  homes brought in, baselines reviewed, one earlier visit recorded")


def visited_by(household: DemoHousehold) -> str:
    """Two of three households are the first fieldworker's."""
    return WORKERS[1] if household.number % 3 == 0 else WORKERS[0]


def _baselines(worker: Worker, households: list[DemoHousehold]) -> None:
    for household in households:
        with on_day(worker, household.baseline_on):
            filling = fill.start(worker, BASELINE, language="ro")
            filling.meta["synthetic"] = True
            end(filling, take(filling, household.steps))


def _homes(supervisor: Worker, households: list[DemoHousehold]) -> None:
    """The homes come from the housing office's register, not from a form: entities of a programme record."""
    by_code = {one.get("code"): one.id for one in entities(supervisor).all("households")}
    devices = {one.name: one.devices[0].id for one in people(supervisor) if one.role == "fieldworker"}
    for name, device in devices.items():
        ours = [one for one in households if visited_by(one) == name]
        operations = [one.tenancy_operation(by_code[one.code]) for one in ours]
        publish.bring_in(supervisor, [one for one in operations if one is not None], [device])
        for household in ours:
            publish.assign(supervisor, by_code[household.code], [device])


def _approve_most(supervisor: Worker) -> None:
    for row in review.queue(supervisor, {"received"})[:-LEFT_IN_QUEUE]:
        review.approve(supervisor, row.record)


def _earlier_visit(worker: Worker, household: DemoHousehold) -> None:
    before = demo_last_visit(household, worker.today())
    ours = next(one.id for one in entities(worker).all("households") if one.get("code") == household.code)
    with on_day(worker, before.on):
        filling = fill.start(worker, VISIT, ours, language="ro")
        end(filling, take(filling, before.steps))
