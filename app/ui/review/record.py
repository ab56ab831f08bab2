"""One submission opened for review: this visit beside the last one, comments at their questions, the decision."""

from collections.abc import Callable

import flet as ft

from app.protocol.errors import Problem
from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.effects import use_effect
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import (
    chip,
    dim,
    gap,
    grow,
    icon_button,
    problem_card,
    review_pill,
    row,
    synthetic_pill,
    top_bar,
    wrap,
)
from app.ui.review.decide import Bar, Close, go_on, in_conflict
from app.ui.review.languages import language_menu
from app.ui.review.lines import answer_lines
from app.ui.review.models import SHOWN, RecordModel, listing, neighbours
from app.ui.review.side import side_cards
from app.ui.signals import use_signal
from app.ui.theme import S2, S3, S4, S5, S6
from app.usecases.views import SubmissionPage

Icons = ft.Icons
SIDE = 288
WITH_SIDE_FROM = 1180  # the whole window, with the rail


@part
def screen(c: Ctx, record: str, on_close: Close) -> ft.Control:
    """`on_close("kept")` goes back to the queue."""
    desk = c.desk
    assert desk is not None
    model = ft.use_ref(lambda: RecordModel(desk, record)).current

    ends: list[Callable[[], None]] = ft.use_ref(lambda: []).current

    def begin() -> None:
        ends[:] = [desk.keep.subscribe(model.keep_written), desk.data.subscribe(model.stale)]

    def end() -> None:
        for stop in ends:
            stop()
        if desk.worker is model.worker:
            model.keep_written()

    use_effect(begin, [], end)
    return Body(c, model, on_close)


@part
def Body(c: Ctx, model: RecordModel, on_close: Close) -> ft.Control:
    use_signal(model.page_changed)
    try:
        page = model.read()
    except Problem as problem:
        assert c.desk is not None
        told = problem_card(c, c.desk.cases.problem_text(problem))
        head = _bar_above(c, model, c._("This record cannot be shown"), "", on_close)
        return ft.Column([head, told], spacing=0, expand=True)
    one = page.row
    said = (one.form_title, moment(c, one.finished_at), one.by)
    about = " · ".join(piece for piece in said if piece)
    marks = _marks(c, page) if c.expanded else []
    title = one.household_label or one.form_title
    line = about if c.expanded else one.form_title
    menu = language_menu(c, "submission", page.languages, page.language, model.speak)
    head = _bar_above(c, model, title, line, on_close, *marks, *menu)
    above: list[ft.Control] = []
    if not c.expanded:
        who = " · ".join(piece for piece in said[1:] if piece)
        above = [wrap(*_marks(c, page), dim(c, who)), gap(S3)]
    above += in_conflict(c, model, page)
    middle = _middle(c, model, page, above)
    return ft.Column([head, middle, Bar(c, model, page, on_close)], spacing=0, expand=True)


def _marks(c: Ctx, page: SubmissionPage) -> list[ft.Control]:
    return [*([synthetic_pill(c)] if page.row.synthetic else []), review_pill(c, page.row.state)]


def _middle(c: Ctx, model: RecordModel, page: SubmissionPage, above: list[ft.Control]) -> ft.Control:
    """The answers; the cards beside them where there is room, else below."""
    lines: list[ft.Control] = [*above, _filters(c, model, page), gap(S3), *answer_lines(c, model, page)]
    beside = c.width / c.scale >= WITH_SIDE_FROM
    cards = [part for one in side_cards(c, model, page) for part in (one, gap(S4))]
    if not beside:
        lines += cards
    lines.append(gap(S5))
    listed: ft.Control = ft.ListView(
        lines, expand=True, padding=ft.Padding(0, S5, 0, 0), spacing=0, key=f"{page.language}.{model.shown}"
    )
    if beside:
        side = ft.ListView([*cards, gap(S5)], padding=ft.Padding(0, S5, 0, 0), expand=True)
        listed = row(
            grow(listed), ft.Container(side, width=SIDE), spacing=S6, align=ft.CrossAxisAlignment.STRETCH
        )
        listed.expand = True
    around = ft.Padding(left=c.gutter, right=c.gutter, top=0, bottom=0)
    return tag("submission.page", ft.Container(listed, padding=around, expand=True))


def _bar_above(
    c: Ctx, model: RecordModel, title: str, about: str, on_close: Close, *actions: ft.Control
) -> ft.Control:
    """Back, what this is, and the way to the records before and after it."""
    before, after = neighbours(model)
    steps = [
        _step(
            c, model, on_close, "previous", Icons.KEYBOARD_ARROW_UP_ROUNDED, c._("Previous record"), before
        ),
        _step(c, model, on_close, "next", Icons.KEYBOARD_ARROW_DOWN_ROUNDED, c._("Next record"), after),
    ]
    listed = listing(model)
    if c.expanded and model.record in listed:
        place = c._("{n} of {m}", n=listed.index(model.record) + 1, m=len(listed))
        steps.append(ft.Container(dim(c, place), padding=c.pad(end=S2)))
    return top_bar(c, "submission", title, about, *actions, *steps, on_back=lambda: on_close("kept"))


def _step(
    c: Ctx, model: RecordModel, on_close: Close, name: str, mark: ft.IconData, label: str, record: str | None
) -> ft.Control:
    return icon_button(
        c, f"submission.{name}", mark, label, lambda: go_on(model, on_close, record), disabled=record is None
    )


def _filters(c: Ctx, model: RecordModel, page: SubmissionPage) -> ft.Control:
    asked = [line for line in page.lines if line.kind == "question" and line.ref]
    counts = {name: sum(1 for line in asked if fits(line)) for name, (_, fits) in SHOWN.items()}
    earlier = page.beside or max(1, len(page.revisions) - 1)
    chips = [
        chip(
            c,
            f"submission.show.{name}",
            c._(label, n=earlier),
            name == model.shown,
            _choosing(model, name),
            count=counts[name],
        )
        for name, (label, _) in SHOWN.items()
        if counts[name] or name in ("all", model.shown)
    ]
    return tag("submission.filters", ft.Row(chips, spacing=S2, scroll=ft.ScrollMode.HIDDEN), container=True)


def _choosing(model: RecordModel, name: str) -> Callable[[], None]:
    return lambda: model.show(name)
