"""The form screen without its pixels: where the person is, what stands there, and who must hear of changes."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from app.ui.form.keeping import Keeping
from app.ui.form.nodes import Filling, Range
from app.ui.form.pages import Item, Kind, page_items, shown_answer
from app.ui.form.place import Place, inside_of
from app.ui.form.question_model import Last, QuestionModel
from app.ui.form.repeating import Repeating
from app.ui.form.timing import Later
from app.ui.signals import Signal
from app.usecases.views import FillProblem, SectionState

COUNT_AFTER_S = 0.25
IN_SIGHT = 3  # so many items stand on the first screen of a page


class FormSession(Keeping):
    """One open form. Everything here runs on the page's event loop."""

    def __init__(self, filling: Filling, later: Later) -> None:
        super().__init__(filling, later)
        self.window_height = 800.0
        self.aim: str | None = None  # the question to bring into view on the page shown next
        self.aimed = False  # whether the page shown was opened for one of its questions
        self.mending = False  # whether the page shown was opened from the check before finishing
        self._shown: list[QuestionModel] = []
        self.listed: Any = None  # the list control of the page shown, for scrolling
        self.sections: list[SectionState] = filling.sections()
        self.repeats = Repeating(self)
        self.place = Place(self._first_section())
        self.first = self.position()
        self.left.pages.update(one.ref for one in self.sections[: self.first])
        self._unsubscribe = filling.subscribe(self._settled)
        self._cancel_count: Callable[[], None] | None = None
        self._back: Callable[[], None] | None = None
        self._deaf: Callable[[], None] = _nothing
        self._ended = False

    # -- pages -------------------------------------------------------------------------------------------------
    def section(self) -> SectionState:
        """The state of the section shown."""
        found = next((one for one in self.sections if one.ref == self.place.section), None)
        return found or self.sections[0]

    def position(self) -> int:
        """0-based place of the section among the relevant ones."""
        refs = [one.ref for one in self.sections]
        return refs.index(self.place.section) if self.place.section in refs else 0

    def known(self, state: SectionState) -> bool:
        """Whether the person was in that section already (or pressed Finish): what is missing may then be said."""
        return self.left.page(state.ref)

    def page_nodes(self) -> Sequence[Any]:
        return self._nodes_of(self.place)

    def _nodes_of(self, place: Place) -> Sequence[Any]:
        if place.inside:
            return self.node(place.inside[-1]).children
        return self.filling.section_nodes(place.section)

    def page_models(self) -> list[QuestionModel]:
        """The models of everything on the page shown, made where they are new and read afresh."""
        own = self.place.page
        self._shown = [self._model(item, own) for item in page_items(self.page_nodes(), own)]
        return self._shown

    def range(self, ref: str) -> Range:
        found: Range = self.filling.instance.at(ref)
        return found

    def _model(self, item: Item, page: str) -> QuestionModel:
        known = self.models.get(item.ref)
        if known is None or known.item != item or known.page != page:
            known = self.models[item.ref] = QuestionModel(
                item, page, find_last=lambda: self._last(item), locked=item.ref in self.filling.locked
            )
            known.fill(self.node(item.ref), self.left)
        else:
            known.last = known.find_last()
            known.look(self.node(item.ref), self.left)
        return known

    def _last(self, item: Item) -> Last | None:
        """Last visit's answer: from the earlier record, else from the form's own twin question."""
        if item.kind is not Kind.QUESTION:
            return None
        found = self.filling.last_answer(item.ref)
        if found is not None and found.text:
            return Last(found.text, found.value, found.on)
        beside = self.node(item.ref.rsplit("/", 1)[0]).children
        twin = next((one for one in beside if one.ref == f"{item.ref}_last"), None)
        if twin is None or not (twin.readonly and twin.relevant and twin.text):
            return None
        return Last(shown_answer(twin), twin.text, None)

    def _first_section(self) -> str:
        """Where a person goes on: at a comment in a correction, else at the first section with something to
        do."""
        if self.filling.correction:
            commented = [ref for ref in self.filling.comments if ref]
            for one in self.sections:
                if any(self._holds(one.ref, ref) for ref in commented):
                    return one.ref
        open_ones = [one.ref for one in self.sections if one.missing or one.wrong]
        return (open_ones or [self.sections[0].ref])[0]

    def section_of(self, ref: str) -> str:
        """The section that shows a question, the present one where none does."""
        return next((one.ref for one in self.sections if self._holds(one.ref, ref)), self.place.section)

    def _holds(self, section: str, ref: str) -> bool:
        nodes = self.filling.section_nodes(section)
        return any(ref == node.ref or ref.startswith((f"{node.ref}/", f"{node.ref}[")) for node in nodes)

    # -- going somewhere ---------------------------------------------------------------------------------------
    def go(self, place: Place, aim: str | None = None) -> None:
        """Keep what is written, leave the page shown, and show another."""
        self.keep_all()
        if place.page != self.place.page or place.finish:
            self.left.pages.add(self.place.page)
        self.mending = False
        self.place, self.aim, self.aimed = place, aim, aim is not None
        self.count()
        self.on.place.fire()

    def go_section(self, ref: str) -> None:
        self.go(Place(ref))

    def step(self, by: int) -> bool:
        """One section on or back. False where there is none."""
        self.keep_all()
        self.count()
        at = self.position() + by
        if not 0 <= at < len(self.sections):
            return False
        self.go_section(self.sections[at].ref)
        return True

    def open_instance(self, ref: str, aim: str | None = None) -> None:
        self.go(Place(self.place.section, (*self.place.inside, ref)), aim)

    def back_out(self) -> bool:
        """One step out: from the finish page, or from a repeat instance to its list. False on a section's own page."""
        if self.place.finish:
            self.go(Place(self.place.section, self.place.inside))
            return True
        if self.place.inside:
            cards = self.place.inside[-1].rsplit("[", 1)[0]
            outer = Place(self.place.section, self.place.inside[:-1])
            self.go(outer, aim=cards if self._far_down(outer, cards) else None)
            return True
        return False

    def _far_down(self, place: Place, ref: str) -> bool:
        """Whether an item would not be seen at the top of its page."""
        nodes = self._nodes_of(place)
        above = [item.ref for item in page_items(nodes, place.page) if self.node(item.ref).relevant]
        return ref in above[IN_SIGHT:]

    def go_question(self, problem_ref: str, section: str) -> None:
        """Show the page that holds a question, with that question in view."""
        mending = self.place.finish
        self.go(Place(section or self.place.section, inside_of(problem_ref)), aim=problem_ref)
        self.mending = mending

    def try_finish(self) -> list[FillProblem]:
        """Finish was pressed: everything that is asked by now may say that it is missing. Sections that appear
        later stay calm until they are left."""
        self.keep_all()
        problems = self.filling.problems()
        self.left.pages.update(one.ref for one in self.filling.sections())
        self.left.pages.update((inside_of(one.ref) or (one.section,))[-1] for one in problems)
        self.go(Place(self.place.section, self.place.inside, finish=True))
        return problems

    # -- hearing of changes ------------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Look at every question of the page again; only those that changed are drawn."""
        for model in self._shown:
            model.look(self.node(model.ref), self.left)
        self.on.cards.fire()
        if self._cancel_count is None:
            self._cancel_count = self.later(COUNT_AFTER_S, self.count)

    def count(self) -> None:
        """Count answered, missing and wrong again; a section that stopped being relevant is left calmly."""
        if self._cancel_count is not None:
            self._cancel_count()
            self._cancel_count = None
        sections = self.filling.sections()
        if sections != self.sections:
            self.sections = sections
            self.on.counts.fire()

    def structure_changed(self) -> None:
        """Instances came or went: look at everything again and count."""
        self.refresh()
        self.on.saved.fire()
        self.count()

    def forget(self, ref: str, below: bool = False) -> None:
        """Forget the model of a question, or (`below`) everything known of the refs that begin with `ref`."""
        if not below:
            self.models.pop(ref, None)
            return
        for known in [one for one in self.models if one.startswith(ref)]:
            del self.models[known]
        self.left.fields = {one for one in self.left.fields if not one.startswith(ref)}
        self.left.pages = {one for one in self.left.pages if not one.startswith(ref)}

    def _settled(self, changed: Sequence[Any]) -> None:
        if not self._busy:
            self.refresh()

    def set_language(self, name: str) -> None:
        """Another language for the form's words; answers, place and what is written stay."""
        self.keep_all()
        self.filling.set_language(name)
        self.sections = self.filling.sections()
        for model in self._shown:
            model.last, model.listed = model.find_last(), None
            model.look(self.node(model.ref), self.left)
            model.within.fire()
        self.on.language.fire()

    # -- the end -----------------------------------------------------------------------------------------------
    def back_action(self, leave: Callable[[str], None]) -> Callable[[], None]:
        """The header's arrow: one step out, else out of the form with the draft kept."""

        def back() -> None:
            self.keep_all()
            if not self.back_out():
                leave("kept")

        if self._back is None:
            self._back = back
        return self._back

    def listen(self, leaving: Signal) -> None:
        """Keep everything at each `leaving`: the window goes out of sight, the profile is locked."""
        self._deaf()
        self._deaf = leaving.subscribe(self.keep_while_open)

    def keep_while_open(self) -> None:
        """Keep what is only on the screen, unless the record is already finished."""
        if not self._ended:
            self.keep_all()

    async def finish(self) -> bool:
        """Seal the record beside the event loop. False where something still stands in the way."""
        self.keep_all()
        self.count()
        self._unsubscribe()
        try:
            done = await asyncio.to_thread(self.filling.finish)
            self._ended = not hasattr(done, "problems")
        finally:
            if not self._ended:
                self._unsubscribe = self.filling.subscribe(self._settled)
                self.on.saved.fire()
        return self._ended

    def stop(self) -> None:
        """The screen is gone: keep what is still only here, and stop listening. The draft stays."""
        self.keep_while_open()
        self._ended = True
        self._unsubscribe()
        self._deaf()
        if self._cancel_count is not None:
            self._cancel_count()


def _nothing() -> None:
    """Listening to nobody yet."""
