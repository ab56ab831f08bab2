"""The standing alarm on the pages about synchronising: what was found, and how a person settles it."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.guard import part
from app.ui.pieces import button, card, col, problem_banner, text, wrap
from app.ui.theme import S4
from app.usecases.views import ProblemText


def alarm_card(c: Ctx) -> list[ft.Control]:
    """The card where an alarm stands, else nothing."""
    desk = c.desk
    assert desk is not None
    return [] if desk.cases.standing_alarm(desk.worker) is None else [AlarmCard(c)]


@part
def AlarmCard(c: Ctx) -> ft.Control:
    """What was found; a person's word is asked back once before the alarm is put away."""
    desk = c.desk
    assert desk is not None
    found: ProblemText | None = desk.cases.standing_alarm(desk.worker)
    if found is None:  # put away a moment ago; the page around it is drawn next
        return ft.Container()
    asking, ask = ft.use_state(False)

    async def settle() -> None:
        await desk.in_thread(desk.cases.alarm_looked_into, desk.worker)
        desk.data.emit()
        desk.sync.refresh()

    if asking:
        said = c._("It is forgotten here. If the reason is still there, the next sync tells it again.")
        ways = [
            button(c, "alarm.cancel", c._("Cancel"), lambda: ask(False), kind="outlined", small=True),
            button(c, "alarm.confirm", c._("Yes, put it away"), settle, small=True),
        ]
    else:
        said = c._(
            "Nothing is deleted on this device until somebody has looked into this. Talk to your supervisor "
            "or to the person who looks after the server."
        )
        label = c._("Somebody has looked into it")
        ways = [button(c, "alarm.seen", label, lambda: ask(True), kind="outlined", small=True)]
    answers = card(col(text(c, said), wrap(*ways), spacing=S4, stretch=True))
    return col(problem_banner(c, "alarm", found), answers, stretch=True)
