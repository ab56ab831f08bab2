"""The files of a submission: a photo, signature or drawing as a picture, anything else by its name.

Nothing is fetched or opened before somebody asks for it; it then stays on this machine, sealed.
"""

from dataclasses import dataclass
from threading import Event

import flet as ft

from app.protocol.errors import Problem
from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, col, dim, icon, icon_button, row, spinner, text, wrap
from app.ui.pieces.buttons import Handler
from app.ui.pieces.layout import CROSS
from app.ui.pieces.notices import tell
from app.ui.review.models import RecordModel, ident
from app.ui.review.plainly import plain_name
from app.ui.theme import INK2, LINE, R_FIELD, S2, S3, S4, SUNK, TONES
from app.usecases.attachments import Cancelled
from app.usecases.views import AnswerLine, ProblemText

Icons = ft.Icons
HEIGHT = 180
SHOWN = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")  # what every client draws
MARKS = {
    "image": Icons.IMAGE_OUTLINED,
    "audio": Icons.GRAPHIC_EQ_ROUNDED,
    "video": Icons.MOVIE_OUTLINED,
    "file": Icons.ATTACH_FILE_ROUNDED,
}


@dataclass(frozen=True)
class _Seen:
    """What is known of one file so far."""

    busy: bool = False
    data: bytes | None = None
    problem: ProblemText | None = None
    large: bool = False


@part
def File(c: Ctx, model: RecordModel, line: AnswerLine) -> ft.Control:
    """One file; pressing it fetches and opens it. A failed fetch is told here, calmly, and may be tried again."""
    seen, see = ft.use_state(_Seen())
    stop = ft.use_ref(Event).current
    picker = ft.use_ref(lambda: ft.FilePicker())
    use_effect(lambda: None, [], stop.set)  # a screen that is left fetches nothing more

    async def fetch() -> bytes | None:
        if seen.data is not None:
            return seen.data
        see(_Seen(busy=True))
        desk = model.desk
        try:
            data: bytes = await desk.in_thread(
                lambda: desk.cases.reviewing.attachment(desk.worker, model.record, line.file, cancel=stop)
            )
        except Cancelled:
            return None
        except Problem as problem:
            see(_Seen(problem=desk.cases.problem_text(problem)))
            return None
        see(_Seen(data=data))
        return data

    async def save() -> None:
        data = await fetch()
        if data is not None:
            await picker.current.save_file(file_name=plain_name(line.file), src_bytes=data)

    picture = line.medium == "image" and (seen.data is None or drawable(seen.data))
    ft.use_dialog(_large(c, line, seen.data, lambda: see(_Seen(data=seen.data))) if seen.large else None)
    parts: list[ft.Control] = []
    if picture and seen.data is not None:
        data = seen.data
        parts.append(_picture(c, line, data, lambda: see(_Seen(data=data, large=True))))
    elif seen.busy:
        parts.append(_busy(c))
    else:
        parts.append(_named(c, line, fetch if picture else None))
    if seen.problem is not None:
        parts.append(_trouble(c, seen.problem))
    if not picture and not seen.busy and model.desk.role == "supervisor":
        name = f"submission.file_save.{ident(line.ref)}"
        act = button(
            c, name, c._("Save a copy"), save, kind="outlined", icon=Icons.SAVE_ALT_ROUNDED, small=True
        )
        parts.append(wrap(act))
    return col(*parts, spacing=S2, stretch=True)


def drawable(data: bytes) -> bool:
    """Whether every client can draw this; anything else is offered as a file."""
    return data.startswith(SHOWN)


def _named(c: Ctx, line: AnswerLine, show: Handler | None) -> ft.Control:
    """The name of a file, and for a picture the way to see it."""
    name = row(
        icon(MARKS[line.medium], INK2, 22),
        text(c, plain_name(line.file), "body", expand=True, expand_loose=True),
        spacing=S2,
        tight=True,
    )
    if show is None:
        return tag(f"submission.file.{ident(line.ref)}", name)
    label = c._("Show the picture")
    act = button(
        c,
        f"submission.file_show.{ident(line.ref)}",
        label,
        show,
        kind="tonal",
        icon=MARKS[line.medium],
        small=True,
    )
    return wrap(act)


def _busy(c: Ctx) -> ft.Control:
    return tag(
        "submission.file_busy",
        row(spinner(), dim(c, c._("Fetching and opening …"), "body"), spacing=S3, tight=True),
        live_region=True,
    )


def _trouble(c: Ctx, problem: ProblemText) -> ft.Control:
    """What went wrong, in the calm colour: the photo is safe wherever it is."""
    told = tell(c, problem)
    ground, front, _ = TONES["warn"]
    words = col(
        text(c, told.title, "strong", front),
        text(c, f"{told.happened} {told.lost} {told.todo}", "body", front),
        spacing=2,
        stretch=True,
    )
    return tag(
        "submission.file_trouble",
        ft.Container(words, bgcolor=ground, border_radius=R_FIELD, padding=S4),
        live_region=True,
    )


def _picture(c: Ctx, line: AnswerLine, data: bytes, enlarge: Handler) -> ft.Control:
    spoken = c._("Picture: {question}. Press to see it large.", question=line.label)
    shown = ft.Container(
        ft.Image(src=data, height=HEIGHT, fit=ft.BoxFit.CONTAIN, border_radius=R_FIELD - 4),
        bgcolor=SUNK,
        border=ft.Border.all(1, LINE),
        border_radius=R_FIELD,
        padding=S2,
        alignment=ft.Alignment.CENTER,
        ink=True,
        on_click=c.on(enlarge),
    )
    return tag(f"submission.file_picture.{ident(line.ref)}", shown, spoken, button=True)


def _large(c: Ctx, line: AnswerLine, data: bytes | None, close: Handler) -> ft.AlertDialog | None:
    """The picture as large as the window lets it be."""
    if data is None:
        return None
    wide, high = max(240, c.width - 96), max(240, c.height - 200)
    picture = ft.InteractiveViewer(
        ft.Image(src=data, width=wide, height=high, fit=ft.BoxFit.CONTAIN), min_scale=1, max_scale=6
    )
    shut = icon_button(c, "submission.file_close", Icons.CLOSE_ROUNDED, c._("Close"), close)
    head = row(
        ft.Container(text(c, line.label, "subtitle"), expand=True), shut, spacing=S3, align=CROSS.CENTER
    )
    return ft.AlertDialog(
        title=head,
        content=tag(
            "submission.file_large", ft.Container(picture, width=wide, height=high), line.label, image=True
        ),
        content_padding=S4,
        inset_padding=S4,
        on_dismiss=c.on(close),
    )
