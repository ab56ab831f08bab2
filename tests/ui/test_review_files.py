"""Photos on the review screen: nothing is fetched before it is asked for, a server that is away is told calmly."""

import flet as ft

from app.ui.review.files import drawable
from app.ui.review.plainly import plain_name
from tests.ui.headless import run
from tests.ui.merge_sample import FILE, PNG, MergeWorld
from tests.ui.review_sample import ReviewWindow

AT = "data_c_rent_photo"


def test_a_photo_is_fetched_when_asked_for_and_can_be_seen_large() -> None:
    async def story() -> None:
        world = MergeWorld()
        async with ReviewWindow(world) as app:
            await app.open("r2")
            assert not world.fetched and not app.find(ft.Image)
            await app.press(f"submission.file_show.{AT}")
            await app.until(lambda: f"submission.file_picture.{AT}" in app.ids())
            assert world.fetched == [FILE] and app.find(ft.Image)[0].src == PNG
            await app.press(f"submission.file_picture.{AT}")
            assert "submission.file_large" in app.ids()
            await app.press("submission.file_close")
            assert not any(one.open for one in app.find(ft.AlertDialog)) and world.fetched == [FILE]

    run(story)


def test_a_server_that_is_away_is_told_at_the_photo_and_may_be_tried_again() -> None:
    async def story() -> None:
        world = MergeWorld(away=True)
        async with ReviewWindow(world, (390, 844)) as app:
            await app.open("r2")
            await app.press(f"submission.file_show.{AT}")
            await app.until(lambda: "submission.file_trouble" in app.ids())
            assert app.desk.problem is None and app.words("submission.file_trouble")
            world.away = False
            await app.press(f"submission.file_show.{AT}")
            await app.until(lambda: f"submission.file_picture.{AT}" in app.ids())
            assert "submission.file_trouble" not in app.ids()

    run(story)


def test_other_files_have_a_name_and_can_be_saved() -> None:
    async def story() -> None:
        async with ReviewWindow(MergeWorld()) as app:
            await app.open("r2")
            assert "sunet.mp3" in app.words("submission.file.data_c_rent_sound")
            assert "Save a copy" in app.words("submission.file_save.data_c_rent_sound")
            assert f"submission.file_save.{AT}" not in app.ids()

    run(story)


def test_a_files_own_name_is_shown_and_only_pictures_are_drawn() -> None:
    assert plain_name(FILE) == "scrisoare.png" and plain_name("a-b.jpg") == "a-b.jpg"
    assert (
        drawable(PNG) and drawable(b"\xff\xd8\xff\xe0") and not drawable(b"<svg>") and not drawable(b"%PDF")
    )
