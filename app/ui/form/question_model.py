"""One question on the screen: what stands in its field, and what was last shown of its node."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.ui.form.marks import CALM, Left, Mark, mark_of
from app.ui.form.nodes import Node
from app.ui.form.pages import CONTAINERS, Card, Item, Kind, card_of
from app.ui.form.topic import Topic
from app.ui.form.widgets import LONG_LIST, Widget
from app.ui.form.written import as_number, to_form, to_screen


@dataclass(frozen=True)
class Last:
    """What the last visit answered: as words, and as the kept text. `on` is None where only the form knows it."""

    text: str
    value: str
    on: date | None


@dataclass(frozen=True)
class Frame:
    """What surrounds the control. Two equal frames look the same, so nothing is drawn again."""

    relevant: bool = False
    label: str = ""
    hint: str = ""
    guidance: str = ""
    required: bool = False
    mark: Mark = CALM
    last: Last | None = None
    change: float | None = None
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the control itself shows: the kept text, whether it may be changed, and the choices to choose from."""

    text: str = ""
    readonly: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(eq=False)
class QuestionModel:
    """Lives as long as the form is open, whether its page is shown or not.

    `written` is what stands in the field; while `unsaved`, it is ahead of the form. `around` is fired when the
    frame changed, `within` when the control must be drawn again: never by the person's own typing.
    """

    item: Item
    page: str
    frame: Frame = field(default_factory=Frame)
    answer: Answer = field(default_factory=Answer)
    find_last: Callable[[], "Last | None"] = field(default=lambda: None)
    locked: bool = False  # filled in by the app; the person must not change it
    last: Last | None = None
    written: str = ""
    unsaved: bool = False
    focused: bool = False
    listed: Any = None
    named: tuple[tuple[str, str], ...] = ()
    around: Topic = field(default_factory=Topic)
    within: Topic = field(default_factory=Topic)

    @property
    def ref(self) -> str:
        return self.item.ref

    @property
    def widget(self) -> Widget:
        return self.item.widget

    def look(self, node: Node, left: Left) -> None:
        """Read the node and tell whoever shows something that changed."""
        frame = self._frame(node, left)
        if frame != self.frame:
            self.frame = frame
            self.around.fire()
        if not frame.relevant or self.item.kind is not Kind.QUESTION:
            return
        answer = self._answer(node)
        if answer == self.answer:
            return
        before, self.answer = self.answer, answer
        if self.widget not in TYPED:
            self.written = answer.text
            self.within.fire()
        elif self._written_by_others() or before.readonly != answer.readonly:
            self.written = to_screen(self.widget, answer.text)
            self.within.fire()

    def _answer(self, node: Node) -> Answer:
        if self.widget not in CHOOSING:
            return Answer(node.text or "", node.readonly or self.locked)
        choices = node.choices
        if choices is not self.listed or len(choices) <= LONG_LIST:
            self.listed = choices  # the engine keeps a list until it changes: long ones are read once
            self.named = tuple((choice.value, choice.label) for choice in choices)
        return Answer(node.text or "", node.readonly or self.locked, self.named)

    def _frame(self, node: Node, left: Left) -> Frame:
        if not node.relevant:
            return Frame()
        if not self.frame.relevant:
            self.last = (
                self.find_last()
            )  # what the form knows of last time may depend on what was just answered
        if self.item.kind is Kind.REPEAT:
            cards = tuple(card_of(one) for one in node.children if one.relevant)
            return Frame(True, node.label or "", node.hint or "", cards=cards)
        if node.kind in CONTAINERS:
            return Frame(True, node.label or "")
        return Frame(
            relevant=True,
            label=node.label or "",
            hint=node.hint or "",
            guidance=node.guidance or "",
            required=node.required,
            mark=mark_of(node, self.page, left),
            last=self.last,
            change=self._change(node),
        )

    def _change(self, node: Node) -> float | None:
        """How much more than last time; None where nothing changed or it is not about amounts."""
        if self.last is None or self.widget not in (Widget.INTEGER, Widget.DECIMAL):
            return None
        now, before = as_number(node.text or ""), as_number(self.last.value)
        return now - before if now is not None and before is not None and now != before else None

    def _written_by_others(self) -> bool:
        """Whether the kept text is not what stands in the field, and nobody is typing there."""
        if self.unsaved or self.focused:
            return False
        return to_form(self.widget, self.written) != self.answer.text

    def fill(self, node: Node, left: Left) -> None:
        """Read the node for the first time; nobody is listening yet."""
        self.frame = self._frame(node, left)
        if self.item.kind is Kind.QUESTION:
            self.answer = self._answer(node)
            self.written = to_screen(self.widget, self.answer.text)


# Widgets whose text is typed: the field on the screen is ahead of the form and must not be drawn again meanwhile.
TYPED = frozenset(
    (
        Widget.TEXT,
        Widget.MULTILINE,
        Widget.INTEGER,
        Widget.DECIMAL,
        Widget.DATE,
        Widget.MONTH,
        Widget.YEAR,
        Widget.TIME,
        Widget.DATETIME,
        Widget.GEOPOINT,
    )
)
CHOOSING = frozenset((Widget.ONE, Widget.MANY, Widget.ONE_SEARCH, Widget.MANY_SEARCH, Widget.RANK))
