"""The answers of a submission: question, last visit, this visit; what changed is marked, comments below."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import day
from app.ui.guard import part
from app.ui.pieces import col, dim, empty, grow, icon_button, row, text
from app.ui.pieces.layout import CROSS
from app.ui.review.comments import Comments
from app.ui.review.models import SHOWN, RecordModel, ident
from app.ui.signals import use_signal
from app.ui.theme import CARD, LINE, R_CARD, R_SMALL, S1, S2, S3, S4, S5, SUNK, TONES
from app.usecases.views import AnswerLine, SubmissionPage

Icons = ft.Icons
QUESTION, LAST = 5, 3  # shares of the width; this visit takes 5 as well


def answer_lines(c: Ctx, model: RecordModel, page: SubmissionPage) -> list[ft.Control]:
    """Every line that the filter shows, headings only where something stands below them."""
    shown = _shown(page, model.shown)
    if not shown:
        fact, following = c._("Nothing fits this filter"), c._("Choose “Everything” to see all answers.")
        return [empty(c, "submission.none", Icons.FILTER_ALT_OFF_OUTLINED, fact, following)]
    table = c.expanded and page.previous_on is not None
    lines: list[ft.Control] = [_columns(c, page)] if table else []
    first = not table
    for number, line in enumerate(shown):
        last = number == len(shown) - 1
        content = Line(c, model, line, table, key=line.ref) if line.kind == "question" else _heading(c, line)
        lines.append(_frame(content, first, last, heading=line.kind == "section"))
        first = False
    return lines


def _shown(page: SubmissionPage, name: str) -> list[AnswerLine]:
    fits = SHOWN[name][1]
    kept: list[AnswerLine] = []
    waiting: list[AnswerLine] = []
    for line in page.lines:
        if line.kind != "question":
            waiting = [one for one in waiting if one.level < line.level] + [line]
        elif fits(line):
            kept += [*waiting, line]
            waiting = []
    return kept


def _columns(c: Ctx, page: SubmissionPage) -> ft.Control:
    assert page.previous_on is not None
    names = [
        ft.Container(dim(c, c._("Question"), "meta_strong"), expand=QUESTION),
        ft.Container(
            dim(c, c._("Last visit, {day}", day=day(c, page.previous_on)), "meta_strong"), expand=LAST
        ),
        ft.Container(dim(c, c._("This visit"), "meta_strong"), expand=QUESTION),
        ft.Container(width=48),
    ]
    side = ft.BorderSide(1, LINE)
    return ft.Container(
        row(*names, spacing=S4),
        padding=ft.Padding.symmetric(horizontal=S5, vertical=S3),
        bgcolor=SUNK,
        border=ft.Border(left=side, right=side, top=side, bottom=side),
        border_radius=ft.BorderRadius(top_left=R_CARD, top_right=R_CARD, bottom_left=0, bottom_right=0),
    )


def _heading(c: Ctx, line: AnswerLine) -> ft.Control:
    section = line.kind == "section"
    words = ft.Semantics(
        content=text(c, line.label, "subtitle" if section else "label"), heading_level=2 if section else 3
    )
    return ft.Container(words, padding=ft.Padding(left=S5, right=S5, top=S4 if section else S3, bottom=S2))


@part
def Line(c: Ctx, model: RecordModel, line: AnswerLine, table: bool) -> ft.Control:
    """One question with its comments. Drawn again when comments change, not when others are typed."""
    use_signal(model.words)
    draft = model.drafts().get(line.ref, "")
    below = Comments(c, model, line.ref, line.label, line.comments, draft)
    top = _table_line(c, model, line) if table else _stacked_line(c, model, line)
    marked = line.changed or line.revised_from is not None
    edge = c.edge(4, TONES["warn"].solid) if marked else c.edge(4, ft.Colors.TRANSPARENT)
    inner = col(top, *below, spacing=S2, stretch=True)
    return ft.Container(inner, border=edge, padding=c.pad(S4 if c.compact else S5 - 4, S1 + 2, S2, S1 + 2))


def _table_line(c: Ctx, model: RecordModel, line: AnswerLine) -> ft.Control:
    cells = [
        ft.Container(text(c, line.label, "body"), expand=QUESTION),
        ft.Container(dim(c, line.previous or "–", "body"), expand=LAST),
        ft.Container(_answer(c, line, beside=True), expand=QUESTION),
    ]
    return row(*cells, _comment_button(c, model, line), spacing=S4)


def _stacked_line(c: Ctx, model: RecordModel, line: AnswerLine) -> ft.Control:
    words = col(dim(c, line.label, "body"), _answer(c, line, beside=False), spacing=2, stretch=True)
    return row(grow(words), _comment_button(c, model, line), spacing=S3, align=CROSS.START)


def _answer(c: Ctx, line: AnswerLine, beside: bool) -> ft.Control:
    """The answer, tinted where it changed, with what it was before in words."""
    marked = line.changed or line.revised_from is not None
    ground, front, solid = TONES["warn"]
    words = line.answer or c._("No answer")
    role = "strong" if line.answer else "body"
    said: ft.Control = (
        text(c, words, role, front) if marked else (text if line.answer else dim)(c, words, role)
    )
    if marked:
        said = ft.Container(
            said,
            bgcolor=ground,
            border_radius=R_SMALL,
            padding=ft.Padding.symmetric(horizontal=10, vertical=5),
        )
    was = []
    if line.revised_from is not None:
        was.append(c._("before the correction: {answer}", answer=line.revised_from or c._("no answer")))
    if line.changed and not beside:
        was.append(c._("last visit: {answer}", answer=line.previous or "–"))
    notes = [text(c, one, "meta_strong", solid) for one in was]
    return col(row(said, wrap=True), *notes, spacing=2)


def _comment_button(c: Ctx, model: RecordModel, line: AnswerLine) -> ft.Control:
    label = c._("Comment on: {question}", question=line.label)
    name = f"submission.comment.{ident(line.ref)}"
    return icon_button(c, name, Icons.ADD_COMMENT_OUTLINED, label, lambda: model.write(line.ref))


def _frame(content: ft.Control, first: bool, last: bool, heading: bool) -> ft.Container:
    """Lines that look like a single card, though only the visible ones are drawn."""
    side = ft.BorderSide(1, LINE)
    top, bottom = R_CARD if first else 0, R_CARD if last else 0
    return ft.Container(
        content,
        bgcolor=CARD,
        border=ft.Border(
            left=side, right=side, bottom=side if last else None, top=side if first or heading else None
        ),
        border_radius=ft.BorderRadius(top_left=top, top_right=top, bottom_left=bottom, bottom_right=bottom)
        if first or last
        else None,
    )
