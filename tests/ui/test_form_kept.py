"""The form screen over the real filling, store and keys: what is typed is in the encrypted journal, and finishing
makes a sealed record."""

import asyncio

import pytest

from app.usecases import fill
from app.usecases.ledger import ledger
from app.usecases.worker import Worker
from tests.ui.form_headless import FormWindow
from tests.ui.headless import run
from tests.usecases.conftest import ana, demo, household, made  # noqa: F401 - fixtures of a prepared tablet

pytestmark = pytest.mark.slow

A = "q__data_a_start_"
WORDS = "Vecina spune că familia Exemplu e plecată la munte; revenim joi, după ora șaptesprezece."


def started(worker: Worker) -> fill.Filling:
    return fill.start(worker, "post_relocation_visit", household(worker, "SYN-004"), "m3", "ro")


def test_a_tablet_that_dies_while_somebody_types_still_has_the_words(ana: Worker) -> None:  # noqa: F811
    async def story() -> None:
        filling = started(ana)
        async with FormWindow(filling) as form:
            await form.press(f"{A}visit_mode__phone")
            await form.press(f"{A}outcome__absent")
            await form.type(f"{A}absent_why", WORDS, leave=False, pace=0.015)
            await asyncio.sleep(0.3)
            again = fill.resume(
                ana, filling.draft
            )  # as after a kill: nobody left the field, nothing was closed
            assert again.instance.at("/data/a_start/absent_why").text == WORDS
            assert again.instance.at("/data/a_start/outcome").text == "absent"

    run(story)


def test_a_visit_is_finished_into_a_sealed_record(ana: Worker) -> None:  # noqa: F811
    async def story() -> None:
        before = {row.record for row in ledger(ana)}
        async with FormWindow(started(ana)) as form:
            await form.press(f"{A}visit_mode__phone")
            await form.press(f"{A}outcome__absent")
            await form.type(f"{A}absent_why", WORDS)
            await form.press("form.next")
            await form.press("form.next")
            assert "Nothing is missing" in form.words()
            await form.press("form.finish")
            await form.until(lambda: form.outcomes, 30)
            assert form.outcomes == ["finished"]
            assert len({row.record for row in ledger(ana)} - before) == 1

    run(story)
