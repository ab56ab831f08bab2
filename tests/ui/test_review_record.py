"""One record under review: what changed, comments that are kept, decisions and what is said after them."""

import time

import flet as ft
import pytest

from tests.ui.headless import run
from tests.ui.review_sample import RENT, ReviewWindow, ReviewWorld, review_row, usual

AT_RENT, AT_WHY = "data_c_rent_rent_ron", "data_d_people_2__why"


def test_what_changed_stands_beside_the_last_visit() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.open("r3")
            words = app.words("submission.page")
            assert "Last visit, 12 Sep" in words and "240" in words and "310" in words
            assert "was 610 before the correction" in words and "Verificați chitanța." in words
            assert "1 changed" in words
            assert "4 minutes" in words and "Revision 2" in words and "1 answer corrected" in words
            assert "Changed since revision 1" in app.words("submission.show.revised")

    run(story)


def test_filters_keep_only_headings_with_something_below() -> None:
    wanted = {
        "changed": ("C. Chirie", "D. Oameni"),
        "answered": ("Merge încălzirea?", "Elena Exemplu"),
        "all": ("Elena Exemplu", "Nothing fits"),
    }

    async def story() -> None:
        async with ReviewWindow(usual(), (390, 844)) as app:
            await app.open("r1")
            for name, (there, gone) in wanted.items():
                await app.press(f"submission.show.{name}")
                words = app.words("submission.page")
                assert there in words and gone not in words
                assert "was 240 at the last visit" in words
            await app.press(f"submission.comment.{AT_RENT}")
            await app.write(f"submission.comment_text.{AT_RENT}", "Verificați")
            await app.press("submission.show.answered")
            assert app.world.drafts["r1"] == {RENT: "Verificați"}

    run(story)


def test_the_language_menu_changes_the_questions() -> None:
    async def story() -> None:
        async with ReviewWindow(usual(), language="ro") as app:
            await app.open("r1")
            assert "Cât este restanța la chirie?" in app.words("submission.page")
            english = app.find(ft.PopupMenuItem)[1]
            await app.session.dispatch_event(english._i, "click", None)
            await app.settle()
            assert "How much rent is unpaid?" in app.words("submission.page")

    run(story)


def test_a_comment_is_kept_and_goes_along() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.open("r1")
            assert app.disabled("submission.send_back")
            await app.press(f"submission.comment.{AT_RENT}")
            await app.write(f"submission.comment_text.{AT_RENT}", "Verificați chitanța")
            assert not app.disabled("submission.send_back")
            await app.press(f"submission.comment_save.{AT_RENT}")
            assert app.world.drafts["r1"] == {RENT: "Verificați chitanța"}
            assert "Send back with 1 comment" in app.words("submission.send_back")
            await app.press("submission.send_back")
            assert "Ana Exemplu" in app.words("submission.send_back_dialog")
            await app.press("submission.send_back_dialog.confirm")
            await app.until(lambda: app.world.decisions)
            await app.settle()
            assert app.world.decisions == [("r1", "hasIssues", {RENT: "Verificați chitanța"}, "")]
            assert "Sent back with 1 comment. It leaves this computer with the next sync." in app.words(
                "notice"
            )
            assert app.desk.nav.place.params == {"record": "r2"}
            await app.press("submission.back")
            assert app.rows() == ["r2", "r3"]

    run(story)


def test_a_kept_comment_can_be_changed_and_taken_away() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            app.world.drafts["r1"] = {RENT: "Întâi"}
            await app.open("r1")
            await app.press(f"submission.comment_edit.{AT_RENT}")
            assert app.field(f"submission.comment_text.{AT_RENT}").value == "Întâi"
            await app.press(f"submission.comment_cancel.{AT_RENT}")
            assert "Întâi" in app.words("submission.page")
            await app.press(f"submission.comment_drop.{AT_RENT}")
            assert not app.world.drafts["r1"] and app.disabled("submission.send_back")

    run(story)


@pytest.mark.parametrize("leaving", ["other", "next", "back", "lock"])
def test_words_in_an_open_field_are_never_lost(leaving: str) -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.open("r1")
            await app.write("submission.note", "Vorbim luni")
            await app.press(f"submission.comment.{AT_RENT}")
            await app.write(f"submission.comment_text.{AT_RENT}", "Pe jumătate")
            if leaving == "other":
                await app.press(f"submission.comment.{AT_WHY}")
            elif leaving == "lock":
                app.desk.lock()
            else:
                await app.press(f"submission.{leaving}")
            await app.settle()
            kept = app.world.drafts["r1"]
            assert kept[RENT] == "Pe jumătate" and kept[""] == "Vorbim luni"

    run(story)


