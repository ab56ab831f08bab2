"""Who visits a household, on its page, for supervisors: people as chips, and one button once something changed."""

from dataclasses import dataclass, field

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.guard import part
from app.ui.pieces import button, card, chip, col, dim, row, section, wrap
from app.ui.signals import Signal, use_signal
from app.ui.theme import S4
from app.usecases.visitors import Visitor

Icons = ft.Icons


@dataclass
class VisitorsModel:
    """The choice that is being made; None while it is what the records say."""

    desk: Desk
    household: str
    chosen: set[str] | None = None
    changed: Signal = field(default_factory=Signal)

    def known(self) -> list[Visitor]:
        found: list[Visitor] = self.desk.cases.visitors(self.desk.worker, self.household)
        return found

    def toggle(self, member: str, now: set[str]) -> None:
        chosen = now ^ {member}
        self.chosen = None if chosen == _assigned(self.known()) else chosen
        self.changed.emit()

    async def save(self) -> None:
        chosen = sorted(self.chosen or ())
        await self.desk.in_thread(self.desk.cases.choose_visitors, self.desk.worker, self.household, chosen)
        self.chosen = None
        self.desk.data.emit()
        await self.desk.sync.start_if_waiting()


def _assigned(people: list[Visitor]) -> set[str]:
    return {one.member for one in people if one.assigned}


@part
def Visitors(c: Ctx, household: str) -> ft.Control:
    """The section of the household's page."""
    desk = c.desk
    assert desk is not None
    model = ft.use_ref(lambda: VisitorsModel(desk, household)).current
    use_signal(model.changed)
    use_signal(desk.data)
    people = model.known()
    title = c._("Who visits here")
    if not people:
        return section(
            c, title, card(dim(c, c._("Nobody does fieldwork yet. Invite somebody under People."), "body"))
        )
    now = _assigned(people) if model.chosen is None else model.chosen
    chips = [
        chip(
            c,
            f"household.visitor.{one.member}",
            one.name or c._("Without a name"),
            one.member in now,
            lambda member=one.member: model.toggle(member, now),
        )
        for one in people
    ]
    return section(c, title, card(col(wrap(*chips), *_after(c, model), spacing=S4, stretch=True)))


def _after(c: Ctx, model: VisitorsModel) -> list[ft.Control]:
    if model.chosen is None:
        return [
            dim(
                c,
                c._("They and the supervisors read what is recorded here, and whoever wrote it."),
            )
        ]

    async def save() -> None:
        await model.save()
        model.desk.say(c._("Saved. Tablets learn of it when they next synchronise."))

    said = c._(
        "Whoever is new gets this household's earlier records. What somebody has read stays on their tablet."
    )
    act = button(
        c, "household.visitors.save", c._("Save who visits"), save, icon=Icons.CHECK_ROUNDED, expand=True
    )
    return [dim(c, said), row(act)]
