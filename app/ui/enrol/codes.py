"""A code that leaves the screen: as QR picture, as text in groups, and copied."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.enrol.qr import qr_picture
from app.ui.ids import tag
from app.ui.pieces import button, col, row, text, wrap
from app.ui.theme import R_FIELD, S2, S3, S4, SUNK

Icons = ft.Icons
GROUP = 5
LARGEST, SMALLEST = 380, 200


def grouped(code: str) -> str:
    """The code in groups of five after its first part, so that it can be read aloud and compared."""
    head, mark, rest = code.rpartition("-1")
    if not mark:
        return code
    return f"{head}-1 " + " ".join(rest[at : at + GROUP] for at in range(0, len(rest), GROUP))


def code_text(c: Ctx, identifier: str, desk: Desk, code: str, label: str) -> ft.Control:
    """The code as text with its button to copy."""

    async def copy() -> None:
        await ft.Clipboard().set(code)
        desk.say(c._("The code was copied."))

    words = tag(
        f"{identifier}.text",
        ft.Container(
            text(c, c.ltr(grouped(code)), "answer", selectable=True),
            bgcolor=SUNK,
            border_radius=R_FIELD,
            padding=S4,
        ),
        f"{label}: {code}",
    )
    act = button(
        c,
        f"{identifier}.copy",
        c._("Copy the code"),
        copy,
        kind="outlined",
        icon=Icons.CONTENT_COPY_ROUNDED,
        small=True,
        expand=c.compact or None,
    )
    return col(words, row(act) if c.compact else wrap(act), spacing=S3, stretch=True)


def code_picture(c: Ctx, identifier: str, desk: Desk, code: str, label: str, width: float) -> ft.Control:
    """The code as QR, as large as `width` dp and the window allow."""
    side = max(SMALLEST, min(LARGEST, width - 2 * S2, c.height - 220))
    matrix = desk.cases.enrolment.qr_matrix(code)
    return qr_picture(c, f"{identifier}.qr", matrix, c._("QR code: {label}", label=label), side)


def code_box(c: Ctx, identifier: str, desk: Desk, code: str, label: str, width: float) -> ft.Control:
    """Picture and text below each other."""
    return col(
        row(code_picture(c, identifier, desk, code, label, min(width, 320))),
        code_text(c, identifier, desk, code, label),
        spacing=S3,
        stretch=True,
    )
