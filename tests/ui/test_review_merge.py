"""Two versions side by side: choosing by pressing and by keys, what is kept, what is said, what is made."""

import flet as ft
import pytest

from tests.ui.headless import run
from tests.ui.merge_sample import CARD, NOTE, MergeWorld
from tests.ui.review_sample import RENT, ReviewWindow

AT_RENT, AT_NOTE, AT_CARD = "data_c_rent_rent_ron", "data_j_worker_w_note", "data_b_people_person_x1"


async def opened(app: ReviewWindow) -> MergeWorld:
    """From the queue to the two versions, the way a supervisor goes."""
    assert app.rows()[0] == "r1"
    await app.open("r1")
    await app.press("submission.merge")
    assert "merge.page" in app.ids(), app.words()
    world = app.world
    assert isinstance(world, MergeWorld)
    return world


async def key(app: ReviewWindow, name: str) -> None:
    listener = app.find(ft.KeyboardListener)[-1]
    await app.session.dispatch_event(listener._i, "key_down", {"key": name})
    await app.settle()


def test_a_record_in_conflict_comes_first_and_can_only_be_merged_or_rejected() -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld()) as app:
            assert app.rows() == ["r1", "r2", "r3"]
            assert "Two versions" in app.words("review.row.r1")
            assert "Ana Exemplu, Rodica Test" in app.words("review.row.r1")
            await app.press("review.filter.conflict")
            assert app.rows() == ["r1"]
            await app.open("r1")
            assert "Both versions are kept" in app.words("submission.conflict")
            assert {"submission.merge", "submission.reject"} <= set(app.ids())
            assert not {"submission.approve", "submission.send_back"} & set(app.ids())

    run(story)


@pytest.mark.parametrize(("size", "language"), [((390, 844), "ro"), ((800, 1280), "en"), ((1280, 800), "ro")])
def test_both_answers_stand_side_by_side_with_who_gave_them(size: tuple[float, float], language: str) -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld(), size, language) as app:
            await opened(app)
            for side, words in (("ours", "Ana Exemplu 310"), ("theirs", "Rodica Test")):
                assert words in app.words(f"merge.{side}.{AT_RENT}")
            assert "610" in app.words(f"merge.line.{AT_RENT}")
            gone, there = (app.words(f"merge.{side}.{AT_CARD}") for side in ("ours", "theirs"))
            assert ("Scos" if language == "ro" else "Taken away") in gone and "Vârsta: 8" in there
            assert f"merge.write.{AT_RENT}" in app.ids() and f"merge.write.{AT_CARD}" not in app.ids()
            assert app.disabled("merge.do")
            unnamed = [one for one in app.find(ft.IconButton) if not one.tooltip]
            assert not unnamed

    run(story)


def test_choices_are_kept_at_once_and_the_merge_waits_for_all() -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld()) as app:
            world = await opened(app)
            await app.press(f"merge.ours.{AT_RENT}")
            assert world.choices == {RENT: "ours"} and "2 answers to choose" in app.words()
            await app.press(f"merge.ours.{AT_RENT}")
            assert world.choices == {}
            await app.press(f"merge.theirs.{AT_RENT}")
            await app.press(f"merge.theirs.{AT_CARD}")
            await app.press(f"merge.write.{AT_NOTE}")
            await app.write(f"merge.own.{AT_NOTE}", "amândouă")
            assert not app.disabled("merge.do")
            await app.write("merge.note", "Sunat la birou")
            await app.press("merge.do")
            await app.until(lambda: world.merges)
            await app.settle()
            chosen = {RENT: "theirs", CARD: "theirs", NOTE: "=amândouă"}
            assert world.merges == [(chosen, "Sunat la birou", ("v1a", "v1b"))]
            assert "Merged." in app.words("notice") and "submission.page" in app.ids()
            assert "submission.approve" in app.ids()

    run(story)