def test_a_sync_meanwhile_does_not_take_the_words_away() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.open("r1")
            await app.press(f"submission.comment.{AT_RENT}")
            await app.write(f"submission.comment_text.{AT_RENT}", "Pe jumătate")
            app.desk.data.emit()
            await app.settle()
            assert app.field(f"submission.comment_text.{AT_RENT}").value == "Pe jumătate"

    run(story)


def test_a_note_alone_may_send_back() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.open("r1")
            await app.write("submission.note", "Lipsesc pozele")
            await app.press("submission.send_back")
            await app.press("submission.send_back_dialog.confirm")
            await app.until(lambda: app.world.decisions)
            assert app.world.decisions == [("r1", "hasIssues", {"": "Lipsesc pozele"}, "")]

    run(story)


def test_rejecting_needs_a_reason() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.open("r1")
            await app.press("submission.reject")
            assert app.disabled("submission.reject_confirm")
            await app.write("submission.reason", "Vizită dublă")
            await app.press("submission.reject_confirm")
            await app.until(lambda: app.world.decisions)
            assert app.world.decisions == [("r1", "rejected", {}, "Vizită dublă")]

    run(story)


def test_approving_the_last_one_leads_back_to_the_queue() -> None:
    async def story() -> None:
        async with ReviewWindow(ReviewWorld([review_row(1)])) as app:
            await app.open("r1")
            await app.press("submission.approve")
            await app.until(lambda: app.world.decisions)
            await app.settle()
            assert app.world.decisions == [("r1", "approved", {}, "")]
            assert "Approved. It leaves this computer with the next sync." in app.words("notice")
            assert "Nothing to review" in app.words("review.none")

    run(story)


def test_a_refused_decision_is_told_and_nothing_is_lost() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            app.world.drafts["r1"] = {RENT: "Întâi"}
            await app.open("r1")
            app.world.moved.add("r1")
            opened = app.world.opened
            await app.press("submission.approve")
            await app.until(lambda: app.desk.problem is not None)
            await app.settle()
            assert app.desk.problem is not None and app.desk.problem.code == "usecase.already_reviewed"
            assert app.desk.nav.place.params == {"record": "r1"} and app.world.opened > opened
            assert app.world.drafts["r1"] == {RENT: "Întâi"} and not app.disabled("submission.approve")

    run(story)


def test_a_record_without_its_form_says_so_and_leads_on() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            app.world.formless.add("r1")
            await app.press("review.row.r1")
            assert "problem" in app.ids() and "This record cannot be shown" in app.words()
            await app.press("submission.next")
            assert "submission.page" in app.ids()

    run(story)


def test_next_and_previous_follow_the_queue() -> None:
    async def story() -> None:
        async with ReviewWindow(usual()) as app:
            await app.open("r1")
            assert app.disabled("submission.previous") and "1 of 3" in app.words()
            await app.press("submission.next")
            assert "2 of 3" in app.words() and "Familia Model 2" in app.words()
            await app.press("submission.previous")
            assert app.desk.nav.place.params == {"record": "r1"} and app.desk.nav.depth == 2

    run(story)


def test_two_hundred_questions_open_quickly_and_a_key_draws_nothing_again() -> None:
    async def story() -> None:
        world = usual()
        world.many = 200
        async with ReviewWindow(world) as app:
            began = time.process_time()
            await app.open("r1")
            await app.press(f"submission.comment.{AT_RENT}")
            assert time.process_time() - began < 4, "opening 200 questions costs too much"
            name = f"submission.comment_text.{AT_RENT}"
            await app.write(name, "a")  # the bar may say another number now
            before, opened = app.connection.messages, world.opened
            for words in ("ab", "abc", "abcd"):
                await app.write(name, words)
            assert app.connection.messages == before and world.opened == opened

    run(story)


@pytest.mark.parametrize(
    ("size", "language"), [((390, 844), "ro"), ((800, 1280), "en"), ((1280, 800), "ro"), ((1400, 900), "en")]
)
def test_every_size_shows_the_same_record(size: tuple[float, float], language: str) -> None:
    async def story() -> None:
        async with ReviewWindow(usual(), size, language) as app:
            await app.open("r3")
            wanted = {
                "back",
                "language",
                "previous",
                "next",
                "note",
                "signals",
                "revisions",
                "reject",
                "approve",
            }
            assert {f"submission.{name}" for name in wanted} <= set(app.ids())
            unnamed = [one for one in app.find(ft.IconButton) if not one.tooltip]
            assert not unnamed

    run(story)
