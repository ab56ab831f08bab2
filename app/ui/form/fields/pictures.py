"""Photos: chosen from the device's pictures (or taken, where the picker offers the camera), kept encrypted at once."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.idents import part_id, question_id
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import button, col, note, wrap

MOST_BYTES = 12 * 1024 * 1024


@leaf
def picture_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """The photo as it is kept, and the buttons to take, replace or remove it."""
    trouble, say = ft.use_state("")
    picker = ft.use_ref(lambda: ft.FilePicker())

    async def choose() -> None:
        files = await picker.current.pick_files(
            file_type=ft.FilePickerFileType.IMAGE, with_data=True, dialog_title=plain(model.frame.label)
        )
        say(_take(c, session, model, files[0]) if files else "")

    kept = session.attachment(model.written) if model.written else None
    parts: list[ft.Control] = []
    if kept:
        parts.append(picture(c, kept, model))
    elif model.written:
        parts.append(
            note(c, c._("This photo is kept with an earlier version of the record."), ft.Icons.IMAGE_OUTLINED)
        )
    if trouble:
        parts.append(note(c, trouble, ft.Icons.INFO_OUTLINE_ROUNDED, "warn"))
    parts.append(wrap(*_buttons(c, session, model, choose)))
    return col(*parts, spacing=t.S3, stretch=True)


def _buttons(c: Ctx, session: FormSession, model: QuestionModel, choose: Any) -> list[ft.Control]:
    label = c._("Choose another photo") if model.written else c._("Choose a photo")
    buttons: list[ft.Control] = [
        button(c, question_id(model.ref), label, choose, kind="tonal", icon=ft.Icons.ADD_A_PHOTO_OUTLINED)
    ]
    if model.written:
        buttons.append(
            button(
                c,
                part_id(model.ref, "remove"),
                c._("Remove"),
                lambda: session.chose(model, ""),
                kind="text",
                small=True,
            )
        )
    return buttons


def _take(c: Ctx, session: FormSession, model: QuestionModel, file: Any) -> str:
    """Keep the picked file; returns what to tell the person, empty where all went well."""
    forget_copy(getattr(file, "path", None))
    if not file.bytes:
        return c._("The photo could not be read. Try again, or go on without it.")
    if len(file.bytes) > MOST_BYTES:
        return c._("This photo is larger than 12 MB. Take it at a smaller size.")
    session.attach(model, safe_name(file.name), file.bytes)
    return ""


def forget_copy(path: str | None) -> None:
    """Android's picker leaves a readable copy of what was picked in the app's own temporary folder; it goes as soon
    as the bytes are here. A picture of the person's own, anywhere else, is left alone."""
    ours = os.environ.get("FLET_APP_STORAGE_TEMP")
    if not path or not ours:
        return
    copy = Path(path).resolve()
    if copy.is_relative_to(Path(ours).resolve()) and copy.is_file():
        with suppress(OSError):  # the system clears this folder too
            copy.unlink()


def safe_name(name: str) -> str:
    """A file name without folders, spaces or anything that a picture's name does not need."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1])
    return stem.strip("-.")[-60:] or "photo.jpg"


def picture(c: Ctx, data: bytes, model: QuestionModel) -> ft.Control:
    """The kept photo, never larger than a hand."""
    shown = ft.Image(src=data, height=220, fit=ft.BoxFit.CONTAIN, border_radius=t.R_SMALL)
    box = ft.Container(
        shown, bgcolor=t.SUNK, border_radius=t.R_FIELD, padding=t.S2, alignment=ft.Alignment.CENTER
    )
    return tag(part_id(model.ref, "picture"), box, plain(model.frame.label), image=True)
