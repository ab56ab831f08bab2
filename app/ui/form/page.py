"""The page of a section, or of one instance of a repeat: its title and everything on it, in one lazy list."""

import asyncio

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.form.comments import correction_list
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.notes import head_item, note_item
from app.ui.form.pages import Kind, card_of
from app.ui.form.question import BAR, bar_gap, question_item
from app.ui.form.question_model import QuestionModel
from app.ui.form.repeats import repeat_item
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import col, dim, text

PAGE_MAX = 688
FIRST, MORE = 7, 10
WHOLE_PAGE = 60_000  # dp: a lazy list cannot scroll to what it has not laid out
SOON_S = 0.02


@leaf
def section_page(c: Ctx, session: FormSession, place: Topic, language: Topic) -> ft.Control:
    """Drawn again when another page is shown or the language changes; never while somebody writes."""
    models = session.page_models()
    listed = ft.use_ref()
    session.listed = listed
    items: list[ft.Control] = [ft.Container(_title(c, session), key="title")]
    top = (
        correction_list(c, session)
        if not session.place.inside and session.position() == session.first
        else None
    )
    if top is not None:
        items.append(ft.Container(top, key="corrections", padding=c.pad(start=BAR + bar_gap(c), bottom=t.S8)))
    items += [_item(c, session, model) for model in _so_far(session, models)]

    async def aim() -> None:
        await _aim(session)

    use_effect(aim, [session.place, session.aim])
    start = c.gutter - BAR - bar_gap(c) if not c.expanded else t.S5
    listing = ft.ListView(
        items,
        ref=listed,
        expand=True,
        padding=c.pad(start=start, end=c.gutter, top=t.S5 if not c.expanded else t.S6, bottom=t.S10),
        spacing=0,
        cache_extent=WHOLE_PAGE if session.aimed else None,
        key=f"page:{session.place.page}",
    )
    if c.expanded:
        return listing
    # Never wider than a form is read comfortably; narrower screens clamp it.
    return ft.Container(ft.Container(listing, width=PAGE_MAX), alignment=ft.Alignment.TOP_CENTER, expand=True)


def _so_far(session: FormSession, models: list[QuestionModel]) -> list[QuestionModel]:
    """What fills the screen first, and the rest a moment later: a long page must not be waited for. All at once
    where a question further down was asked for."""
    page = session.place.page
    (known, shown), grow = ft.use_state((page, FIRST))
    if known != page:
        shown = FIRST
    if session.aimed:
        shown = len(models)
    asked, upto = 0, len(models)
    for at, model in enumerate(models):
        asked += model.frame.relevant
        if asked > shown:
            upto = at
            break

    async def on() -> None:
        if upto < len(models):
            await asyncio.sleep(SOON_S)
            grow((page, shown + MORE))

    use_effect(on, [page, upto])
    return models[:upto]


def _title(c: Ctx, session: FormSession) -> ft.Control:
    over = c._("Section {n} of {total}", n=session.position() + 1, total=len(session.sections))
    title = plain(session.section().title)
    if session.place.inside:
        over = title
        title = instance_title(c, session)
    words = col(
        dim(c, over, "meta_strong"),
        heading(c, "form.title", title),
        spacing=2,
    )
    return ft.Container(words, padding=c.pad(start=BAR + bar_gap(c), bottom=t.S8))


def heading(c: Ctx, identifier: str, title: str) -> ft.Control:
    """The page's own name. The identifier stands around the heading, which is an element of its own on the web."""
    words = text(c, title, "headline" if c.compact else "display")
    return tag(identifier, ft.Semantics(content=words, heading_level=1), container=True)


def instance_title(c: Ctx, session: FormSession) -> str:
    """The name of the repeat instance shown; its number while it has none."""
    ref = session.place.inside[-1]
    card = card_of(session.node(ref))
    number = ref.rsplit("[", 1)[-1].rstrip("]")
    label = plain(session.node(ref.rsplit("[", 1)[0]).label or "")
    return card.title or c._("{what} {number}", what=label or c._("New entry"), number=number)


def _item(c: Ctx, session: FormSession, model: QuestionModel) -> ft.Control:
    if model.item.kind is Kind.QUESTION:
        return question_item(c, session, model, model.around, key=model.ref)
    if model.item.kind is Kind.NOTE:
        return note_item(c, model, model.around, key=model.ref)
    if model.item.kind is Kind.HEAD:
        return head_item(c, model, model.around, key=model.ref)
    return repeat_item(c, session, model, model.around, key=model.ref)


async def _aim(session: FormSession) -> None:
    """Bring the question that was asked for into view, once the list has laid it out."""
    listed, ref = session.listed, session.aim
    session.aim = None
    if ref is None or listed is None:
        return
    for wait in (0.15, 0.6):
        await asyncio.sleep(wait)
        if listed.current is not None:
            await listed.current.scroll_to(scroll_key=ref, duration=t.CALM_MS)
