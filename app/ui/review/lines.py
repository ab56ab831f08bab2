"""The answers of a submission: question, last visit, this visit; what changed is marked, comments below."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import day
from app.ui.guard import part
from app.ui.pieces import button, col, dim, empty, gap, grow, icon_button, row, text
from app.ui.pieces.layout import CROSS
from app.ui.review.comments import comments
from app.ui.review.files import File
from app.ui.review.models import SHOWN, RecordModel, ident
from app.ui.review.plainly import plainly
from app.ui.signals import use_signal
from app.ui.theme import CARD, LINE, R_CARD, R_SMALL, S1, S2, S3, S4, S5, SUNK, TONES, TOUCH
from app.usecases.views import AnswerLine, SubmissionPage

Icons = ft.Icons
QUESTION, LAST, THIS = 5, 3, 5  # shares of the width
BAR = 4


def answer_lines(c: Ctx, model: RecordModel, page: SubmissionPage) -> list[ft.Control]:
    """Every line that the filter shows, each section as a card of lines, of which only those in sight are drawn."""
    sections = _sections(page, model.shown)
    if not sections:
        fact, following = c._("Nothing fits this filter"), c._("Choose “Everything” to see all answers.")
        act = button(c, "submission.show_all", c._("Everything"), lambda: model.show("all"), kind="tonal")
        return [empty(c, "submission.none", Icons.FILTER_ALT_OFF_OUTLINED, fact, following, act)]
    table, beside = c.expanded, page.previous_on is not None
    lines: list[ft.Control] = []
    for place, section in enumerate(sections):
        headed = table and place == 0
        if headed:
            lines.append(_columns(c, page))
        for n, line in enumerate(section):
            asked = line.kind == "question"
            content = (
                Line(c, model, line, table, beside, key=line.ref) if asked else _heading(c, line, section)
            )
            lines.append(_frame(content, n == 0 and not headed, n == len(section) - 1))
        lines.append(gap(S4))
    return lines


def _sections(page: SubmissionPage, name: str) -> list[list[AnswerLine]]:
    """The shown lines, a list a section; headings only where something stands below them."""
    fits = SHOWN[name][1]
    kept: list[list[AnswerLine]] = []
    waiting: list[AnswerLine] = []
    for line in page.lines:
        if line.kind != "question":
            waiting = [one for one in waiting if one.level < line.level] + [line]
        elif line.ref and fits(line):
            if not kept or any(one.kind == "section" for one in waiting):
                kept.append([])
            kept[-1] += [*waiting, line]
            waiting = []
    return kept


def _columns(c: Ctx, page: SubmissionPage) -> ft.Control:
    names = [ft.Container(dim(c, c._("Question"), "meta_strong"), expand=QUESTION)]
    if page.previous_on is not None:
        last = c._("Last visit, {day}", day=day(c, page.previous_on))
        names.append(ft.Container(dim(c, last, "meta_strong"), expand=LAST))
    names += [
        ft.Container(text(c, c._("This visit"), "meta_strong"), expand=THIS, padding=c.pad(start=S2 + 2)),
        ft.Container(width=TOUCH),
    ]
    side = ft.BorderSide(1, LINE)
    return ft.Container(
        row(*names, spacing=S4),
        padding=c.pad(S5, S3, S2, S3),
        bgcolor=SUNK,
        border=ft.Border(left=side, right=side, top=side, bottom=side),
        border_radius=ft.BorderRadius(top_left=R_CARD, top_right=R_CARD, bottom_left=0, bottom_right=0),
    )


def _heading(c: Ctx, line: AnswerLine, section: list[AnswerLine]) -> ft.Control:
    whole = line.kind == "section"
    words = ft.Semantics(
        content=text(c, line.label, "subtitle" if whole else "label"), heading_level=2 if whole else 3
    )
    pieces: list[ft.Control] = [words]
    changed = sum(1 for one in section if one.changed or one.revised_from is not None)
    if whole and changed:
        pieces.append(
            text(c, c.n_("{n} changed", "{n} changed", changed), "meta_strong", TONES["warn"].solid)
        )
    side = S4 if c.compact else S5
    return ft.Container(
        row(*pieces, spacing=S3, wrap=True, run_spacing=0), padding=c.pad(side, S4 if whole else S3, side, S2)
    )


@part
def Line(c: Ctx, model: RecordModel, line: AnswerLine, table: bool, beside: bool) -> ft.Control:
    """One question with its comments. Drawn again when its own comments change, not when others are typed."""
    use_signal(model.at(line.ref))
    below = comments(c, model, line.ref, line.label, line.comments)
    top = _table_line(c, model, line, beside) if table else _stacked_line(c, model, line)
    marked = line.changed or line.revised_from is not None
    edge = c.edge(BAR, TONES["warn"].solid if marked else ft.Colors.TRANSPARENT)
    held = (
        [ft.Container(col(*below, spacing=S2, stretch=True), padding=c.pad(end=S3, bottom=S2))]
        if below
        else []
    )
    inner = col(top, *held, spacing=S2, stretch=True)
    return ft.Container(inner, border=edge, padding=c.pad((S4 if c.compact else S5) - BAR, 2, S2, 2))


def _table_line(c: Ctx, model: RecordModel, line: AnswerLine, beside: bool) -> ft.Control:
    cells = [ft.Container(text(c, line.label, "body"), expand=QUESTION)]
    if beside:
        before = c._("A file") if line.file and line.previous else plainly(c, line.previous or "")
        cells.append(ft.Container(dim(c, before or "–", "body"), expand=LAST))
    cells.append(ft.Container(_answer(c, model, line, beside), expand=THIS))
    return row(*cells, _comment_button(c, model, line), spacing=S4)


def _stacked_line(c: Ctx, model: RecordModel, line: AnswerLine) -> ft.Control:
    words = col(dim(c, line.label, "body"), _answer(c, model, line, False), spacing=2, stretch=True)
    held = ft.Container(words, padding=ft.Padding.symmetric(vertical=S2))
    return row(grow(held), _comment_button(c, model, line), spacing=S2, align=CROSS.START)


def _answer(c: Ctx, model: RecordModel, line: AnswerLine, beside: bool) -> ft.Control:
    """The answer, tinted where it changed, with what it was before in words."""
    if line.file:
        inset = S2 + 2 if c.expanded else 0
        return ft.Container(File(c, model, line, key=f"file.{line.file}"), padding=c.pad(inset, S1, 0, S1))
    marked = line.changed or line.revised_from is not None
    words = plainly(c, line.answer) or c._("No answer")
    inset = S2 + 2 if marked or c.expanded else 0
    if marked:
        said = text(c, words, "strong", TONES["warn"].on_ground)
    else:
        said = text(c, words, "body") if line.answer else dim(c, words, "body")
    held = ft.Container(
        said,
        bgcolor=TONES["warn"].ground if marked else None,
        border_radius=R_SMALL,
        padding=ft.Padding.symmetric(horizontal=inset, vertical=S1 + 2 if marked else S1 // 2),
    )
    notes = [
        ft.Container(text(c, one, "meta_strong", TONES["warn"].solid), padding=c.pad(start=inset))
        for one in _was(c, line, beside)
    ]
    return col(row(held, wrap=True), *notes, spacing=2)


def _was(c: Ctx, line: AnswerLine, beside: bool) -> list[str]:
    """What stood there before: in the earlier revision, and at the last visit where no column shows it."""
    said = []
    if line.revised_from is not None:
        before = plainly(c, line.revised_from) or c._("no answer")
        said.append(c._("was {answer} before the correction", answer=before))
    if line.changed and not beside:
        said.append(
            c._("was {answer} at the last visit", answer=plainly(c, line.previous or "") or c._("no answer"))
        )
    return said


def _comment_button(c: Ctx, model: RecordModel, line: AnswerLine) -> ft.Control:
    label = c._("Comment on: {question}", question=line.label)
    name = f"submission.comment.{ident(line.ref)}"
    return icon_button(c, name, Icons.ADD_COMMENT_OUTLINED, label, lambda: model.write(line.ref))


def _frame(content: ft.Control, first: bool, last: bool) -> ft.Container:
    """Lines that look like one card, though only those in sight are drawn."""
    side = ft.BorderSide(1, LINE)
    top, bottom = R_CARD if first else 0, R_CARD if last else 0
    return ft.Container(
        content,
        bgcolor=CARD,
        border=ft.Border(left=side, right=side, top=side if first else None, bottom=side if last else None),
        border_radius=ft.BorderRadius(top_left=top, top_right=top, bottom_left=bottom, bottom_right=bottom),
        padding=ft.Padding(left=0, right=0, top=0, bottom=S2 if last else 0),
    )
