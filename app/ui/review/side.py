"""Beside the answers: what this machine checked, the record's revisions, and words on the whole record."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.ids import tag
from app.ui.pieces import card, col, dim, grow, row, text, tile
from app.ui.pieces.layout import CROSS
from app.ui.review.comments import Note, bubble
from app.ui.review.models import RecordModel
from app.ui.theme import S3, S4, S5, TONES
from app.usecases.views import RevisionRow, Signal, SubmissionPage

Icons = ft.Icons
MARKS = {
    "signed": Icons.VERIFIED_USER_OUTLINED,
    "in_log": Icons.RECEIPT_LONG_OUTLINED,
    "duration": Icons.TIMER_OUTLINED,
    "entities": Icons.CALL_SPLIT_ROUNDED,
    "changed": Icons.COMPARE_ARROWS_ROUNDED,
}


def side_cards(c: Ctx, model: RecordModel, page: SubmissionPage) -> list[ft.Control]:
    """The cards, top to bottom."""
    cards = []
    if page.signals:
        cards.append(_card(c, "signals", c._("Signals"), *[_signal(c, one) for one in page.signals]))
    if page.revisions:
        count = len(page.revisions)
        apart = page.row.state == "inConflict"
        lines = [_revision(c, one, count - n, apart and one.standing) for n, one in enumerate(page.revisions)]
        cards.append(_card(c, "revisions", c._("Revisions"), *lines))
    whole = [one for line in page.lines if line.ref == "" for one in line.comments]
    said = [bubble(c, one.by, moment(c, one.at), one.text) for one in whole]
    note = Note(c, model, key=f"note.{model.record}")
    return [*cards, _card(c, "whole", c._("About the whole record"), *said, note)]


def _card(c: Ctx, name: str, title: str, *rows: ft.Control) -> ft.Control:
    heading = ft.Semantics(content=text(c, title, "subtitle"), heading_level=2)
    inner = col(heading, *rows, spacing=S4, stretch=True)
    return tag(f"submission.{name}", card(inner, padding=S4 if c.compact else S5), container=True)


def signal_words(c: Ctx, one: Signal) -> tuple[str, str]:
    """A signal as a person says it: the fact, and what it means. An unknown one keeps its own name."""
    detail = one.detail
    if one.code == "signed":
        return c._("Signature checked"), c._("Written on an enrolled tablet, unchanged since")
    if one.code == "in_log":
        return c._("Received by the server"), c._("Entry {index} of its log", **detail)
    if one.code == "duration":
        minutes = int(detail.get("minutes") or 0)
        said = c._("From opening the form to finishing it")
        if one.tone != "good":
            said = c._("Quick for a whole visit: please look twice")
        return c.n_("{n} minute", "{n} minutes", minutes), said
    if one.code == "entities":
        return c._("Also written down elsewhere"), c._(
            "Another record says something else about: {names}. The later one stands; look at both.", **detail
        )
    if one.code == "changed":
        count = int(detail.get("count") or 0)
        said = c._("Compared with the last visit")
        return (
            c.n_("{n} answer changed", "{n} answers changed", count) if count else c._("No answer changed")
        ), said
    return one.code.replace("_", " "), ", ".join(detail.values())


def _signal(c: Ctx, one: Signal) -> ft.Control:
    title, body = signal_words(c, one)
    words = col(text(c, title, "strong"), *([dim(c, body)] if body else []), spacing=0, stretch=True)
    mark = MARKS.get(one.code, Icons.INFO_OUTLINE_ROUNDED)
    return row(tile(mark, one.tone, 36), grow(words), spacing=S3, align=CROSS.START)


def _revision(c: Ctx, one: RevisionRow, number: int, apart: bool) -> ft.Control:
    said = c._("First sent")
    if one.merged:
        said = c._("Two versions merged")
    elif not one.first:
        said = c.n_("{n} answer corrected", "{n} answers corrected", one.changes)
    words = col(
        text(c, c._("Revision {n}", n=number), "strong"),
        dim(c, " · ".join(piece for piece in (said, one.by) if piece)),
        dim(c, moment(c, one.at)),
        *([text(c, c._("Waits to be merged"), "meta_strong", TONES["warn"].solid)] if apart else []),
        spacing=0,
        stretch=True,
    )
    mark = Icons.ARTICLE_OUTLINED if one.first else Icons.MERGE_ROUNDED if one.merged else Icons.EDIT_ROUNDED
    return row(tile(mark, "neutral" if one.first else "clay", 36), grow(words), spacing=S3, align=CROSS.START)
