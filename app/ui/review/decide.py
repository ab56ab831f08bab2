"""The decision: approve, send back, reject; and the question that is asked before some of them."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.protocol.errors import Problem
from app.ui.ctx import Ctx
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import banner, button, col, dim, gap, row, spacer, text, text_field, wrap
from app.ui.pieces.layout import MAIN
from app.ui.review.models import RecordModel, neighbours, queue_of
from app.ui.signals import use_signal
from app.ui.theme import CARD, LINE, S2, S3, S4, S5, S6
from app.usecases.views import SubmissionPage

Icons = ft.Icons
Close = Callable[[str], None]


@part
def Bar(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Close) -> ft.Control:
    """The bottom bar. Sending back says how many comments go along."""
    use_signal(model.words)
    ft.use_dialog(_dialog(c, model, page, on_close))
    reject, back, approve = (
        _reject_button(c, model, page),
        _back_button(c, model),
        _approve_button(c, model, page, on_close),
    )
    if page.row.state == "inConflict":
        return _bar(c, row(reject, spacer(), _merge_button(c, model), spacing=S3))
    if c.compact:
        inner: ft.Control = col(wrap(reject, back), row(approve), spacing=S2, stretch=True)
    else:
        inner = row(reject, spacer(), back, approve, spacing=S3)
    return _bar(c, inner)


def in_conflict(c: Ctx, model: RecordModel, page: SubmissionPage) -> list[ft.Control]:
    """Above a record in conflict: what happened, that nothing is lost, and what comes first."""
    if page.row.state != "inConflict":
        return []
    told = banner(
        c,
        "submission.conflict",
        Icons.CALL_SPLIT_ROUNDED,
        c._("Two people corrected this record at the same time"),
        c._("Both versions are kept. This is the one that came last. Merge them before you decide."),
        "warn",
    )
    return [told, gap(S4)]


def _merge_button(c: Ctx, model: RecordModel) -> ft.Control:
    return button(
        c,
        "submission.merge",
        c._("Merge the versions"),
        lambda: model.desk.nav.go("merge", record=model.record),
        icon=Icons.MERGE_ROUNDED,
    )


def _bar(c: Ctx, inner: ft.Control) -> ft.Control:
    return ft.Container(
        inner,
        bgcolor=CARD,
        border=ft.Border(top=ft.BorderSide(1, LINE)),
        padding=ft.Padding.symmetric(horizontal=c.gutter, vertical=S3),
    )


def _reject_button(c: Ctx, model: RecordModel, page: SubmissionPage) -> ft.Control:
    return button(
        c,
        "submission.reject",
        c._("Reject"),
        lambda: model.ask("reject"),
        kind="danger",
        icon=Icons.BLOCK_ROUNDED,
        disabled=page.row.state == "rejected",
    )


def _back_button(c: Ctx, model: RecordModel) -> ft.Control:
    count = model.going_along()
    label = c._("Send back")
    if count and c.compact:
        label = c._("Send back ({n})", n=count)
    elif count:
        label = c.n_("Send back with {n} comment", "Send back with {n} comments", count)
    return button(
        c,
        "submission.send_back",
        label,
        lambda: model.ask("send_back"),
        kind="outlined",
        icon=Icons.REPLY_ROUNDED,
        disabled=not model.may_send_back(),
    )


def _approve_button(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Close) -> ft.Control:
    return button(
        c,
        "submission.approve",
        c._("Approve"),
        lambda: _approve(c, model, page, on_close),
        icon=Icons.CHECK_ROUNDED,
        disabled=page.row.state == "approved",
        expand=True if c.compact else None,
    )


def _dialog(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Close) -> ft.AlertDialog | None:
    if model.asking == "reject":
        return _ask_reason(c, model, page, on_close)
    if model.asking == "send_back":
        return _ask_sending(c, model, page, on_close)
    return None


def _ask_reason(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Close) -> ft.AlertDialog:
    label = c._("Why must it not count?")

    def typed(event: ft.ControlEvent) -> None:
        before = bool(model.reason.strip())
        model.reason = event.control.value or ""
        if before != bool(model.reason.strip()):
            model.words.emit()

    said = c._(
        "A rejected record counts for nothing, neither for the household nor in any figure. It is kept."
    )
    field = text_field(c, "submission.reason", label, model.reason, typed, lines=3, autofocus=True)
    body = col(text(c, said), text(c, label, "label"), field, spacing=S3, stretch=True)
    act = button(
        c,
        "submission.reject_confirm",
        c._("Reject"),
        lambda: _reject(c, model, page, on_close),
        kind="danger",
        small=True,
        disabled=not model.reason.strip(),
    )
    return _question(c, model, "submission.reject_dialog", c._("Reject this record?"), body, act)


def _ask_sending(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Close) -> ft.AlertDialog:
    count, said = model.going_along(), []
    if count:
        said.append(
            c.n_(
                "{n} comment goes along, at its question.",
                "{n} comments go along, each at its question.",
                count,
            )
        )
    if model.note.strip():
        said.append(c._("Your note on the whole record goes along."))
    comes = c._("It leaves this computer with the next sync, and comes back to whoever filled it in.")
    if page.row.by:
        comes = c._(
            "It leaves this computer with the next sync, and comes back to {person}.", person=page.row.by
        )
    body = col(*[text(c, one) for one in said], dim(c, comes, "body"), spacing=S2, stretch=True)
    act = button(
        c,
        "submission.send_back_dialog.confirm",
        c._("Send back"),
        lambda: _send_back(c, model, page, on_close),
        small=True,
        autofocus=True,
    )
    return _question(c, model, "submission.send_back_dialog", c._("Send it back?"), body, act)


def _question(
    c: Ctx, model: RecordModel, identifier: str, title: str, body: ft.Control, act: ft.Control
) -> ft.AlertDialog:
    """Like the kit's dialog, but its act may wait for words and its field has the focus."""
    cancel = button(
        c, f"{identifier}.cancel", c._("Cancel"), lambda: model.ask(""), kind="outlined", small=True
    )
    held = ft.Container(body, width=min(440, c.width - 80))
    return ft.AlertDialog(
        modal=True,
        title=text(c, title, "title"),
        content=tag(identifier, held, container=True),
        content_padding=ft.Padding(left=S6, right=S6, top=S3, bottom=S3),
        actions_padding=S5,
        actions=[wrap(cancel, act)],
        actions_alignment=MAIN.END,
        scrollable=True,
        on_dismiss=c.on(lambda: model.ask("") if model.asking else None),
    )


