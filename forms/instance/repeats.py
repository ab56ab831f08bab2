"""Repeat instances come and go: by a person, by a count, and what that means for everything else.

Spec: https://getodk.github.io/xforms-spec/#repeats
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.definition.binding import COUNT, Binding
from forms.definition.body import SELECTS
from forms.definition.model import LEAF, NodeDef, scope_chain
from forms.definition.primary import TEMPLATE
from forms.errors import AnswerRefused, shorten
from forms.instance import events
from forms.instance.building import Builder, template_of
from forms.instance.node import Node, Range, RepeatInstance

if TYPE_CHECKING:
    from forms.instance.instance import Instance

MAX_INSTANCES = 100_000


class Repeats:
    """Adds and removes instances."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.within: dict[NodeDef, list[Binding]] = {}

    def add_by_person(self, place: Node) -> RepeatInstance:
        if not isinstance(place, Range):
            raise AnswerRefused(f"{place.ref} is not a repeat")
        if place.fixed:
            raise AnswerRefused(f"the form itself decides how many {place.ref} there are")
        made = self.add(place)
        self.instance.settled()
        return made

    def remove_by_person(self, node: Node) -> None:
        if not isinstance(node, RepeatInstance) or not isinstance(node.parent, Range):
            raise AnswerRefused(f"{node.ref} is not an instance of a repeat")
        if node.parent.fixed:
            raise AnswerRefused(f"the form itself decides how many {node.parent.ref} there are")
        self.remove(node.parent, node.place - 1, 1)
        self.instance.settled()

    def add(self, place: Range) -> RepeatInstance:
        """A new last instance, with its template's values, its actions run and its bindings scheduled."""
        if len(place.items) >= MAX_INSTANCES:
            raise AnswerRefused(f"{place.ref} already has {MAX_INSTANCES} instances")
        instance = self.instance
        template = template_of(instance, place.d)
        builder = Builder(instance, blank=template is None or TEMPLATE not in template.attrs)
        made = builder.repeat_instance(place)
        builder.fill(made, template)
        instance.changed[place] = None
        instance.changed[made] = None
        instance.touch(place)
        self.schedule_within(made)
        events.new_repeat(instance, made)
        return made

    def provide_fixed(self) -> None:
        """A repeat that nobody may add to, and of which the form holds only the template, has one instance."""
        for node in self.instance.every_node():
            if isinstance(node, Range) and node.fixed and not node.counted and not node.items:
                template = template_of(self.instance, node.d)
                builder = Builder(self.instance)
                builder.fill(builder.repeat_instance(node), template)

    def schedule_within(self, made: RepeatInstance) -> None:
        """Lets every binding inside the new instance run for it."""
        instance = self.instance
        for binding in self.bindings_within(made.d):
            nodes = self.contexts_within(binding, made)
            if nodes:
                instance.schedule(binding.rank, nodes)
        stack: list[Node] = [made]
        while stack:
            node = stack.pop()
            if node.d.kind == LEAF:
                if node.req or node.raw:
                    instance.recheck[node] = None
            else:
                stack.extend(node.items or node.kids)

    def bindings_within(self, d: NodeDef) -> list[Binding]:
        found = self.within.get(d)
        if found is None:
            found = self.within[d] = [
                b
                for b in self.instance.form.order
                if d in scope_chain(b.d.scope if b.kind == COUNT else b.d.inside)
            ]
        return found

    def contexts_within(self, binding: Binding, made: RepeatInstance) -> list[Node]:
        d = binding.d
        count = binding.kind == COUNT
        inner = d.scope if count else d.inside
        slot = d.slot if count or d.inside is not d else 0
        scopes: list[Any] = [made.scope]
        chain = scope_chain(inner)
        for scope in reversed(chain[: chain.index(made.d)]):
            scopes = [item.scope for each in scopes for item in each[scope.slot].items]
        return [each[slot] for each in scopes]

    def remove(self, place: Range, index: int, count: int) -> None:
        """Takes instances out; the ones after them move up."""
        instance = self.instance
        gone = place.items[index : index + count]
        del place.items[index : index + count]
        for number in range(index, len(place.items)):
            place.items[number].place = number + 1
        self.forget(gone)
        instance.changed[place] = None
        instance.touch(place)
        instance.touch_places(place.items[index:])

    def forget(self, gone: list[RepeatInstance]) -> None:
        """Drops removed nodes from everything that is waiting or kept."""
        instance = self.instance
        stack: list[Node] = list(gone)
        lost: set[Node] = set()
        while stack:
            node = stack.pop()
            lost.add(node)
            lost.update(node.xpath_attributes())
            stack.extend(node.items or node.kids)
        kept: list[dict[Any, Any]] = [
            instance.changed,
            instance.recheck,
            instance.failing,
            instance.choices.kept,
            instance.choices.named,
            instance.unknown,
            *instance.pending.values(),
        ]
        for mapping in kept:
            if mapping:
                for node in lost & mapping.keys():
                    del mapping[node]

    def adjust(self, place: Range, count: float) -> None:
        """Adds or removes instances at the end until there are as many as a count expression says."""
        wanted = as_count(count)
        if wanted < count - 1:
            place.problem = f"{count:.0f} instances are asked for, {wanted} is the most"
        have = len(place.items)
        quiet, self.instance.quiet = self.instance.quiet, False
        if wanted < have:
            self.remove(place, wanted, have - wanted)
        for _ in range(have, wanted):
            self.add(place)
        self.instance.quiet = quiet

    def drop_gone_choices(self, node: Node) -> None:
        """Clears what a select has chosen and can no longer choose."""
        chosen, gone = self.chosen(node, node.raw)
        if gone:
            node.bad = ""
            self.instance.set_text(node, " ".join(value for value in chosen if value not in gone))

    def unavailable(self, node: Node, text: str) -> str:
        """What to say about chosen values that are not offered; "" where all are."""
        gone = self.chosen(node, text)[1]
        return f"not among the choices: {shorten(' '.join(gone))}" if gone else ""

    def chosen(self, node: Node, text: str) -> tuple[list[str], list[str]]:
        """The values in the text of a select, and those of them that are not among its choices."""
        control = node.d.control
        if control is None or control.kind not in SELECTS or not text or control.search is not None:
            return [], []
        values = self.instance.choices.by_value(node)
        chosen = [text] if control.kind == "select1" else text.split()
        return chosen, [value for value in chosen if value not in values]


def as_count(value: float) -> int:
    """How many instances a count expression asks for; 0 for what is not a number."""
    if value != value or value < 1:
        return 0
    return int(min(value, MAX_INSTANCES))
