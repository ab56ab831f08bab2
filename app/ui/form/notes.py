"""Notes of the form as callouts, and the titles of groups."""

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.idents import question_id
from app.ui.form.kit import marked_text, nothing
from app.ui.form.leaf import leaf
from app.ui.form.question import BAR, bar_gap, scroll_key
from app.ui.form.question_model import QuestionModel
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import col, grow, icon, row


@leaf
def note_item(c: Ctx, model: QuestionModel, around: Topic) -> ft.Control:
    """What the form says between its questions."""
    frame = model.frame
    if not frame.relevant or not frame.label:
        return nothing(scroll_key(model))
    ground, front, _ = t.TONES["accent"]
    words = [marked_text(c, frame.label, "body", front)]
    if frame.hint:
        words.append(marked_text(c, frame.hint, "meta", front))
    line = row(
        icon(ft.Icons.LIGHTBULB_OUTLINE_ROUNDED, front, 22),
        grow(col(*words, spacing=t.S1, stretch=True)),
        spacing=t.S3,
        align=ft.CrossAxisAlignment.START,
    )
    box = ft.Container(line, bgcolor=ground, border_radius=t.R_FIELD, padding=t.S4)
    return _placed(c, model, tag(question_id(model.ref), box), below=t.S8)


@leaf
def head_item(c: Ctx, model: QuestionModel, around: Topic) -> ft.Control:
    """The title of a group inside the section."""
    frame = model.frame
    if not frame.relevant:
        return nothing(scroll_key(model))
    title = marked_text(c, frame.label, "title" if model.item.level == 0 else "subtitle")
    rule = [] if model.item.first else [ft.Container(height=1, bgcolor=t.LINE)]
    line = ft.Container(col(*rule, title, spacing=t.S4, stretch=True), padding=ft.Padding(top=t.S2))
    return _placed(
        c, model, ft.Semantics(content=line, heading_level=2 + min(model.item.level, 3)), below=t.S6
    )


def _placed(c: Ctx, model: QuestionModel, control: ft.Control, below: float) -> ft.Control:
    """At the questions' own start edge and width."""
    around = c.pad(start=BAR + bar_gap(c), bottom=below)
    if not c.expanded:
        return ft.Container(control, padding=around, key=scroll_key(model))
    return ft.Container(
        ft.Row([ft.Container(control, width=t.FORM_W)]), padding=around, key=scroll_key(model)
    )
