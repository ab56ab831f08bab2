"""Two versions of one record side by side: a person chooses where both differ; the rest is agreed already."""

from collections.abc import Callable

import flet as ft

from app.protocol.errors import Problem
from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.effects import use_effect
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import (
    banner,
    button,
    col,
    dim,
    gap,
    grow,
    icon_button,
    note,
    problem_card,
    review_pill,
    row,
    spacer,
    synthetic_pill,
    text,
    text_field,
    top_bar,
)
from app.ui.review.decide import Close
from app.ui.review.languages import language_menu
from app.ui.review.merge_lines import Difference, author
from app.ui.review.merge_models import MergeModel
from app.ui.review.merge_rest import Preview, Taken
from app.ui.signals import use_signal
from app.ui.theme import ACCENT, CARD, LINE, S2, S3, S4, S5, S8
from app.usecases.conflict_views import HeadRow, MergePage

Icons = ft.Icons
WIDTH = 1040
SIDE_BY_SIDE_FROM = 340


@part
def screen(c: Ctx, record: str, on_close: Close) -> ft.Control:
    """`on_close("kept")` goes back: both versions stay as they are, and so do the choices."""
    desk = c.desk
    assert desk is not None
    model = ft.use_ref(lambda: MergeModel(desk, record)).current
    ends: list[Callable[[], None]] = ft.use_ref(lambda: []).current

    def begin() -> None:
        ends[:] = [desk.keep.subscribe(model.keep_written), desk.data.subscribe(model.stale)]

    def end() -> None:
        for stop in ends:
            stop()
        model.keep_written()

    use_effect(begin, [], end)
    return ft.KeyboardListener(
        Body(c, model, on_close),
        autofocus=True,
        expand=True,
        on_key_down=c.on(lambda e: _key(model, e.key)),
        on_key_repeat=c.on(lambda e: _key(model, e.key)),
    )


def _key(model: MergeModel, key: str) -> None:
    """J and K or the arrows move, 1 and 2 choose; while somebody types, keys are letters."""
    steps = {"Arrow Down": 1, "Arrow Up": -1, "J": 1, "K": -1, "j": 1, "k": -1}
    if model.typing or model.preview:
        return
    if key in steps:
        model.step(steps[key])
    else:
        model.press(key)


@part
def Body(c: Ctx, model: MergeModel, on_close: Close) -> ft.Control:
    use_signal(model.page_changed)
    try:
        page = model.read()
    except Problem as problem:
        assert c.desk is not None
        told = problem_card(c, c.desk.cases.problem_text(problem))
        head = top_bar(c, "merge", c._("Two versions"), "", on_back=lambda: on_close("kept"))
        return ft.Column([head, told], spacing=0, expand=True)
    marks = [synthetic_pill(c)] if page.synthetic and c.expanded else []
    menu = language_menu(c, "merge", page.languages, page.language, model.speak)
    head = top_bar(
        c,
        "merge",
        c._("Merge two versions"),
        " · ".join(piece for piece in (page.household_label, page.form_title) if piece),
        *marks,
        *menu,
        on_back=lambda: on_close("kept"),
    )
    parts: list[ft.Control] = [_about(c, page), gap(S4)]
    for place, line in enumerate(page.conflicts):
        parts += [Difference(c, model, page, line, place, key=line.ref), gap(S4)]
    parts += [Taken(c, model, page), gap(S4), _note(c, model), gap(S4)]
    parts += [*([row(_later(c, on_close))] if c.compact else []), gap(S8)]
    side = max(c.gutter, (c.width - WIDTH - 88) / 2)
    listed = ft.ListView(
        parts,
        expand=True,
        padding=ft.Padding(left=side, right=side, top=S5, bottom=0),
        spacing=0,
        key=f"merge.{page.language}",
    )
    return ft.Column([head, tag("merge.page", listed), Bar(c, model, page, on_close)], spacing=0, expand=True)


def _about(c: Ctx, page: MergePage) -> ft.Control:
    """What happened, that nothing is lost, what to do; then who wrote which version."""
    count = len(page.conflicts)
    if count:
        todo = c.n_(
            "They differ in {n} answer. Choose which one is right, or write another.",
            "They differ in {n} answers. Choose which ones are right, or write others.",
            count,
        )
    else:
        todo = c._("No answer was given two ways. They can be merged as they are.")
    said = [c._("Both are kept, whatever you do."), todo]
    if page.more:
        said.append(
            c.n_(
                "{n} more version waits; it is merged with the result.",
                "{n} more versions wait; they are merged with the result.",
                page.more,
            )
        )
    told = banner(
        c,
        "merge.about",
        Icons.CALL_SPLIT_ROUNDED,
        c._("Two people corrected this record at the same time"),
        " ".join(said),
        "warn",
    )
    heads = [_head(c, c._("Version 1"), page.ours), _head(c, c._("Version 2"), page.theirs)]
    begun = []
    if page.draft:
        draft = page.draft
        act = button(
            c, "merge.draft", c._("Go on with it"), lambda: _resume(c, draft), kind="tonal", small=True
        )
        begun = [note(c, c._("A merge was begun and lacks some answers."), Icons.EDIT_NOTE_ROUNDED), row(act)]
    beside: ft.Control = col(*heads, spacing=S3, stretch=True)
    if c.width / c.scale >= SIDE_BY_SIDE_FROM:
        beside = row(*(grow(one) for one in heads), spacing=S4, align=ft.CrossAxisAlignment.START)
    return col(told, *begun, beside, spacing=S4, stretch=True)


