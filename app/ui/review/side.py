"""Beside the answers: what this machine checked, and the record's revisions."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.i18n import N_
from app.ui.pieces import card, col, dim, grow, row, text, tile
from app.ui.pieces.layout import CROSS
from app.ui.review.comments import bubble
from app.ui.theme import S3, S4
from app.usecases.views import Comment, RevisionRow, Signal, SubmissionPage

Icons = ft.Icons
SIGNALS: dict[str, tuple[str, str, ft.IconData]] = {
    "signed": (
        N_("Signature checked"),
        N_("Written by an enrolled device, unchanged since"),
        Icons.VERIFIED_USER_OUTLINED,
    ),
    "in_log": (N_("In the server's log"), N_("Entry {index}"), Icons.RECEIPT_LONG_OUTLINED),
    "duration": (N_("{minutes} minutes"), N_("From opening the form to finishing it"), Icons.TIMER_OUTLINED),
    "changed": (
        N_("{count} answers differ"),
        N_("Compared with the last visit"),
        Icons.COMPARE_ARROWS_ROUNDED,
    ),
}


def side_cards(c: Ctx, page: SubmissionPage) -> list[ft.Control]:
    whole = [one for line in page.lines if line.ref == "" for one in line.comments]
    cards = [_card(c, c._("Signals"), *[_signal(c, one) for one in page.signals])]
    if page.revisions:
        revisions = [_revision(c, one, len(page.revisions) - n) for n, one in enumerate(page.revisions)]
        cards.append(_card(c, c._("Revisions"), *revisions))
    if whole:
        cards.append(_card(c, c._("About the whole record"), *[_said(c, one) for one in whole]))
    return cards


def _card(c: Ctx, title: str, *rows: ft.Control) -> ft.Control:
    heading = ft.Semantics(content=text(c, title, "subtitle"), heading_level=2)
    return card(col(heading, *rows, spacing=S4, stretch=True))


def _signal(c: Ctx, one: Signal) -> ft.Control:
    title, body, mark = SIGNALS[one.code]
    words = col(
        text(c, c._(title, **one.detail), "strong"), dim(c, c._(body, **one.detail)), spacing=0, stretch=True
    )
    return row(tile(mark, one.tone, 36), grow(words), spacing=S3, align=CROSS.START)


def _revision(c: Ctx, one: RevisionRow, number: int) -> ft.Control:
    said = (
        c._("First sent") if one.first else c.n_("{n} answer corrected", "{n} answers corrected", one.changes)
    )
    words = col(
        text(c, c._("Revision {n}", n=number), "strong"),
        dim(c, f"{said} · {one.by}"),
        dim(c, moment(c, one.at)),
        spacing=0,
        stretch=True,
    )
    mark = Icons.ARTICLE_OUTLINED if one.first else Icons.EDIT_ROUNDED
    return row(tile(mark, "neutral" if one.first else "clay", 36), grow(words), spacing=S3, align=CROSS.START)


def _said(c: Ctx, one: Comment) -> ft.Control:
    return bubble(c, one.by, moment(c, one.at), one.text)
