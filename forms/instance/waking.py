"""Who has to be worked out again: what waits, by rank, and what has changed since subscribers last heard.

Waiting work is kept by rank: one heap entry a binding, however many instances it must run for.
"""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING, Any

from forms.definition.binding import COUNT, Binding
from forms.definition.model import REPEAT, ranges_between
from forms.instance.node import Node, RepeatInstance

if TYPE_CHECKING:
    from forms.definition.form import Form
    from forms.instance.choices import Choices
    from forms.instance.repeats import Repeats
    from forms.xpath.focus import Focus


class Waking:
    """State of the recalculation, and the ways to wake what depends on a node."""

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

    def every_node(self) -> list[Node]:
        raise NotImplementedError

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
