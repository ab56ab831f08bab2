"""A form being filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from forms.definition.model import NodeDef
from forms.instance import events
from forms.instance.building import Builder
from forms.instance.choices import Choices
from forms.instance.context import Context, Surroundings
from forms.instance.node import Node, Range, RepeatInstance
from forms.instance.problems import PROBLEMS
from forms.instance.refs import node_at
from forms.instance.repeats import Repeats
from forms.instance.settling import Settling
from forms.instance.texts import Texts
from forms.xpath.focus import Focus
from forms.xpath.lookup import DataSource

if TYPE_CHECKING:
    from forms.codecs import Codec
    from forms.definition.form import Form
    from forms.serialise.finalise import Finalised
    from forms.xml import Element

Callback = Callable[[list[Node]], None]


class Migration:
    """What reopening met: paths the form no longer has (kept in the XML), and paths it has anew."""

    __slots__ = ("added", "unknown")

    def __init__(self) -> None:
        self.unknown: list[str] = []
        self.added: list[str] = []


class Instance(Settling):
    """The live answers of one form. Made by `Form.new` and `Form.open`.

    Every call that changes something returns after all that depends on it is up to date; subscribers are
    then told which nodes changed.
    """

    def __init__(self, form: Form, context: Context) -> None:
        super().__init__(form)
        self.context = context
        self.surroundings = Surroundings(context, form.version)
        self.surroundings.language = form.default_language
        self.scope: list[Any] = [None] * form.root.size
        self.focus = Focus(self.scope, self, self.surroundings, context.timezone)
        self.texts = Texts(self)
        self.choices = Choices(self)
        self.repeats = Repeats(self)
        self.migration = Migration()
        self.unknown: dict[Node, list[Element]] = {}
        self.subscribers: list[Callback] = []
        self.own_sources: dict[str, DataSource] = {}
        self.namespaces: dict[str, str] = {}
        self.edited = False
        self.deprecated_id = ""
        self.root: Node = Node(form.root, self, None, self.scope)
        self.scope[0] = self.root

    # -- beginnings

    @classmethod
    def start(cls, form: Form, context: Context) -> Instance:
        """A fresh instance."""
        instance = cls(form, context)
        Builder(instance).fill(instance.root, form.element)
        instance.look_at_given(keep=False)
        instance.repeats.provide_fixed()
        events.preload(instance)
        instance.settle_everything()
        instance.drop_impossible_choices()
        events.loaded(instance, first=True)
        instance.settle()
        instance.changed.clear()
        return instance

    @classmethod
    def reopen(cls, form: Form, context: Context, source: bytes | str, edit: bool) -> Instance:
        """An instance from XML; see `Form.open`."""
        from forms.instance.reopening import read_instance

        element, namespaces = read_instance(form, source)
        instance = cls(form, context)
        instance.namespaces = namespaces
        instance.edited = edit
        Builder(instance, instance.migration).fill(instance.root, element)
        instance.look_at_given(keep=True)
        events.identify(instance)
        if edit:
            events.becomes_edit(instance)
        instance.settle_everything()
        instance.mark_unavailable()
        events.loaded(instance, first=False)
        instance.settle()
        instance.changed.clear()
        return instance

    def look_at_given(self, keep: bool) -> None:
        """Texts that are not of their type: kept and marked in what a person wrote, dropped from a form."""
        for node in self.every_node():
            kind = node.d.type
            if not node.raw or kind in ("string", "binary", "barcode", "intent", "boolean"):
                continue
            try:
                self.codec(kind).parse(node.raw)
            except ValueError as problem:
                if keep:
                    node.bad = str(problem)
                elif kind in ("date", "time", "dateTime"):
                    events.put(node, "")
                elif kind in ("int", "decimal"):
                    events.put(node, self.as_type(kind, node.raw))

    def drop_impossible_choices(self) -> None:
        """Defaults that are not among a select's choices are no answers."""
        for node in self.every_node():
            if node.raw and node.d.control is not None:
                self.repeats.drop_gone_choices(node)
        self.settle()

    def mark_unavailable(self) -> None:
        """Choices of a reopened instance that are offered no longer are kept and shown."""
        for node in self.every_node():
            if node.raw and node.visible and not node.bad and node.d.control is not None:
                node.bad = self.repeats.unavailable(node, node.raw)
                if node.bad:
                    self.recheck[node] = None

    # -- reading

    def at(self, ref: str) -> Node:
        """The node of a reference such as "/data/people[2]/age"; AnswerRefused where there is none."""
        return node_at(self, ref)

    def problems(self) -> list[Node]:
        """Every relevant node whose answer does not hold, in form order."""
        return self.failing_in_order()

    @property
    def language(self) -> str:
        return self.surroundings.language

    @language.setter
    def language(self, language: str) -> None:
        if language == self.surroundings.language:
            return
        self.surroundings.language = language
        self.choices.drop_all()
        for node in self.every_node():
            if node.d.control is not None:
                self.changed[node] = None
        self.settled()

    # -- changing

    def answer(self, node: Node, answer: Any) -> None:
        """Stores an answer; see `Node.answer`."""
        node.bad = ""
        text = self.text_of(node, answer)
        if text and not node.bad:
            node.bad = self.repeats.unavailable(node, text)
        if text == node.raw:
            self.recheck[node] = None
            self.settled()
            return
        self.set_text(node, text)
        self.recheck[node] = None
        events.value_changed(self, node)
        self.settled()

    def text_of(self, node: Node, answer: Any) -> str:
        """The XForms text of an answer; a text that is not of the type is kept and marked."""
        if answer is None or answer == "":
            return ""
        codec = self.codec(node.d.type)
        if node.control == "trigger":
            return "OK" if answer not in (False, "false", "0") else ""
        if not isinstance(answer, str):
            try:
                return codec.format(answer)
            except (ValueError, TypeError) as problem:
                node.bad = str(problem)
                return str(answer)
        try:
            if node.d.type == "string":
                return answer
            parsed = codec.parse(answer)
            return answer if isinstance(parsed, bool) else codec.format(parsed)
        except ValueError as problem:
            node.bad = str(problem)
            return answer

    def add_repeat(self, ref: str) -> RepeatInstance:
        """A new last instance of the repeat at `ref`; AnswerRefused where persons may not add one."""
        return self.repeats.add_by_person(self.at(ref))

    def remove_repeat(self, ref: str) -> None:
        """Removes the instance at `ref` ("/data/people[2]")."""
        self.repeats.remove_by_person(self.at(ref))

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Calls back with the changed nodes after each settled change; returns how to unsubscribe."""
        self.subscribers.append(callback)
        return lambda: _forget(self.subscribers, callback)

    def settled(self) -> None:
        """Settles, then tells the subscribers."""
        self.settle()
        if not self.changed:
            return
        changed = list(self.changed)
        self.changed.clear()
        for callback in list(self.subscribers):
            callback(changed)

    # -- writing

    def to_xml(self) -> bytes:
        """Everything answered so far, also what is not relevant: for drafts."""
        from forms.serialise.writing import write

        return write(self, prune=False)

    def finalise(self) -> Finalised:
        """The submission: what is not relevant is gone; with attachments and entity operations."""
        from forms.serialise.finalise import finalise

        return finalise(self)

    # -- what expressions ask

    def codec(self, kind: str) -> Codec:
        from forms.codecs import codec_for

        return codec_for(kind)

    def document(self) -> Any:
        from forms.instance.reopening import Above

        return Above(self.root)

    def data_source(self, name: str) -> DataSource | None:
        """A secondary instance: an entity list of the context, else the form's own, else a media file."""
        own = self.own_sources.get(name)
        if own is not None:
            return own
        from forms.instance.reopening import source_for

        made = source_for(self, name)
        if made is not None:
            self.own_sources[name] = made
        return made

    def translate(self, text_id: str) -> str:
        forms = self.form.itext.forms(self.language, text_id)
        if forms is None:
            return ""
        return next((self.texts.put(forms[f], self.root) for f in ("", "long", "short") if f in forms), "")

    def choice_label(self, node: Any, path: str, value: str) -> str:
        return self.choices.label_for(node, value) if isinstance(node, Node) else ""

    def would_be_relevant(self, place: Range) -> bool:
        """Whether a new instance of an empty repeat would be relevant."""
        bind = place.d.bind
        if bind is None or bind.relevant is None:
            return bind is None or not bind.relevant_never
        try:
            return bool(bind.relevant.compiled(place, self.focus))
        except PROBLEMS:
            return True

    def every_node(self) -> list[Node]:
        """All nodes, repeat instances and their nodes included, without attributes."""
        found: list[Node] = []
        stack: list[Node] = [self.root]
        while stack:
            node = stack.pop()
            found.append(node)
            stack.extend(reversed(node.items or node.kids))
        return found

    def nodes_of(self, d: NodeDef) -> list[Node]:
        """All nodes of one definition, in document order; ranges for a repeat."""
        from forms.definition.model import ranges_between

        scopes = [self.scope]
        for slot in ranges_between(self.form.root, d.scope):
            scopes = [item.scope for scope in scopes for item in scope[slot].items]
        return [scope[d.slot] for scope in scopes]


def _forget(subscribers: list[Callback], callback: Callback) -> None:
    """Unsubscribing twice is no mistake: a screen may close after its form was finished."""
    if callback in subscribers:
        subscribers.remove(callback)
