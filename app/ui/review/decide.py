"""The decision: approve, send back, reject; and the two questions that are asked before some of them."""

from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.guard import part
from app.ui.pieces import button, col, dialog, dim, row, spacer, text, text_field
from app.ui.review.models import RecordModel, neighbours
from app.ui.signals import use_signal
from app.ui.theme import CARD, LINE, S2, S3
from app.usecases.views import SubmissionPage

Icons = ft.Icons
DECIDED = ("approved", "rejected")


@part
def bar(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Callable[[str], None]) -> ft.Control:
    """The bottom bar. Sending back says how many comments go along."""
    use_signal(model.words)
    count = len(model.drafts())
    reject = button(
        c,
        "submission.reject",
        c._("Reject"),
        lambda: model.ask("reject"),
        kind="danger",
        icon=Icons.BLOCK_ROUNDED,
    )
    label = (
        c.n_("Send back with {n} comment", "Send back with {n} comments", count)
        if count
        else c._("Send back")
    )
    back = button(
        c,
        "submission.send_back",
        label,
        lambda: model.ask("send_back"),
        kind="outlined",
        icon=Icons.REPLY_ROUNDED,
    )
    approve = button(
        c,
        "submission.approve",
        c._("Approve"),
        lambda: _approve(c, model, page, on_close),
        icon=Icons.CHECK_ROUNDED,
        disabled=page.row.state == "approved",
    )
    if c.compact:
        approve.expand = True
        inner: ft.Control = col(row(reject, back, wrap=True), row(approve), spacing=S2, stretch=True)
    else:
        inner = row(reject, spacer(), back, approve, spacing=S3)
    return ft.Container(
        inner,
        bgcolor=CARD,
        border=ft.Border(top=ft.BorderSide(1, LINE)),
        padding=ft.Padding.symmetric(horizontal=c.gutter, vertical=S3),
    )


def dialogs(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Callable[[str], None]) -> None:
    """Shows the question that is open. Call it in the component's body: it is a hook."""
    shown = None
    if model.asking == "reject":
        shown = _ask_reason(c, model, page, on_close)
    elif model.asking == "send_back":
        shown = _ask_note(c, model, page, on_close)
    ft.use_dialog(shown)


def _ask_reason(
    c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Callable[[str], None]
) -> ft.AlertDialog:
    body = col(
        text(
            c,
            c._(
                "A rejected record counts for nothing: not for the household, not for any figure. It is kept."
            ),
        ),
        _field(c, model, "submission.reason", c._("Why must it not count?")),
        spacing=S3,
        stretch=True,
    )
    return dialog(
        c,
        "submission.reject_dialog",
        c._("Reject this record?"),
        body,
        c._("Reject"),
        lambda: _reject(c, model, page, on_close),
        lambda: model.ask(""),
        danger=True,
    )


def _ask_note(
    c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Callable[[str], None]
) -> ft.AlertDialog:
    count = len(model.drafts())
    said = c.n_(
        "{n} comment goes along, at its question.", "{n} comments go along, each at its question.", count
    )
    if not count:
        said = c._("There is no comment at a question yet. Say here what should be looked at again.")
    body = col(
        text(c, said),
        _field(c, model, "submission.note", c._("A word about the whole record (optional)")),
        dim(c, c._("It comes back to {person} with the next sync.", person=page.row.by)),
        spacing=S3,
        stretch=True,
    )
    return dialog(
        c,
        "submission.send_back_dialog",
        c._("Send it back?"),
        body,
        c._("Send back"),
        lambda: _send_back(c, model, page, on_close),
        lambda: model.ask(""),
    )


def _field(c: Ctx, model: RecordModel, identifier: str, label: str) -> ft.Control:
    def typed(event: ft.ControlEvent) -> None:
        model.reason = event.control.value or ""

    return text_field(c, identifier, label, model.reason, typed, hint=label, lines=3)


async def _approve(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Callable[[str], None]) -> None:
    desk = model.desk
    await desk.in_thread(desk.cases.approve, desk.worker, model.record, page.row.revision)
    _done(model, c._("Approved. It leaves this computer with the next sync."), on_close)


async def _send_back(
    c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Callable[[str], None]
) -> None:
    desk, note = model.desk, model.reason
    count = len(model.drafts())
    model.ask("")
    await desk.in_thread(desk.cases.send_back, desk.worker, model.record, note, page.row.revision)
    said = c.n_("Sent back with {n} comment.", "Sent back with {n} comments.", count)
    _done(model, said + " " + c._("It leaves this computer with the next sync."), on_close)


async def _reject(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Callable[[str], None]) -> None:
    desk, reason = model.desk, model.reason
    model.ask("")
    await desk.in_thread(desk.cases.reject, desk.worker, model.record, reason, page.row.revision)
    _done(model, c._("Rejected. It leaves this computer with the next sync."), on_close)


def _done(model: RecordModel, said: str, on_close: Callable[[str], None]) -> None:
    """On to the next record that wants a decision, or back to the queue where none is left."""
    before, after = neighbours(model)
    desk = model.desk
    following = after or before
    if following is None:
        on_close("finished")
    else:
        model.go_to(following)
    desk.sync.refresh()
    desk.data.emit()
    desk.say(said)
