"""The supervisor's queue: what wants a decision first, filters, search, keys, and what an empty one says."""

import flet as ft
import pytest

from tests.ui.headless import run
from tests.ui.review_sample import ReviewWindow, ReviewWorld, review_row, usual


def test_first_shows_what_wants_a_decision_oldest_first() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            assert app.rows() == ["r1", "r2", "r3"]
            assert "3 records want a decision" in app.words()
            assert "Synthetic data" in app.words()
            line = app.words("review.row.r3")
            assert "Familia Test 3" in line and "Corrected" in line and "revision 2" in line

    run(story)


def test_filters_count_and_show() -> None:
    wanted = {
        "back": ["r4"],
        "done": ["r5"],
        "all": ["r1", "r2", "r3", "r4", "r5"],
        "open": ["r1", "r2", "r3"],
    }

    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            for name, rows in wanted.items():
                assert str(len(rows)) in app.words(f"review.filter.{name}")
                await app.press(f"review.filter.{name}")
                assert app.rows() == rows
            assert "review.filter.rejected" not in app.ids()

    run(story)


def test_search_finds_without_accents_and_leaves_the_field_alone() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.write("review.search", "proba 1")
            field = app.field("review.search")
            assert app.rows() == ["r1"]
            await app.write("review.search", "nobody")
            assert app.rows() == [] and "No record fits" in app.words("review.none")
            assert app.field("review.search") is field

    run(story)


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_an_empty_queue_says_what_comes_next_and_can_sync(size: tuple[float, float]) -> None:
    async def story() -> None:
        async with ReviewWindow(ReviewWorld(), size) as app:
            assert "New records come with the next sync." in app.words("review.none")
            for name in ("review.sync", "review.none.sync"):
                app.desk.sync.outcome = None
                await app.press(name)
                await app.until(lambda: app.desk.sync.outcome is not None)

    run(story)


async def _key(app: ReviewWindow, key: str) -> None:
    listener = app.find(ft.KeyboardListener)[0]
    await app.session.dispatch_event(listener._i, "key_down", {"key": key})
    await app.settle(40)


def test_keys_move_a_mark_and_open_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[float] = []

    async def scroll_to(self: ft.ListView, offset: float, **more: object) -> None:
        moved.append(offset)

    monkeypatch.setattr(ft.ListView, "scroll_to", scroll_to)

    async def story() -> None:
        async with ReviewWindow(usual()) as app:

            def marked() -> list[str]:
                return [
                    one.identifier for one in app.find(ft.Semantics, selected=True) if "row" in one.identifier
                ]

            await _key(app, "J")
            await _key(app, "Arrow Down")
            assert marked() == ["review.row.r2"] and moved == [0.0, 0.0]
            await _key(app, "K")
            await _key(app, "K")
            assert marked() == ["review.row.r1"]
            await _key(app, "Enter")
            assert app.desk.nav.place.params == {"record": "r1"}
            await app.press("submission.back")
            assert marked() == []
            await _key(app, "J")
            assert marked() == ["review.row.r1"] and app.desk.problem is None

    run(story)


def test_letters_stay_in_the_search_while_it_has_the_keys() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.session.dispatch_event(app.field("review.search")._i, "focus", None)
            await app.settle()
            await _key(app, "J")
            await _key(app, "Enter")
            assert app.desk.nav.place.name == "review"
            assert not [one for one in app.find(ft.Semantics, selected=True) if "row" in one.identifier]

    run(story)


def test_filter_and_words_are_still_there_after_a_record_was_opened() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.press("review.filter.back")
            await app.open("r4")
            await app.press("submission.back")
            assert app.rows() == ["r4"]
            app.desk.lock()
            await app.settle()
            await app.desk.unlock("p-rodica", "numai pentru probă")
            await app.settle()
            assert app.rows() == ["r1", "r2", "r3"]

    run(story)


def test_a_long_queue_is_drawn_a_part_at_a_time() -> None:
    async def story() -> None:
        async with ReviewWindow(ReviewWorld([review_row(n) for n in range(200)])) as app:
            assert len(app.rows()) == 60
            await app.press("review.more")
            assert len(app.rows()) == 120

    run(story)
