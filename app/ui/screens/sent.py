"""Sent: where each finished record is, said so that nobody has to guess.

Three groups, in the order of worry: what could not be sent, what is only on this tablet or on its way, and
what the server has. Each line says its state in a sentence; the four steps under it show how far it came.
"""

from collections.abc import Sequence

import flet as ft

from app.ui.alarm_card import AlarmCard
from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import (
    button,
    col,
    dim,
    empty,
    group,
    grow,
    journey,
    list_row,
    page_head,
    row,
    scroller,
    section,
    state_pill,
    text,
)
from app.ui.pieces.notices import tell
from app.ui.signals import use_signal
from app.ui.sync_card import sync_card
from app.ui.theme import S2, S3, S4, S5
from app.usecases.views import LedgerRow, RecordState

Icons = ft.Icons
WIDTH = 820
PORTION = 20
ON_THE_WAY = (RecordState.FINISHED, RecordState.SENDING)
# How many of the four steps (finished, sent, received, reviewed) a state has reached, and its colour.
REACHED = {
    RecordState.FINISHED: (1, "warn"),
    RecordState.SENDING: (2, "accent"),
    RecordState.RECEIVED: (3, "good"),
    RecordState.REVIEWED: (4, "good"),
    RecordState.SENT_BACK: (4, "clay"),
    RecordState.REJECTED: (4, "bad"),
    RecordState.IN_CONFLICT: (3, "warn"),
    RecordState.STOPPED: (1, "bad"),
}


@part
def screen(c: Ctx) -> ft.Control:
    """The ledger of the own records."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.data)
    use_signal(desk.sync.changed)
    rows: Sequence[LedgerRow] = desk.cases.ledger(desk.worker, c.language)
    head = page_head(c, c._("Sent"), c._("What has left this tablet, and what has not."))
    parts = _groups(c, rows) if rows else [_nothing(c)]
    return scroller(
        c, head, AlarmCard(c), sync_card(c, "sent", wide=True), *parts, width=WIDTH, key="sent", spacing=S5
    )


@part
def There(c: Ctx, rows: Sequence[LedgerRow]) -> ft.Control:
    """What the server has: a line each, the newest first, more on demand."""
    shown, show = ft.use_state(PORTION)
    lines = [_settled(c, one) for one in rows[:shown]]
    left = len(rows) - shown
    more = []
    if left > 0:
        label = c.n_("Show {n} more", "Show {n} more", min(left, PORTION))
        more = [
            row(button(c, "sent.more", label, lambda: show(shown + PORTION), kind="outlined", expand=True))
        ]
    return section(c, c._("With the server"), group(*lines), *more, count=len(rows))


def _settled(c: Ctx, one: LedgerRow) -> ft.Control:
    """One line: nothing more is asked of the person, so it says its state and takes no more room."""
    about = " · ".join(
        piece for piece in (one.form_title if one.household_label else "", said_of(c, one)) if piece
    )
    mark = state_pill(c, one.state.value)
    return list_row(c, f"sent.record.{one.record}", one.household_label or one.form_title, about, mark)


def _nothing(c: Ctx) -> ft.Control:
    return empty(
        c,
        "sent.none",
        Icons.OUTBOX_OUTLINED,
        c._("Nothing has been finished yet"),
        c._("When you finish a form, it waits here until the server has given a receipt."),
    )


def _groups(c: Ctx, rows: Sequence[LedgerRow]) -> list[ft.Control]:
    stopped = [one for one in rows if one.state == RecordState.STOPPED]
    waiting = [one for one in rows if one.state in ON_THE_WAY]
    there = [one for one in rows if one not in stopped and one not in waiting]
    parts: list[ft.Control] = []
    for title, some in ((c._("Could not be sent"), stopped), (c._("Not received yet"), waiting)):
        if some:
            parts.append(section(c, title, group(*[_record(c, one) for one in some]), count=len(some)))
    return [*parts, There(c, there)] if there else parts


def _record(c: Ctx, one: LedgerRow) -> ft.Control:
    title = one.household_label or one.form_title
    about = " · ".join(
        piece
        for piece in (
            one.form_title if one.household_label else "",
            c._("finished {when}", when=moment(c, one.finished_at)),
        )
        if piece
    )
    reached, tone = REACHED[one.state]
    part_done = one.parts_sent / one.parts if one.state == RecordState.SENDING and one.parts else None
    words = col(text(c, title, "strong"), dim(c, about), spacing=0)
    left = [file for file in one.files if file.state != "received"]
    held = one.log_index is not None and bool(left) and all(file.waits_for_wifi for file in left)
    mark = state_pill(c, one.state.value, one.parts_sent, one.parts, held=held)
    head = col(words, row(mark), spacing=S2) if c.compact else row(grow(words), mark, spacing=S3)
    said = [dim(c, line) for line in (said_of(c, one), *files_of(c, one))]
    body = col(head, journey(c, reached, tone, part_done), *said, spacing=S2 + 2, stretch=True)
    inset = ft.Container(body, padding=ft.Padding.symmetric(horizontal=S4 if c.compact else S5, vertical=S4))
    return tag(f"sent.record.{one.record}", inset, container=True)


def files_of(c: Ctx, one: LedgerRow) -> list[str]:
    """Its photos and files that have not been received, a line each."""
    words = {
        "waiting": c._("goes with the next sync"),
        "sending": c._("is on its way"),
        "stopped": c._("could not be sent"),
    }
    lines = []
    for number, file in enumerate(one.files, 1):
        if file.state == "received":
            continue
        state = c._("waits for Wi-Fi") if file.waits_for_wifi else words[file.state]
        lines.append(
            c._(
                "Photo {n} of {m} ({size}): {state}",
                n=number,
                m=len(one.files),
                size=_size(c, file.size),
                state=state,
            )
        )
    return lines


def _size(c: Ctx, size: int) -> str:
    if size < 1_000_000:
        return c._("{n} KB", n=max(1, round(size / 1_000)))
    return c._("{n} MB", n=f"{size / 1_000_000:.1f}".replace(".", "," if c.language == "ro" else "."))


def said_of(c: Ctx, one: LedgerRow) -> str:
    """The state of a record as a sentence that says what it means."""
    if one.state == RecordState.STOPPED and one.problem is not None:
        told = tell(c, one.problem)
        return f"{told.happened} {told.lost} {told.todo}"
    if one.state == RecordState.SENDING and one.log_index is not None:
        return c._("The server has the form and gave a receipt. Its photos follow.")
    if one.state == RecordState.SENDING:
        return c._("If the connection drops, it goes on from where it stopped.")
    if one.state == RecordState.RECEIVED and one.received_at is not None:
        return c._(
            "The server gave a receipt and this tablet checked it, {when}.", when=moment(c, one.received_at)
        )
    return {
        RecordState.FINISHED: c._("Encrypted and kept here. It goes with the next sync."),
        RecordState.RECEIVED: c._("The server gave a receipt and this tablet checked it."),
        RecordState.REVIEWED: c._("Your supervisor read it and approved it."),
        RecordState.SENT_BACK: c._("Your supervisor has a question. It is on the page “Today”."),
        RecordState.IN_CONFLICT: c._(
            "There are two versions of it. Both are kept; a supervisor will merge them."
        ),
        RecordState.REJECTED: c._("Your supervisor decided not to use it. It stays in the history."),
        RecordState.STOPPED: c._("It is kept here. Show this to your supervisor."),
    }.get(one.state, "")
