"""Incremental recalculation: what changed wakes exactly what reads it, in the order of the graph.

Waiting work is kept by rank: one heap entry a binding, however many instances it must run for.
"""

from __future__ import annotations

from heapq import heappop, heappush
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
from forms.definition.model import LEAF, REPEAT, ranges_between
from forms.functions.values import number_text, to_string
from forms.instance.node import Node, Range, RepeatInstance
from forms.instance.problems import PROBLEMS
from forms.instance.refs import order_of

if TYPE_CHECKING:
    from forms.definition.form import Form
    from forms.instance.choices import Choices
    from forms.instance.repeats import Repeats
    from forms.xpath.focus import Focus

ROUNDS = 200


class Settling:
    """The part of an Instance that keeps everything up to date."""

    focus: Focus
    choices: Choices
    repeats: Repeats
    scope: list[Any]

    def __init__(self, form: Form) -> None:
        self.form = form
        self.heap: list[int] = []
        self.pending: dict[int, dict[Node, None]] = {}
        self.changed: dict[Node, None] = {}
        self.recheck: dict[Node, None] = {}
        self.failing: dict[Node, None] = {}
        self.quiet = False
        self.runners = {
            CALCULATE: self._calculate,
            RELEVANT: self._relevant,
            REQUIRED: self._required,
            READONLY: self._readonly,
            CONSTRAINT: self._constraint,
            COUNT: self._count,
            CHOICES: self._choices,
        }

    # -- waking

    def touch(self, node: Node) -> None:
        """Wakes all that reads `node`."""
        if self.quiet:
            return
        readers = node.d.readers
        if not readers:
            return
        pending, heap = self.pending, self.heap
        base: Any = node.scope if node.d.kind != REPEAT else node.outer
        for rank, up, downs, slot in readers:
            scope: Any = base
            if up < 0:
                scope = self.scope
            else:
                while up:
                    scope = scope[0].outer
                    up -= 1
            waiting = pending.get(rank)
            if waiting is None:
                waiting = pending[rank] = {}
                heappush(heap, rank)
            if not downs:
                waiting[scope[slot]] = None
            elif len(downs) == 1:
                place = scope[downs[0]]
                for item in place.items:
                    waiting[item.scope[slot]] = None
                if not place.items:
                    self.changed[place] = None  # whether an empty repeat is offered may have changed
            else:
                scopes = [scope]
                for down in downs:
                    scopes = [item.scope for each in scopes for item in each[down].items]
                for each in scopes:
                    waiting[each[slot]] = None

    def touch_places(self, items: list[RepeatInstance]) -> None:
        """Wakes what asks for the place of instances that have moved."""
        if not items or self.quiet:
            return
        for rank, _, downs, slot in items[0].d.place_readers:
            scopes = [item.scope for item in items]
            for down in downs:
                scopes = [item.scope for each in scopes for item in each[down].items]
            self.schedule(rank, [each[slot] for each in scopes])

    def schedule(self, rank: int, nodes: list[Node]) -> None:
        waiting = self.pending.get(rank)
        if waiting is None:
            waiting = self.pending[rank] = {}
            heappush(self.heap, rank)
        waiting.update(dict.fromkeys(nodes))

    def schedule_all(self, binding: Binding) -> None:
        self.schedule(binding.rank, self.contexts(binding))

    def contexts(self, binding: Binding) -> list[Node]:
        """All nodes a binding runs for."""
        d = binding.d
        inner = d.inside if d.kind == REPEAT and binding.kind != COUNT else d.scope
        slot = 0 if (d.kind == REPEAT and binding.kind != COUNT) or d.parent is None else d.slot
        scopes = [self.scope]
        for down in ranges_between(self.form.root, inner):
            scopes = [item.scope for scope in scopes for item in scope[down].items]
        return [scope[slot] for scope in scopes]

    # -- running

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
            self._check()

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

    def every_node(self) -> list[Node]:
        raise NotImplementedError

    def _endless(self, binding: Binding, nodes: dict[Node, None]) -> None:
        for node in nodes:
            node.problem = (
                f"{binding.place} never settles: it depends on itself through other repeat instances"
            )
            self.changed[node] = None

    def _failed(self, binding: Binding, node: Node, problem: Exception) -> None:
        node.problem = f"{binding.place}: {problem}"
        self.changed[node] = None

    # -- one kind of binding each

    def _calculate(self, binding: Binding, nodes: dict[Node, None]) -> None:
        run, focus, kind = binding.compiled, self.focus, binding.d.type
        for node in nodes:
            try:
                value = run(node, focus)
            except PROBLEMS as problem:
                self._failed(binding, node, problem)
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
                self._failed(binding, node, problem)
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
            required = self._condition(binding, node, False)
            if required is not node.req:
                node.req = required
                self.changed[node] = None
                self.recheck[node] = None

    def _readonly(self, binding: Binding, nodes: dict[Node, None]) -> None:
        for node in nodes:
            readonly = self._condition(binding, node, False)
            if readonly is not node.ro:
                node.ro = readonly
                self.changed[node] = None

    def _condition(self, binding: Binding, node: Node, otherwise: bool) -> bool:
        try:
            return bool(binding.compiled(node, self.focus))
        except PROBLEMS as problem:
            self._failed(binding, node, problem)
            return otherwise

    def _constraint(self, binding: Binding, nodes: dict[Node, None]) -> None:
        self.recheck.update(nodes)

    def _count(self, binding: Binding, nodes: dict[Node, None]) -> None:
        for node in nodes:
            try:
                count = binding.compiled(node, self.focus)
            except PROBLEMS as problem:
                self._failed(binding, node, problem)
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

    # -- validity

    def _check(self) -> None:
        """Works out the validity of everything noted in `recheck`."""
        failing = self.failing
        for node in self.recheck:
            failed = self._fault(node)
            if failed != node.failed:
                node.failed = failed
                self.changed[node] = None
                if failed:
                    failing[node] = None
                else:
                    failing.pop(node, None)
        self.recheck.clear()

    def _fault(self, node: Node) -> str:
        if not node.visible:
            return ""
        if not node.raw:
            return "required" if node.req and node.d.control is not None else ""
        if node.bad:
            return "type"
        bind = node.d.bind
        if (
            bind is not None
            and bind.constraint is not None
            and not self._condition(bind.constraint, node, True)
        ):
            return "constraint"
        return ""

    def failing_in_order(self) -> list[Node]:
        return sorted(self.failing, key=order_of)


def as_count(value: Any) -> int:
    """How many instances a count expression asks for; 0 for what is not a number."""
    if value != value or value < 1:
        return 0
    return int(min(value, 100_000))


__all__ = ["Settling", "as_count", "to_string"]