async def _resume(c: Ctx, draft: str) -> None:
    assert c.desk is not None
    await c.desk.resume(draft)


SAID = ("approved", "rejected", "hasIssues")


def _head(c: Ctx, name: str, one: HeadRow) -> ft.Control:
    words = col(
        text(c, name, "over"),
        text(c, author(c, one), "strong"),
        dim(c, moment(c, one.at)),
        spacing=0,
    )
    marks = [review_pill(c, one.state)] if one.state in SAID else []
    return row(grow(words), *marks, spacing=S3)


def _note(c: Ctx, model: MergeModel) -> ft.Control:
    def typed(event: ft.ControlEvent) -> None:
        model.note = event.control.value or ""

    def entered() -> None:
        model.typing = True

    def left() -> None:
        model.typing = False
        model.keep_written()

    label = c._("Why did you decide so?")
    field = text_field(
        c,
        "merge.note",
        label,
        model.note,
        typed,
        hint=c._("Kept in the history of the record"),
        lines=2,
        on_focus=entered,
        on_blur=left,
    )
    return col(text(c, label, "label"), field, spacing=S2, stretch=True)


@part
def Bar(c: Ctx, model: MergeModel, page: MergePage, on_close: Close) -> ft.Control:
    """Keep both, see the result, merge: the last one only when everything is decided."""
    use_signal(model.words)
    ft.use_dialog(Preview(c, model) if model.preview else None)
    left = model.undecided()

    def show() -> None:
        model.show_preview(True)

    merge = button(
        c,
        "merge.do",
        c._("Merge"),
        lambda: _merge(c, model, page, on_close),
        icon=Icons.MERGE_ROUNDED,
        disabled=bool(left) or not page.may_merge or model.merging,
        expand=True if c.compact else None,
    )
    waits = (
        c.n_("{n} answer to choose", "{n} answers to choose", left) if left else c._("Everything is decided")
    )
    label, mark = c._("See the result"), Icons.VISIBILITY_OUTLINED
    if c.compact:  # a phone keeps its height for the answers; keeping both is at the page's end
        see = icon_button(c, "merge.preview", mark, label, show, color=ACCENT)
        inner: ft.Control = col(row(grow(dim(c, waits)), see), row(merge), spacing=S2, stretch=True)
    else:
        see = button(c, "merge.preview", label, show, kind="outlined", icon=mark)
        hint = [dim(c, c._("J K move · 1 2 choose"))] if c.expanded and page.conflicts else []
        inner = row(_later(c, on_close), *hint, spacer(), dim(c, waits), see, merge, spacing=S3)
    return ft.Container(
        inner,
        bgcolor=CARD,
        border=ft.Border(top=ft.BorderSide(1, LINE)),
        padding=ft.Padding.symmetric(horizontal=c.gutter, vertical=S3),
    )


def _later(c: Ctx, on_close: Close) -> ft.Control:
    return button(c, "merge.later", c._("Keep both for now"), lambda: on_close("kept"), kind="outlined")


async def _merge(c: Ctx, model: MergeModel, page: MergePage, on_close: Close) -> None:
    """Make the merge. One that lacks something opens as a form that says what."""
    if model.merging:
        return
    desk = model.desk
    heads = (page.ours.revision, page.theirs.revision)
    model.merging = True
    try:
        model.keep_written()
        done = await desk.in_thread(
            lambda: model.cases.decide_merge(
                desk.worker, model.record, heads=heads, language=desk.settings.language
            )
        )
    except Problem:
        model.stale()
        raise
    finally:
        model.merging = False
    on_close("kept")
    if done.draft:
        await desk.resume(done.draft)
        desk.say(
            c.n_(
                "The merged record lacks {n} answer. It is kept as a draft.",
                "The merged record lacks {n} answers. It is kept as a draft.",
                done.problems,
            )
        )
        return
    desk.say(c._("Merged. It wants your review, and leaves this computer with the next sync."))
