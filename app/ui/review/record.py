"""One submission opened for review: this visit beside the last one, comments at their questions, the decision."""

from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import chip, gap, grow, icon_button, review_pill, row, synthetic_pill, top_bar
from app.ui.review.decide import bar, dialogs
from app.ui.review.lines import answer_lines
from app.ui.review.models import SHOWN, RecordModel, neighbours
from app.ui.review.side import side_cards
from app.ui.signals import use_signal
from app.ui.theme import S2, S3, S4, S5, S6, S8
from app.usecases.views import SubmissionPage

Icons = ft.Icons
SIDE = 288
WITH_SIDE_FROM = 1100


@part
def screen(c: Ctx, record: str, on_close: Callable[[str], None]) -> ft.Control:
    """`on_close("kept")` goes back to the queue."""
    desk = c.desk
    assert desk is not None
    model = ft.use_ref(lambda: RecordModel(desk, record)).current
    return Body(c, model, on_close)


@part
def Body(c: Ctx, model: RecordModel, on_close: Callable[[str], None]) -> ft.Control:
    use_signal(model.page_changed)
    use_signal(model.desk.data)
    page = model.read()
    dialogs(c, model, page, on_close)
    lines: list[ft.Control] = [_filters(c, model, page), gap(S3), *answer_lines(c, model, page)]
    beside = c.expanded and c.width / c.scale >= WITH_SIDE_FROM
    cards = side_cards(c, page)
    if not beside:
        lines += [gap(S5), *_spaced(cards)]
    lines.append(gap(S8))
    listed: ft.Control = ft.ListView(
        lines, expand=True, padding=0, spacing=0, key=f"{page.row.revision}.{model.shown}"
    )
    if beside:
        column = ft.Container(ft.ListView(_spaced(cards), expand=True, padding=0), width=SIDE)
        listed = row(grow(listed), column, spacing=S6, align=ft.CrossAxisAlignment.START)
        listed.expand = True
    around = ft.Padding(left=c.gutter, right=c.gutter, top=S5, bottom=0)
    middle = tag("submission.page", ft.Container(listed, padding=around, expand=True))
    return ft.Column(
        [_head(c, model, page, on_close), middle, bar(c, model, page, on_close)], spacing=0, expand=True
    )


def _head(c: Ctx, model: RecordModel, page: SubmissionPage, on_close: Callable[[str], None]) -> ft.Control:
    one = page.row
    subtitle = c._(
        "{form} · {when} · {person}", form=one.form_title, when=moment(c, one.finished_at), person=one.by
    )
    marks: list[ft.Control] = []
    if not c.compact:
        marks = [*([synthetic_pill(c)] if one.synthetic else []), review_pill(c, one.state)]
    before, after = neighbours(model)
    return top_bar(
        c,
        "submission",
        one.household_label or one.form_title,
        subtitle,
        *marks,
        _language(c, model, page),
        _step(c, model, "previous", Icons.KEYBOARD_ARROW_UP_ROUNDED, c._("Previous record"), before),
        _step(c, model, "next", Icons.KEYBOARD_ARROW_DOWN_ROUNDED, c._("Next record"), after),
        on_back=lambda: on_close("kept"),
    )


def _step(
    c: Ctx, model: RecordModel, name: str, mark: ft.IconData, label: str, record: str | None
) -> ft.Control:
    def go() -> None:
        if record is not None:
            model.go_to(record)

    return icon_button(c, f"submission.{name}", mark, label, go, disabled=record is None)


def _language(c: Ctx, model: RecordModel, page: SubmissionPage) -> ft.Control:
    """The form's languages in turn: most forms have two."""
    if len(page.languages) < 2:
        return gap(0)
    place = page.languages.index(page.language) if page.language in page.languages else 0
    following = page.languages[(place + 1) % len(page.languages)]
    label = c._("Questions in: {language}. Press for {other}.", language=page.language, other=following)
    return icon_button(
        c, "submission.language", Icons.LANGUAGE_ROUNDED, label, lambda: model.speak(following)
    )


def _filters(c: Ctx, model: RecordModel, page: SubmissionPage) -> ft.Control:
    chips = []
    asked = [line for line in page.lines if line.kind == "question"]
    for name, (label, fits) in SHOWN.items():
        count = sum(1 for line in asked if fits(line))
        if count or name in ("all", model.shown):
            press = _choosing(model, name)
            chips.append(
                chip(c, f"submission.show.{name}", c._(label), name == model.shown, press, count=count)
            )
    return ft.Row(chips, spacing=S2, scroll=ft.ScrollMode.HIDDEN)


def _choosing(model: RecordModel, name: str) -> Callable[[], None]:
    return lambda: model.show(name)


def _spaced(cards: list[ft.Control]) -> list[ft.Control]:
    return [part for one in cards for part in (one, gap(S4))]