def test_the_keyboard_moves_and_chooses_but_not_while_typing() -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld()) as app:
            world = await opened(app)
            for name in ("1", "J", "1", "Arrow Down", "2", "j", "Arrow Right", "K", "1"):
                await key(app, name)
            assert world.choices == {RENT: "ours", NOTE: "ours", CARD: "theirs"}
            field = app.field("merge.note")
            await app.session.dispatch_event(field._i, "focus", None)
            await key(app, "2")
            assert world.choices[NOTE] == "ours"
            await app.session.dispatch_event(field._i, "blur", None)
            await key(app, "2")
            assert world.choices[NOTE] == "theirs"

    run(story)


@pytest.mark.parametrize("leaving", ["later", "back", "lock"])
def test_keeping_both_for_now_keeps_what_was_chosen(leaving: str) -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld()) as app:
            world = await opened(app)
            await app.press(f"merge.ours.{AT_RENT}")
            await app.press(f"merge.write.{AT_NOTE}")
            await app.write(f"merge.own.{AT_NOTE}", "pe jumătate")
            await app.write("merge.note", "mai sun o dată")
            if leaving == "lock":
                app.desk.lock()
            else:
                await app.press(f"merge.{leaving}")
            await app.settle()
            assert world.choices == {RENT: "ours", NOTE: "=pe jumătate"}
            assert world.merge.note == "mai sun o dată" and not world.merges

    run(story)


def test_agreed_changes_are_folded_and_the_result_can_be_seen() -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld(incomplete=True)) as app:
            await opened(app)
            assert "2 changes are agreed" in app.words() and "Merge încălzirea?" not in app.words()
            await app.press("merge.taken")
            words = app.words("merge.page")
            assert "Merge încălzirea?" in words and "was no answer" in words and "scrisoare.png" in words
            assert "0f8fad5b" not in words
            await app.press(f"merge.theirs.{AT_RENT}")
            await app.press("merge.preview")
            shown = app.words("merge.preview_sheet")
            assert "330" in shown and "2 answers are not chosen yet" in shown
            assert "Termenul: an answer is needed" in shown
            await app.press("merge.preview_close")
            assert not any(one.open for one in app.find(ft.BottomSheet))

    run(story)


def test_a_merge_that_lacks_something_opens_as_a_draft_that_says_so() -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld(incomplete=True)) as app:
            world = await opened(app)
            for at in (AT_RENT, AT_NOTE, AT_CARD):
                await app.press(f"merge.ours.{at}")
            await app.press("merge.do")
            await app.until(lambda: world.shell.opened)
            await app.settle()
            assert [one.draft for one in world.shell.opened] == ["d-merge"]
            assert app.desk.saying == "The merged record lacks 1 answer. It is kept as a draft."

    run(story)


def test_another_version_that_arrives_is_told_and_nothing_is_merged() -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld(arrived=True)) as app:
            world = await opened(app)
            for at in (AT_RENT, AT_NOTE, AT_CARD):
                await app.press(f"merge.ours.{at}")
            await app.press("merge.do")
            await app.until(lambda: app.desk.problem is not None)
            await app.settle()
            assert app.desk.problem is not None and app.desk.problem.code == "conflict.moved"
            assert "merge.page" in app.ids() and not world.merges

    run(story)


def test_a_sync_meanwhile_keeps_what_is_being_written() -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld()) as app:
            world = await opened(app)
            await app.press(f"merge.write.{AT_NOTE}")
            await app.write(f"merge.own.{AT_NOTE}", "pe jumătate")
            app.desk.data.emit()
            await app.settle()
            assert app.field(f"merge.own.{AT_NOTE}").value == "pe jumătate"
            assert world.choices[NOTE] == "=pe jumătate"
            await app.write(f"merge.own.{AT_NOTE}", "alte cuvinte")
            world.gone = True
            app.desk.data.emit()
            await app.settle()
            assert "There is nothing to merge any more" in app.words("problem")
            await app.press("merge.back")
            assert "submission.page" in app.ids()

    run(story)
