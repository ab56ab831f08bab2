"""What needs no decision, folded; and the merged record as it would be."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, card, col, dim, gap, grow, hairline, icon, note, row, sheet, text
from app.ui.pieces.layout import CROSS
from app.ui.review.merge_lines import author
from app.ui.review.merge_models import MergeModel
from app.ui.review.plainly import plainly
from app.ui.signals import use_signal
from app.ui.theme import INK2, R_SMALL, S1, S2, S3, S4, S5, TONES
from app.usecases.conflict_views import MergeLine, MergePage, PreviewLine

Icons = ft.Icons


@part
def Taken(c: Ctx, model: MergeModel, page: MergePage) -> ft.Control:
    """The changes that only one side made, or both alike; one line each when unfolded."""
    use_signal(model.words)
    count = len(page.taken)
    if not count:
        return gap(0)
    shown = model.open_taken
    label = c.n_("{n} change is agreed", "{n} changes are agreed", count)
    mark = Icons.EXPAND_LESS_ROUNDED if shown else Icons.EXPAND_MORE_ROUNDED
    words = col(
        text(c, label, "subtitle"), dim(c, c._("Only one side changed these, or both alike.")), spacing=0
    )
    head = ft.Container(
        row(grow(words), icon(mark, INK2, 24), spacing=S3),
        padding=ft.Padding.symmetric(horizontal=S4 if c.compact else S5, vertical=S4),
        ink=True,
        on_click=c.on(model.fold),
    )
    lines = [_taken(c, page, one) for one in page.taken] if shown else []
    folded = tag("merge.taken", head, label, button=True, expanded=shown)
    return card(
        col(folded, *lines, spacing=0, stretch=True), padding=0, clip_behavior=ft.ClipBehavior.ANTI_ALIAS
    )


def _taken(c: Ctx, page: MergePage, one: MergeLine) -> ft.Control:
    side = page.ours if one.side == "ours" else page.theirs
    who = c._("both") if one.side == "both" else author(c, side)
    answer = one.theirs if one.side == "theirs" else one.ours
    said = plainly(c, answer or "") or (c._("Taken away") if answer is None else c._("No answer"))
    before = []
    if one.before is not None:
        before = [dim(c, c._("was {answer}", answer=plainly(c, one.before) or c._("no answer")))]
    words = col(dim(c, one.label, "body"), text(c, said, "strong"), *before, spacing=0, stretch=True)
    line = row(grow(words), dim(c, who, "meta_strong"), spacing=S3, align=CROSS.START)
    side_pad = S4 if c.compact else S5
    held = ft.Container(line, padding=ft.Padding.symmetric(horizontal=side_pad, vertical=S3))
    return col(
        ft.Container(hairline(), padding=ft.Padding.symmetric(horizontal=side_pad)),
        held,
        spacing=0,
        stretch=True,
    )


def Preview(c: Ctx, model: MergeModel) -> ft.BottomSheet:
    """The whole record as the choices so far would make it; what would be missing is said first."""
    found = model.cases.merge_preview(model.worker, model.record, model.read().language)
    parts: list[ft.Control] = []
    left = model.undecided()
    if left:
        said = c.n_(
            "{n} answer is not chosen yet; version 1 is shown there.",
            "{n} answers are not chosen yet; version 1 is shown there.",
            left,
        )
        parts += [note(c, said, Icons.RADIO_BUTTON_UNCHECKED_ROUNDED, "warn"), gap(S3)]
    for question, message in found.problems:
        words = (
            f"{question}: {message}" if message else c._("{question}: an answer is needed", question=question)
        )
        parts += [note(c, words, Icons.ERROR_OUTLINE_ROUNDED, "bad"), gap(S3)]
    merged = [line for line in found.lines if line.merged]
    if merged:
        parts += [
            _title(c, c._("From the merge"), 2),
            gap(S1),
            *(_shown(c, line) for line in merged),
            gap(S4),
        ]
        parts.append(_title(c, c._("The whole record"), 2))
    for line in found.lines:
        if line.kind == "section":
            parts += [gap(S3), _title(c, line.label, 3), gap(S1)]
        else:
            parts.append(_shown(c, line))
    parts += [
        gap(S4),
        row(button(c, "merge.preview_close", c._("Close"), lambda: model.show_preview(False), kind="tonal")),
        gap(S4),
    ]
    return sheet(
        c,
        "merge.preview_sheet",
        c._("The merged record"),
        *parts,
        on_dismiss=lambda: model.show_preview(False) if model.preview else None,
    )


def _title(c: Ctx, words: str, level: int) -> ft.Control:
    return ft.Semantics(content=text(c, words, "subtitle" if level == 2 else "label"), heading_level=level)


def _shown(c: Ctx, line: PreviewLine) -> ft.Control:
    answer, merged = plainly(c, line.answer) or c._("No answer"), line.merged
    said = text(c, answer, "strong", TONES["accent"].on_ground) if merged else text(c, answer, "body")
    inset = S1 if merged else 0
    held = ft.Container(
        said,
        bgcolor=TONES["accent"].ground if merged else None,
        border_radius=R_SMALL,
        padding=ft.Padding.symmetric(horizontal=S2 if merged else 0, vertical=inset),
    )
    label = ft.Container(dim(c, line.label, "body"), padding=ft.Padding.symmetric(vertical=inset))
    if c.compact:
        inner: ft.Control = col(label, row(held, wrap=True), spacing=0, stretch=True)
    else:
        label.expand = 5
        inner = row(
            label,
            ft.Container(row(held, wrap=True), expand=6),
            spacing=S4,
            align=CROSS.START,
        )
    return ft.Container(inner, padding=ft.Padding.symmetric(vertical=S1))
