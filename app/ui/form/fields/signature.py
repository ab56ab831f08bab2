"""A signature or a mark, drawn with a finger and kept as a picture."""

from dataclasses import dataclass, field

import flet as ft
import flet.canvas as cv

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.fields.pictures import picture
from app.ui.form.idents import part_id, question_id
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.strokes import png_of
from app.ui.form.topic import Topic
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, col, dim, note, wrap

HEIGHT = 180


@dataclass(eq=False)
class Drawing:
    """The strokes so far, and the size of the sheet they are on."""

    strokes: list[list[tuple[float, float]]] = field(default_factory=list)
    width: float = 320
    drawn: Topic = field(default_factory=Topic)

    def begin(self, x: float, y: float) -> None:
        self.strokes.append([(x, y)])
        self.drawn.fire()

    def on_to(self, x: float, y: float) -> None:
        if self.strokes:
            self.strokes[-1].append((x, y))
            self.drawn.fire()

    def clear(self) -> None:
        self.strokes.clear()
        self.drawn.fire()


@leaf
def signature_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """What was signed, or the sheet to sign on."""
    drawing = ft.use_ref(lambda: Drawing()).current
    if model.written:
        return _signed(c, session, model)

    def keep() -> None:
        if drawing.strokes:
            data = png_of(drawing.strokes, round(drawing.width), HEIGHT)
            session.attach(model, "signature.png", data)
            drawing.clear()

    return col(
        sheet(c, model.ref, drawing, drawing.drawn, plain(model.frame.label)),
        wrap(
            button(c, part_id(model.ref, "keep"), c._("Keep the signature"), keep, kind="tonal", small=True),
            button(
                c, part_id(model.ref, "clear"), c._("Start again"), drawing.clear, kind="text", small=True
            ),
        ),
        spacing=t.S3,
        stretch=True,
    )


def _signed(c: Ctx, session: FormSession, model: QuestionModel) -> ft.Control:
    kept = session.attachment(model.written)
    shown = (
        picture(c, kept, model)
        if kept
        else note(
            c, c._("This signature is kept with an earlier version of the record."), ft.Icons.DRAW_OUTLINED
        )
    )
    again = button(
        c,
        part_id(model.ref, "again"),
        c._("Sign again"),
        lambda: session.chose(model, ""),
        kind="text",
        small=True,
    )
    return col(shown, wrap(again), spacing=0, stretch=True)


@part
def sheet(c: Ctx, ref: str, drawing: Drawing, drawn: Topic, label: str) -> ft.Control:
    """The sheet; drawn again with each stroke's next point."""
    paint = ft.Paint(
        color=t.INK, stroke_width=3, style=ft.PaintingStyle.STROKE, stroke_cap=ft.StrokeCap.ROUND
    )
    shapes = [cv.Path(_elements(stroke), paint=paint) for stroke in drawing.strokes if stroke]

    def resized(event: cv.CanvasResizeEvent) -> None:
        drawing.width = event.width

    canvas = cv.Canvas(
        shapes,
        content=ft.GestureDetector(
            on_pan_start=c.on(lambda e: drawing.begin(e.local_position.x, e.local_position.y)),
            on_pan_update=c.on(lambda e: drawing.on_to(e.local_position.x, e.local_position.y)),
            drag_interval=16,
        ),
        height=HEIGHT,
        on_resize=c.on(resized),
    )
    box = ft.Container(
        ft.Stack([_line(c, bool(shapes)), canvas]),
        height=HEIGHT,
        bgcolor=t.CARD,
        border=ft.Border.all(1, t.EDGE),
        border_radius=t.R_FIELD,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    return tag(question_id(ref), box, label)


def _line(c: Ctx, begun: bool) -> ft.Control:
    """Where to sign."""
    words = ft.Container(dim(c, "" if begun else c._("Sign here with a finger")), padding=t.S4)
    return ft.Column(
        [words, ft.Container(expand=True), ft.Container(height=1, bgcolor=t.SOFT_EDGE, margin=t.S5)],
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        height=HEIGHT,
    )


def _elements(stroke: list[tuple[float, float]]) -> list[cv.Path.PathElement]:
    (x, y), *rest = stroke
    start: list[cv.Path.PathElement] = [cv.Path.MoveTo(x, y)]
    return start + [cv.Path.LineTo(*point) for point in (rest or [(x + 0.1, y)])]
