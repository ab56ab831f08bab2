"""Clearing old visits: only what was received, approved and old enough, and the household's page stays the same."""

import json
from datetime import timedelta

import pytest

from app.demo.devices import on_day, sync
from app.demo.places import Places
from app.protocol.errors import Problem
from app.store.profiles import profile_folder
from app.usecases import review
from app.usecases.households import household as household_page
from app.usecases.ledger import ledger
from app.usecases.programme import entities
from app.usecases.reading import open_revision
from app.usecases.retention import DAYS, bare_xml, may_go, purge_daily, retention
from app.usecases.review_states import review_state
from app.usecases.sync_now import sync_now
from app.usecases.worker import Worker
from tests.usecases.conftest import household
from tests.usecases.test_safety_forgotten import PHOTO, finished
from tests.usecases.test_visit_story import CANARY

CODE = "SYN-001"


@pytest.fixture
def visited(ana: Worker, rodica: Worker) -> list[str]:
    """Four visits to one family, all received and approved; the first with a photo, the others saw nobody."""
    records = [finished(ana, CODE, PHOTO), *(finished(ana, CODE) for _ in range(3))]
    sync(ana)
    sync(rodica)
    for record in records:
        review.approve(rodica, record, review_state(rodica, record).revision)
    sync(rodica)
    sync(ana)
    return records


def later(worker: Worker, days: int = DAYS + 5):  # type: ignore[no-untyped-def]
    return on_day(worker, worker.today() + timedelta(days=days))


def body(worker: Worker, record: str) -> dict[str, object]:
    found: dict[str, object] = worker.store.records.of(record)[0].record["body"]
    return found


def test_nothing_goes_before_its_time_or_without_approval(ana: Worker, visited: list[str]) -> None:
    waiting = finished(ana, "SYN-004")
    assert purge_daily(ana).records == 0, "younger than the period"
    assert {one for one in visited if set(_revisions(ana, one)) & may_go(ana)} == {visited[1]}
    with later(ana):
        ana.store.values.set("sync.alarm", {"code": "server.fork", "at": ""})
        assert purge_daily(ana).records == 0, "an alarm stands"
        ana.store.values.delete("sync.alarm")
        assert purge_daily(ana).records == 2, "one of these and the one three months before"
        assert purge_daily(ana).records == 0, "once a day"
    assert waiting in [row.record for row in ledger(ana)]


def _revisions(worker: Worker, record: str) -> list[str]:
    return [one.revision for one in worker.store.records.of(record)]


def test_a_cleared_visit_leaves_the_household_as_it_was(
    demo: Places, ana: Worker, visited: list[str]
) -> None:
    family = household(ana, CODE)
    with later(ana):
        before = household_page(ana, family, "ro")
        lists = {
            name: len(entities(ana).all(name)) for name in ("households", "people", "tenancies", "steps")
        }
        assert CANARY in str(body(ana, visited[1])["xml"])
        assert purge_daily(ana).records == 2, "one of these and the one three months before"
        after = household_page(ana, family, "ro")
        assert after == before
        assert lists == {name: len(entities(ana).all(name)) for name in lists}
    left = body(ana, visited[1])
    assert left["cleared"] is True and CANARY not in json.dumps(left)
    assert ana.store.records.of(visited[1])[0].record["attachments"] == []
    assert visited[1] not in [row.record for row in ledger(ana)]
    assert open_revision(ana, _revisions(ana, visited[0])[0]).at("/data/a_start/outcome").text == "met"
    assert visited[1] in [item.record for item in household_page(ana, family, "ro").timeline]
    sync(ana)  # nothing comes back, nothing is sent again
    assert body(ana, visited[1])["cleared"] is True


def test_a_supervisors_device_keeps_everything(rodica: Worker, visited: list[str]) -> None:
    with later(rodica):
        assert purge_daily(rodica).records == 0
    assert all(CANARY in str(body(rodica, record)["xml"]) for record in visited[1:])


def test_the_period_of_the_programme_counts(ana: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.usecases import retention as module

    assert retention(ana) == timedelta(days=DAYS)
    config = module.programme(ana).config
    for said, days in ((30, 30), (1, 7), ("x", DAYS), (True, DAYS)):
        object.__setattr__(config, "retention", {**config.retention, "tablet_days": said})
        assert retention(ana) == timedelta(days=days)

    def none(worker: Worker) -> None:
        raise Problem("usecase.no_programme")

    monkeypatch.setattr(module, "programme", none)
    assert retention(ana) == timedelta(days=DAYS)


def test_bare_xml_keeps_what_it_is_told_and_the_meta_group() -> None:
    xml = (
        '<data xmlns:orx="http://openrosa.org/xforms" id="f" version="1"><a><b>keep</b><c>secret</c></a>'
        "<people><p><name>secret</name></p></people><z><next_on>2026-04-01</next_on></z>"
        "<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"
    )
    bare = bare_xml(xml, {"/data/a/b"})
    assert "secret" not in bare and "people" not in bare
    assert "keep" in bare and "2026-04-01" in bare and "uuid:1" in bare and 'id="f"' in bare


def test_the_folder_holds_no_trace(demo: Places, ana: Worker, visited: list[str]) -> None:
    media = profile_folder(demo.tablet, ana.profile) / "media"
    photos = len(list(media.glob("*.age")))
    assert photos == 1
    with later(ana):
        purge_daily(ana)
    assert len(list(media.glob("*.age"))) == 1, "the newest visit at which somebody was met keeps its photo"


def test_a_sync_whose_aftermath_fails_is_told_and_raises_nothing(
    ana: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.usecases import wind_up

    def full(worker: Worker) -> None:
        raise Problem("store.disk_full")

    monkeypatch.setattr(wind_up, "purge_daily", full)
    outcome = sync_now(ana)
    assert outcome.problem is not None and outcome.problem.code == "store.disk_full"
