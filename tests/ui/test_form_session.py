"""The form session without a screen: keeping, marking, going about, repeats."""

from collections.abc import Callable

import pytest

from app.ui.form.place import Place
from app.ui.form.session import FormSession
from tests.ui.form_fake import FakeFilling, visit


class Clock:
    """`Later` by hand: nothing happens until `tick`."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]:
        self.waiting.append(action)
        return lambda: self.waiting.remove(action) if action in self.waiting else None

    def tick(self) -> None:
        waiting, self.waiting = self.waiting, []
        for action in waiting:
            action()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def filling() -> FakeFilling:
    return visit()


@pytest.fixture
def session(filling: FakeFilling, clock: Clock) -> FormSession:
    return FormSession(filling, clock)


def model(session: FormSession, ref: str):
    return next(one for one in session.page_models() if one.ref == ref)


def test_keys_reach_the_filling_once_a_moment_later(session, filling, clock) -> None:
    rent = model(session, "/data/start/rent")
    for text in ("6", "61", "610"):
        session.typed(rent, text)
    assert filling.journal == []
    clock.tick()
    assert filling.journal == [("/data/start/rent", "610")]


@pytest.mark.parametrize("leave", ["page", "field", "screen", "finish"])
def test_leaving_keeps_what_was_just_typed(session, filling, leave) -> None:
    rent = model(session, "/data/start/rent")
    session.typed(rent, "610")
    {
        "page": lambda: session.step(1),
        "field": lambda: session.focused(rent, False),
        "screen": session.stop,
        "finish": session.try_finish,
    }[leave]()
    assert ("/data/start/rent", "610") in filling.journal


def test_missing_is_said_only_after_leaving_the_section(session) -> None:
    rent = model(session, "/data/start/rent")
    session.focused(rent, True)
    session.focused(rent, False)
    assert rent.frame.mark.kind == ""
    session.step(1)
    session.step(-1)
    assert model(session, "/data/start/rent").frame.mark.kind == "missing"


def test_missing_is_said_after_finish_was_pressed(session) -> None:
    session.try_finish()
    session.go_question("/data/people/person[1]/age", "/data/people")
    assert session.place == Place("/data/people", ("/data/people/person[1]",))
    assert model(session, "/data/people/person[1]/age").frame.mark.kind == "missing"


def test_wrong_is_said_after_leaving_the_field_and_unsaid_while_it_is_mended(session, clock) -> None:
    rent = model(session, "/data/start/rent")
    session.focused(rent, True)
    session.typed(rent, "12400")
    clock.tick()
    assert rent.frame.mark.kind == ""
    session.focused(rent, False)
    assert (rent.frame.mark.kind, rent.frame.mark.message) == ("wrong", "Cel mult 5000")
    session.focused(rent, True)
    session.typed(rent, "1240")
    clock.tick()
    assert rent.frame.mark.kind == ""


def test_an_answer_that_could_not_be_kept_stays_on_the_screen_and_is_tried_again(
    session, filling, clock
) -> None:
    rent = model(session, "/data/start/rent")
    filling.fails = True
    session.typed(rent, "610")
    clock.tick()
    assert session.trouble is not None and session.trouble.code == "store.disk_full"
    assert (rent.written, rent.unsaved) == ("610", True)
    filling.fails = False
    session.keep_all()
    assert session.trouble is None
    assert filling.journal == [("/data/start/rent", "610")]


def test_an_answer_makes_its_dependent_question_appear(session) -> None:
    when = model(session, "/data/start/next_on")
    assert not when.frame.relevant
    session.chose(model(session, "/data/start/paid"), "part")
    assert when.frame.relevant


def test_last_visit_stands_beside_with_the_difference(session, clock) -> None:
    rent = model(session, "/data/start/rent")
    assert rent.frame.last is not None and rent.frame.last.text == "240"
    session.typed(rent, "610")
    clock.tick()
    assert rent.frame.change == 370


def test_names_first_details_later(session, filling) -> None:
    session.step(1)
    people = model(session, "/data/people/person")
    for name in ("Maria Exemplu", "Dan Exemplu"):
        people.written = name
        session.repeats.add_named(people)
    assert [card.title for card in people.frame.cards] == ["Maria Exemplu", "Dan Exemplu"]
    assert filling.instance.counts["/data/people/person"] == 2
    session.open_instance("/data/people/person[1]")
    assert model(session, "/data/people/person[1]/name").written == "Maria Exemplu"
    assert session.repeats.following() == "/data/people/person[2]"


def test_a_name_typed_but_not_added_is_not_lost(session, filling) -> None:
    session.step(1)
    model(session, "/data/people/person").written = "Elena Exemplu"
    session.step(1)
    assert ("/data/people/person[1]/name", "Elena Exemplu") in filling.journal


def test_removing_moves_the_rest_up_and_forgets_what_was_typed_there(session, filling) -> None:
    session.step(1)
    people = model(session, "/data/people/person")
    for name in ("Maria", "Dan", "Elena"):
        people.written = name
        session.repeats.add_named(people)
    session.open_instance("/data/people/person[2]")
    session.page_models()
    session.back_out()
    people = model(session, "/data/people/person")
    session.repeats.remove("/data/people/person[2]")
    assert [card.title for card in people.frame.cards] == ["Maria", "Elena"]
    session.open_instance("/data/people/person[2]")
    assert model(session, "/data/people/person[2]/name").written == "Elena"


def test_another_language_changes_words_and_keeps_answers(session, filling) -> None:
    rent = model(session, "/data/start/rent")
    session.typed(rent, "610")
    session.set_language("English (en)")
    assert rent.frame.label.endswith("[English (en)]")
    assert rent.written == "610"
    assert filling.journal == [("/data/start/rent", "610")]


def test_somebody_elses_change_is_shown_but_never_over_what_is_being_typed(session, filling) -> None:
    story = model(session, "/data/start/story")
    filling.answer("/data/start/story", "din altă parte")
    assert story.written == "din altă parte"
    session.focused(story, True)
    session.typed(story, "ce scriu eu")
    filling.answer("/data/start/story", "iar din altă parte")
    assert story.written == "ce scriu eu"