async def _approve(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Close) -> None:
    cases = model.desk.cases
    said = c._("Approved. It leaves this computer with the next sync.")
    await _decide(model, on_close, said, cases.approve, page.row.revision)


async def _send_back(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Close) -> None:
    cases, count = model.desk.cases, model.going_along()
    said = c._("Sent back with your note.")
    if count:
        said = c.n_("Sent back with {n} comment.", "Sent back with {n} comments.", count)
    said += " " + c._("It leaves this computer with the next sync.")
    await _decide(model, on_close, said, cases.send_back, "", page.row.revision)


async def _reject(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Close) -> None:
    cases, reason = model.desk.cases, model.reason
    said = c._("Rejected. It leaves this computer with the next sync.")
    await _decide(model, on_close, said, cases.reject, reason, page.row.revision)


async def _decide(
    model: RecordModel, on_close: Close, said: str, decision: Callable[..., Any], *arguments: str
) -> None:
    """Seal the decision and go on. What was refused is told, and the record is read again as it is now.

    The note is among the kept comments (its ref is empty), so that it survives a lock; it goes along with them.
    """
    if model.deciding:
        return
    desk, (before, after) = model.desk, neighbours(model)
    model.deciding = True
    try:
        model.keep_written()
        model.ask("")
        await desk.in_thread(decision, desk.worker, model.record, *arguments)
    except Problem:
        model.stale()
        raise
    finally:
        model.deciding = False
    go_on(model, on_close, (after or before) if queue_of(desk).filter == "open" else None)
    desk.sync.refresh()
    desk.data.emit()
    desk.say(said)


def go_on(model: RecordModel, on_close: Close, following: str | None) -> None:
    """The next record, or the queue where none is left."""
    nav = model.desk.nav
    if following is None:
        on_close("finished")
    else:
        nav.close()
        nav.go("submission", record=following)
