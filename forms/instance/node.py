"""A live node: one element, attribute, repeat range or repeat instance of an instance being filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.definition.model import ATTRIBUTE, LEAF, REPEAT, NodeDef
from forms.errors import AnswerRefused

if TYPE_CHECKING:
    from forms.instance.choices import Choice
    from forms.instance.instance import Instance
    from forms.instance.validity import Validity


class Node:
    """Walk with `children`, fill in with `answer`. Everything else is read.

    `raw` is the text that is stored; `seen` what expressions see ("" while not relevant); `num` that text as a
    number, once somebody asked. `scope` lists all nodes of its scope by slot; `outer`, on a scope's own node,
    is the scope around.
    """

    __slots__ = (
        "bad",
        "d",
        "failed",
        "instance",
        "kids",
        "num",
        "outer",
        "parent",
        "problem",
        "raw",
        "rel",
        "req",
        "ro",
        "scope",
        "seen",
        "visible",
    )
    items: list[RepeatInstance] = []  # noqa: RUF012 -- only a Range has any
    place = 1

    def __init__(self, d: NodeDef, instance: Instance, parent: Node | None, scope: list[Any]) -> None:
        self.d = d
        self.instance = instance
        self.parent = parent
        self.scope = scope
        self.outer: list[Any] | None = None
        self.raw = ""
        self.seen = ""
        self.num: float | None = None
        bind = d.bind
        if bind is None:
            self.rel = True
            self.req = self.ro = False
        else:
            self.rel = not bind.relevant_never
            self.req = bind.required_always
            self.ro = bind.readonly_always
        self.visible: bool = self.rel and (parent is None or parent.visible)
        self.problem: str | None = None
        self.failed = ""
        self.bad = ""
        self.kids: list[Node] = _NOTHING

    # -- what it is

    @property
    def name(self) -> str:
        return self.d.name

    @property
    def kind(self) -> str:
        """ "root", "group", "repeat", "repeat-instance", "question", "note" or "value" (not in the body)."""
        d = self.d
        if d.parent is None:
            return "root"
        if d.kind != LEAF:
            return "attribute" if d.kind == ATTRIBUTE else "group"
        if d.control is None:
            return "value"
        bind = d.bind
        quiet = bind is not None and bind.readonly_always and bind.calculate is None
        return "note" if quiet and d.control.kind == "input" and not self.raw else "question"

    @property
    def type(self) -> str:
        """The bind's type; for selects the control's."""
        return self.d.type

    @property
    def control(self) -> str | None:
        """ "input", "select1", "select", "rank", "range", "trigger", "upload", "secret" or None."""
        control = self.d.control
        return control.kind if control is not None and control.kind not in ("group", "repeat") else None

    @property
    def appearance(self) -> str:
        """The appearance of its control, passed through; "" for none."""
        control = self.d.control
        return control.appearance if control is not None else ""

    @property
    def mediatype(self) -> str:
        """What an upload takes: "image/*" …"""
        control = self.d.control
        return control.attributes.get("mediatype", "") if control is not None else ""

    @property
    def attributes(self) -> dict[str, str]:
        """Further attributes of its control (start, end, step, rows, autoplay …) and of its bind
        (orx:max-pixels …)."""
        control, bind = self.d.control, self.d.bind
        return {
            **(bind.attributes if bind is not None else {}),
            **(control.attributes if control is not None else {}),
        }

    @property
    def ref(self) -> str:
        """Its path, with a 1-based [n] on every repeat instance."""
        from forms.instance.refs import ref_of

        return ref_of(self)

    @property
    def children(self) -> list[Node]:
        """In the order of the body; nodes that have no place in the body follow."""
        order = self.d.shown
        if not order or not self.kids:
            return list(self.kids)
        places = {d: i for i, d in enumerate(order)}
        return sorted(self.kids, key=lambda node: places.get(node.d, len(places)))

    # -- its state

    @property
    def relevant(self) -> bool:
        """Whether it and everything around it is relevant."""
        return self.visible

    @property
    def required(self) -> bool:
        """Whether it must be answered; a group never is."""
        return self.req and self.d.kind in (LEAF, ATTRIBUTE)

    @property
    def readonly(self) -> bool:
        """Whether it, or a group around it, is read-only."""
        node: Node | None = self
        while node is not None:
            if node.ro:
                return True
            node = node.parent
        return False

    @property
    def text(self) -> str:
        """The XForms text; for a group the texts below it."""
        if not self.kids:
            return self.raw
        from forms.instance.refs import leaves_below

        return "".join(leaf.seen for leaf in leaves_below(self))

    @property
    def value(self) -> Any:
        """The answer as a Python value of its type; the text itself where it is not one; None for no answer."""
        if not self.raw:
            return None
        try:
            return self.instance.codec(self.d.type).parse(self.raw)
        except ValueError:
            return self.raw

    @property
    def validity(self) -> Validity:
        """Whether the answer may stand, which condition failed, and its message in the current language."""
        from forms.instance.validity import Validity

        return Validity.of(self)

    # -- what a person reads

    @property
    def label(self) -> str:
        """In the current language, outputs filled in; markdown as written."""
        return self.instance.texts.label(self)

    @property
    def hint(self) -> str:
        """The hint beside the label, in the current language."""
        return self.instance.texts.hint(self)

    @property
    def guidance(self) -> str:
        """The longer guidance of the hint, in the current language."""
        return self.instance.texts.guidance(self)

    @property
    def label_media(self) -> dict[str, str]:
        """File references of its label by form: "image", "big-image", "audio", "video"."""
        return self.instance.texts.media(self)

    @property
    def choices(self) -> list[Choice]:
        """Of a select, in the current language and under its filter."""
        return self.instance.choices.of(self)

    # -- acting on it

    def answer(self, answer: Any) -> None:
        """Stores a text or a Python value; "" or None clears. AnswerRefused for what takes no answer."""
        if self.kids or self.d.kind not in (LEAF, ATTRIBUTE):
            raise AnswerRefused(f"{self.ref} is a {self.kind}, it takes no answer")
        self.instance.answer(self, answer)

    # -- as expressions walk it

    @property
    def xpath_kind(self) -> str:
        return "attribute" if self.d.kind == ATTRIBUTE else "element"

    @property
    def prefix(self) -> str:
        return self.d.prefix

    @property
    def space(self) -> str:
        return self.d.space

    def xpath_parent(self) -> Any:
        return self.parent if self.parent is not None else self.instance.document()

    def xpath_children(self) -> list[Any]:
        found: list[Any] = []
        for kid in self.kids:
            if type(kid) is Range:
                found.extend(item for item in kid.items if item.visible)
            elif kid.visible:
                found.append(kid)
        if not self.kids and self.seen:
            from forms.xpath.tree import TEXT, DataNode

            found.append(DataNode(TEXT, "", None, self.seen))
        return found

    def xpath_attributes(self) -> list[Any]:
        return [self.scope[a.slot] for a in self.d.attributes]

    def __repr__(self) -> str:
        return f"<{self.kind} {self.ref} {self.raw!r}>"


_NOTHING: list[Node] = []


class Range(Node):
    """All instances of one repeat at one place. `items` are its instances; the contract's kind "repeat".

    Its `scope` is a list of only itself, so that a count expression climbs out of it as out of an instance.
    """

    __slots__ = ("items",)

    def __init__(self, d: NodeDef, instance: Instance, parent: Node, scope: list[Any]) -> None:
        super().__init__(d, instance, parent, [self])
        self.outer = scope
        self.rel = True
        self.visible = parent.visible
        self.items: list[RepeatInstance] = []

    @property
    def kind(self) -> str:
        return "repeat"

    @property
    def children(self) -> list[Node]:
        return list(self.items)

    @property
    def relevant(self) -> bool:
        """Whether its instances are; without instances, whether a new one would be."""
        if not self.visible:
            return False
        if self.items:
            return any(item.visible for item in self.items)
        return self.instance.would_be_relevant(self)

    @property
    def counted(self) -> bool:
        """Whether an expression decides how many instances there are."""
        bind = self.d.bind
        return bind is not None and bind.calculate is not None

    @property
    def fixed(self) -> bool:
        """Whether a person may not add or remove instances."""
        control = self.d.control
        barred = control is not None and control.attributes.get("jr:noAddRemove", "").strip() in (
            "true()",
            "true",
        )
        return self.counted or barred

    @property
    def label(self) -> str:
        return self.instance.texts.label(self)


class RepeatInstance(Node):
    """One instance of a repeat; `place` is its 1-based position, kept by the range."""

    __slots__ = ("place",)

    def __init__(self, d: NodeDef, instance: Instance, parent: Range, scope: list[Any]) -> None:
        super().__init__(d, instance, parent, scope)
        self.outer = parent.outer
        self.place = 0
        scope[0] = self

    @property
    def kind(self) -> str:
        return "repeat-instance"

    def xpath_parent(self) -> Any:
        return self.parent.parent if self.parent is not None else None


__all__ = ["REPEAT", "Node", "Range", "RepeatInstance"]
