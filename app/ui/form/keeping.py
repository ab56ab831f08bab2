"""Answers on their way from the screen to the filling.

Every key goes into the question's model at once; the filling gets the text at most `KEEP_AFTER_S` after the first key
that it does not have yet, and at once when the field, the page or the app is left. Choices go there at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.protocol.errors import Problem
from app.ui.form.marks import Left
from app.ui.form.nodes import Filling, Node
from app.ui.form.pages import Kind
from app.ui.form.question_model import TYPED, QuestionModel
from app.ui.form.repeating import Repeating
from app.ui.form.timing import Later
from app.ui.form.topics import Topics
from app.ui.form.written import to_form

KEEP_AFTER_S = 0.2


class Keeping:
    """The part of a form session that holds what is written. Everything runs on the page's event loop."""

    repeats: Repeating

    def __init__(self, filling: Filling, later: Later) -> None:
        self.filling, self.later = filling, later
        self.left = Left()
        self.on = Topics()
        self.trouble: Problem | None = None
        self.models: dict[str, QuestionModel] = {}
        self._keeping: dict[str, Callable[[], None]] = {}
        self._busy = False

    def node(self, ref: str) -> Node:
        found: Node = self.filling.instance.at(ref)
        return found

    def refresh(self) -> None:
        """Look at the page again after a change."""
        raise NotImplementedError

    def typed(self, model: QuestionModel, text: str) -> None:
        """A key was pressed. Nothing is drawn; the filling hears of it shortly."""
        model.written, model.unsaved = text, True
        if model.ref not in self._keeping:
            self._keeping[model.ref] = self.later(KEEP_AFTER_S, lambda: self.keep(model))

    def focused(self, model: QuestionModel, yes: bool) -> None:
        """The field was entered or left; on leaving, what is wrong may say so."""
        model.focused = yes
        if not yes:
            self.keep(model)
            self.left.fields.add(model.ref)
            model.look(self.node(model.ref), self.left)
        model.around.fire()

    def chose(self, model: QuestionModel, value: Any) -> None:
        """A choice, a picked date, a drawn signature: kept at once, and judged at once."""
        model.written, model.unsaved = value, True
        self.left.fields.add(model.ref)
        self.keep(model)

    def attach(self, model: QuestionModel, name: str, data: bytes) -> None:
        """Keep a photo or signature as the question's answer."""
        self.filling.attach(model.ref, name, data)
        self.refresh()
        self.on.saved.fire()

    def attachment(self, name: str) -> bytes | None:
        """The kept file of that name, None where it is not on this device."""
        return self.filling.attachment(name)

    def keep(self, model: QuestionModel) -> None:
        """Hand what is written to the filling. A failure leaves it on the screen, marked as not saved."""
        cancel = self._keeping.pop(model.ref, None)
        if cancel:
            cancel()
        if not model.unsaved:
            return
        try:
            with self.changing():
                self.filling.answer(model.ref, self._kept_text(model))
            model.unsaved = False
            self._trouble(None)
        except Problem as problem:
            self._trouble(problem)
        else:
            self._try_again()
        self.refresh()
        self.on.saved.fire()

    def _try_again(self) -> None:
        """What could not be kept before may find room now."""
        for model in [one for one in self.models.values() if one.unsaved and one.ref not in self._keeping]:
            self.keep(model)

    def keep_all(self) -> None:
        """Hand over everything that is still only on the screen: the page, the app or the form is being left."""
        for model in [one for one in self.models.values() if one.unsaved]:
            self.keep(model)
        for model in [one for one in self.models.values() if one.item.kind is Kind.REPEAT and one.written]:
            self.repeats.add_named(model)  # a name that was typed and not added yet

    def _kept_text(self, model: QuestionModel) -> str:
        return to_form(model.widget, model.written) if model.widget in TYPED else model.written

    def _trouble(self, problem: Problem | None) -> None:
        if problem is not self.trouble:
            self.trouble = problem
            self.on.trouble.fire()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """While the filling is told something, its own callbacks draw nothing; whoever tells draws afterwards."""
        self._busy = True
        try:
            yield
        finally:
            self._busy = False
