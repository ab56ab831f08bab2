"""The ways from the list of profiles into joining; the list shows them where this app can enrol."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.model import joining_of
from app.ui.pieces import button, row
from app.ui.pieces.layout import MAIN

Icons = ft.Icons


def enrol_button(c: Ctx) -> ft.Control | None:
    """The one button of a tablet that nobody uses yet."""
    if c.desk is None or c.desk.cases.enrolment is None:
        return None
    start = joining_of(c.desk).start
    return button(c, "unlock.enrol", c._("Enrol this tablet"), start, icon=Icons.QR_CODE_SCANNER_ROUNDED)


def add_person(c: Ctx) -> list[ft.Control]:
    """A quiet way for one more person on a shared tablet."""
    if c.desk is None or c.desk.cases.enrolment is None:
        return []
    start = joining_of(c.desk).start
    add = button(
        c,
        "unlock.enrol",
        c._("Add a person"),
        start,
        kind="text",
        icon=Icons.PERSON_ADD_ALT_OUTLINED,
        small=True,
    )
    return [row(add, alignment=MAIN.CENTER)]


def waiting(c: Ctx) -> str:
    """What stands below the name of somebody who has not been let in yet."""
    return c._("Waiting for the supervisor")
