"""Incremental recalculation: what changed wakes exactly what reads it, in the order of the graph."""

from __future__ import annotations

from heapq import heappop
from typing import TYPE_CHECKING, Any

from forms.definition.binding import (
    CALCULATE,
    CHOICES,
    CONSTRAINT,
    COUNT,
    READONLY,
    RELEVANT,
    REQUIRED,
    Binding,
)
from forms.definition.model import LEAF
from forms.functions.values import number_text
from forms.instance.checking import Checking
from forms.instance.node import Node, Range, RepeatInstance
from forms.instance.problems import PROBLEMS

if TYPE_CHECKING:
    from forms.definition.form import Form

ROUNDS = 200


class Settling(Checking):
    """The part of an Instance that keeps everything up to date."""

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self.runners = {
            CALCULATE: self._calculate,
            RELEVANT: self._relevant,
            REQUIRED: self._required,
            READONLY: self._readonly,
            CONSTRAINT: self._constraint,
            COUNT: self._count,
            CHOICES: self._choices,
        }

    def settle(self) -> None:
        """Runs everything that waits, then looks at the validity of what changed."""
        heap, pending, order, runners = self.heap, self.pending, self.form.order, self.runners
        rounds: dict[int, int] | None = None
        last = -1
        while heap:
            rank = heappop(heap)
            if rank <= last:
                rounds = {} if rounds is None else rounds
                rounds[rank] = rounds.get(rank, 0) + 1
                if rounds[rank] > ROUNDS + 2 * len(pending.get(rank, ())):
                    self._endless(order[rank], pending.pop(rank, {}))
                    continue
            last = rank
            nodes = pending.pop(rank, None)
            if nodes:
                binding = order[rank]
                runner = runners.get(binding.kind)
                if runner is not None:
                    runner(binding, nodes)
                else:
                    self.changed.update(nodes)
        if self.recheck:
            self.check()

    def settle_everything(self) -> None:
        """Runs every binding for every node once, in order; then whatever must run again."""
        self.quiet = True
        again = []
        for binding in self.form.order:
            nodes = self.contexts(binding)
            runner = self.runners.get(binding.kind)
            if runner is not None and nodes:
                runner(binding, dict.fromkeys(nodes))
            reads = binding.reads
            if reads is not None and any(reads.found.values()):
                again.append(binding)
        self.quiet = False
        for binding in again:
            self.schedule_all(binding)
        for node in self.every_node():
            if node.d.kind == LEAF:
                self.recheck[node] = None
        self.settle()

    def _endless(self, binding: Binding, nodes: dict[Node, None]) -> None:
        for node in nodes:
            node.problem = (
                f"{binding.place} never settles: it depends on itself through other repeat instances"
            )
            self.changed[node] = None

    # -- one kind of binding each

    def _calculate(self, binding: Binding, nodes: dict[Node, None]) -> None:
        run, focus, kind = binding.compiled, self.focus, binding.d.type
        for node in nodes:
            try:
                value = run(node, focus)
            except PROBLEMS as problem:
                self.note_failure(binding, node, problem)
                value = ""
            else:
                node.problem = None
            if type(value) is str:
                text = value if kind == "string" or not value else self.as_type(kind, value)
            elif type(value) is float and kind == "string":
                text = number_text(value) if value == value else ""
            else:
                text = self.as_type(kind, value)
            if text != node.raw:
                self.set_text(node, text)

    def as_type(self, kind: str, value: Any) -> str:
        """A calculated value as the text of its type."""
        from forms.instance.typing_of_values import typed_text

        return typed_text(kind, value, self.focus.timezone)

    def _relevant(self, binding: Binding, nodes: dict[Node, None]) -> None:
        run, focus = binding.compiled, self.focus
        for node in nodes:
            try:
                relevant = run(node, focus)
            except PROBLEMS as problem:
                self.note_failure(binding, node, problem)
                relevant = True
            if relevant is not node.rel:
                node.rel = relevant
                self._shown(node)

    def _shown(self, node: Node) -> None:
        """Carries a changed relevance to all that inherits it."""
        parent = node.parent
        visible = node.rel and (parent is None or parent.visible)
        if visible is node.visible:
            return
        if node.d.kind == LEAF and not node.raw and not node.d.attributes:
            node.visible = visible
            self.changed[node] = None
            if node.d.readers:
                self.touch(node)
            if node.req or node.failed:
                self.recheck[node] = None
            return
        stack = [node]
        touch, changed, recheck = self.touch, self.changed, self.recheck
        while stack:
            top = stack.pop()
            top.visible = visible
            changed[top] = None
            if type(top) is RepeatInstance and top.parent is not None:
                changed[top.parent] = None
            touch(top)
            d = top.d
            if d.kind == LEAF:
                text = top.raw if visible else ""
                if text != top.seen:
                    top.seen = text
                    top.num = None
                if top.failed or (visible and (top.req or top.raw)):
                    recheck[top] = None
            else:
                for kid in top.items if type(top) is Range else top.kids:
                    if kid.rel and kid.visible is not visible:
                        stack.append(kid)
            for attribute in d.attributes:
                below = top.scope[attribute.slot]
                below.visible = visible
                below.seen = below.raw if visible else ""
                below.num = None
                touch(below)

    def _required(self, binding: Binding, nodes: dict[Node, None]) -> None:
        for node in nodes:
            required = self.condition(binding, node, False)
            if required is not node.req:
                node.req = required
                self.changed[node] = None
                self.recheck[node] = None

    def _readonly(self, binding: Binding, nodes: dict[Node, None]) -> None:
        for node in nodes:
            readonly = self.condition(binding, node, False)
            if readonly is not node.ro:
                node.ro = readonly
                self.changed[node] = None

    def _constraint(self, binding: Binding, nodes: dict[Node, None]) -> None:
        self.recheck.update(nodes)

    def _count(self, binding: Binding, nodes: dict[Node, None]) -> None:
        for node in nodes:
            try:
                count = binding.compiled(node, self.focus)
            except PROBLEMS as problem:
                self.note_failure(binding, node, problem)
                continue
            if isinstance(node, Range):
                self.repeats.adjust(node, count)

    def _choices(self, binding: Binding, nodes: dict[Node, None]) -> None:
        for node in nodes:
            self.choices.drop(node)
            self.changed[node] = None
            if node.raw and not self.quiet:
                self.repeats.drop_gone_choices(node)

    # -- storing

    def set_text(self, node: Node, text: str) -> None:
        """Stores a text and wakes its readers."""
        node.raw = text
        self.changed[node] = None
        if node.visible:
            node.seen = text
            node.num = None
            self.touch(node)
            d = node.d
            if node.req or node.failed or (d.bind is not None and d.bind.constraint is not None):
                self.recheck[node] = None
