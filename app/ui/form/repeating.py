"""Adding, naming, opening and removing the instances of a repeat."""

from typing import TYPE_CHECKING

from app.ui.form.pages import first_name_ref
from app.ui.form.place import Place
from app.ui.form.question_model import QuestionModel

if TYPE_CHECKING:
    from app.ui.form.session import FormSession


class Repeating:
    """What a person does with repeats, carried out on the session."""

    def __init__(self, session: "FormSession") -> None:
        self.session = session
        self._named: dict[str, bool] = {}

    def may_change(self, repeat: str) -> bool:
        """Whether a person adds and removes instances, or the form counts them."""
        return not self.session.range(repeat).fixed

    def takes_names(self, repeat: str) -> bool:
        """Whether instances can be added by a name: there is one, and its first question is a text."""
        instances = self.session.node(repeat).children
        if instances:
            self._named[repeat] = first_name_ref(instances[0]) is not None
        return self._named.get(repeat, False)

    def add_and_open(self, repeat: str) -> None:
        """A new instance, and its page."""
        self.session.open_instance(self._add(repeat))

    def add_named(self, model: QuestionModel) -> None:
        """The name that stands in the repeat's own line becomes the first empty instance, or a new one."""
        name, model.written = model.written.strip(), ""
        if not name:
            self.add_and_open(model.ref)
            return
        self.session.keep_all()
        empty = (first_name_ref(one) for one in self.session.node(model.ref).children)
        ref = next((one for one in empty if one and not self.session.node(one).text), None)
        if ref is None:
            ref = first_name_ref(self.session.node(self._add(model.ref)))
        if ref is not None:
            self._write(ref, name)
            self.session.forget(ref)
        model.within.fire()
        self.session.structure_changed()

    def _add(self, repeat: str) -> str:
        self.session.keep_all()
        with self.session.changing():
            ref: str = self.session.filling.add_repeat(repeat).ref
        return ref

    def _write(self, ref: str, text: str) -> None:
        """Set one answer without its field."""
        with self.session.changing():
            self.session.filling.answer(ref, text)

    def remove(self, ref: str) -> None:
        """Take an instance away; those after it move up, so what was known of them by place is forgotten."""
        self.session.keep_all()
        with self.session.changing():
            self.session.filling.remove_repeat(ref)
        self.session.forget(ref.rsplit("[", 1)[0] + "[", below=True)
        self.session.structure_changed()

    def following(self) -> str | None:
        """The instance after the one shown, None after the last."""
        stem, _, number = self.session.place.inside[-1].rpartition("[")
        following = f"{stem}[{int(number.rstrip(']')) + 1}]"
        refs = [one.ref for one in self.session.node(stem).children if one.relevant]
        return following if following in refs else None

    def go_on(self) -> None:
        following = self.following()
        if following is not None:
            self.session.go(Place(self.session.place.section, (*self.session.place.inside[:-1], following)))
