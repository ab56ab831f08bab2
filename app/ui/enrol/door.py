"""The whole window while nobody has unlocked: the list of profiles, or a step of joining."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol import code_step, person_step, words_step
from app.ui.enrol.model import joining_of
from app.ui.enrol.welcome import welcome
from app.ui.guard import part
from app.ui.screens.unlock import screen as unlock_screen
from app.ui.signals import use_signal

PAGES = {
    "closed": lambda c, model: unlock_screen(c),
    "code": code_step.page,
    "person": person_step.page,
    "words": words_step.page,
    "welcome": welcome,
}


@part
def door(c: Ctx) -> ft.Control:
    """What stands before the person's own screens."""
    desk = c.desk
    assert desk is not None
    model = joining_of(desk)
    use_signal(model.stepped)
    return PAGES[model.step](c, model)
