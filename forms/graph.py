"""The dependency graph: which expression must run before which, and whom a change wakes.

Edges are between Bindings, not nodes, so a repeat of 1,000 instances costs no more than one. A cycle is
refused, unless every cycle passes a reference into *another* instance of a repeat (a running total), or the
number of instances of a repeat ("one more as long as the last answer is yes"): those settle by turns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.definition.binding import CALCULATE, CHOICES, CONSTRAINT, COUNT, ORDERED, RELEVANT, Binding
from forms.definition.model import REPEAT, NodeDef, hops, ranges_between, scope_chain
from forms.errors import FormError
from forms.xpath.static import Reads

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = -1


class Graph:
    """Collects bindings, then orders them. `order` holds every binding by rank."""

    def __init__(self, root: NodeDef) -> None:
        self.root = root
        self.order: list[Binding] = []
        self._writers: dict[NodeDef, list[Binding]] = {}
        self._relevance: dict[NodeDef, list[Binding]] = {}

    def build(self, bindings: list[Binding]) -> None:
        """Extracts reads, registers readers, ranks; FormError("graph.cycle") names the nodes of a cycle."""
        for binding in bindings:
            if binding.kind in (CALCULATE, CHOICES, RELEVANT, COUNT):
                self._writers.setdefault(binding.d, []).append(binding)
        for binding in bindings:
            self._read(binding)
        self.order = self._sorted(bindings)
        for rank, binding in enumerate(self.order):
            binding.rank = rank
        for binding in self.order:
            self._register(binding)

    def _read(self, binding: Binding) -> None:
        if binding.reads is None:
            binding.reads = Reads(self.root, binding.d).of(binding.expr, binding.below)
        reads = binding.reads
        for select in reads.choice_names:
            reads.add(select, self.root, False)

    def _register(self, binding: Binding) -> None:
        context = binding.d
        inner = context.inside if context.kind != REPEAT or binding.kind != COUNT else context.scope
        slot = (
            0
            if (context.kind == REPEAT and binding.kind != COUNT) or context.parent is None
            else context.slot
        )
        reads = binding.reads
        for node, pivot in reads.found if reads is not None else ():
            if pivot not in scope_chain(inner) or pivot not in scope_chain(node.scope):
                pivot = self.root
            up = ROOT if pivot is self.root else hops(node.scope, pivot)
            reader = (binding.rank, up, ranges_between(pivot, inner), slot)
            if reader not in node.readers:
                node.readers.append(reader)
        for repeat in reads.places if reads is not None else ():
            repeat.place_readers.append((binding.rank, 0, ranges_between(repeat, inner), slot))

    def inputs(self, binding: Binding) -> Iterable[tuple[Binding, bool]]:
        """The bindings whose results `binding` uses, and whether only through another repeat instance."""
        reads = binding.reads
        for (node, _), loose in reads.found.items() if reads is not None else ():
            for writer in self._writers.get(node, ()):
                yield writer, loose or writer.kind == COUNT
            for above in self._relevance_above(node):
                yield above, loose

    def _relevance_above(self, node: NodeDef) -> list[Binding]:
        found = self._relevance.get(node)
        if found is None:
            found = self._relevance[node] = [
                writer
                for up in node.ancestors()
                for writer in self._writers.get(up, ())
                if writer.kind == RELEVANT
            ]
        return found

    def _sorted(self, bindings: list[Binding]) -> list[Binding]:
        """Kahn's algorithm, keeping the given order among equals; what others read comes first."""
        given = sorted(bindings, key=lambda b: b.kind not in ORDERED)
        waiting: dict[Binding, int] = {}
        followers: dict[Binding, list[tuple[Binding, bool]]] = {}
        for binding in given:
            count = 0
            for source, loose in dict.fromkeys(self.inputs(binding)):
                if source is binding and binding.kind in (CONSTRAINT, CHOICES):
                    continue
                followers.setdefault(source, []).append((binding, loose))
                count += 1
            waiting[binding] = count
        ordered: list[Binding] = []
        self._drain([b for b in given if waiting[b] == 0], waiting, followers, ordered)
        while len(ordered) < len(given):
            done = set(ordered)
            left = [b for b in given if b not in done]
            freed = self._loosen(left, waiting, followers)
            if not freed:
                raise cycle_error(self._cycle(left, done))
            self._drain([b for b in left if waiting[b] == 0], waiting, followers, ordered)
        return ordered

    @staticmethod
    def _drain(
        ready: list[Binding],
        waiting: dict[Binding, int],
        followers: dict[Binding, list[tuple[Binding, bool]]],
        ordered: list[Binding],
    ) -> None:
        at = 0
        while at < len(ready):
            binding = ready[at]
            at += 1
            ordered.append(binding)
            for follower, _ in followers.get(binding, ()):
                waiting[follower] -= 1
                if waiting[follower] == 0:
                    ready.append(follower)

    @staticmethod
    def _loosen(
        left: list[Binding], waiting: dict[Binding, int], followers: dict[Binding, list[tuple[Binding, bool]]]
    ) -> bool:
        """Drops the loose edges among what is left; whether that freed anything."""
        for binding in left:
            kept: list[tuple[Binding, bool]] = []
            for follower, loose in followers.get(binding, ()):
                if loose:
                    waiting[follower] -= 1
                    if binding.kind == COUNT:
                        mark_loose(follower, binding.d)
                else:
                    kept.append((follower, loose))
            followers[binding] = kept
        return any(waiting[binding] == 0 for binding in left)

    def _cycle(self, left: list[Binding], done: set[Binding]) -> list[Binding]:
        """One cycle among what is left: every one of these waits for another of them."""
        inside = set(left)
        seen: dict[Binding, int] = {}
        path: list[Binding] = []
        at = left[0]
        while at not in seen:
            seen[at] = len(path)
            path.append(at)
            following = [source for source, loose in self.inputs(at) if source in inside and not loose]
            if not following:
                inside.discard(at)
                if not inside:
                    return left
                seen.clear()
                path.clear()
                at = next(iter(inside))
                continue
            at = following[0]
        return list(reversed(path[seen[at] :]))


def mark_loose(reader: Binding, repeat: NodeDef) -> None:
    """Notes that `reader` runs before the repeat has its number of instances, and so once more after it."""
    if reader.reads is not None:
        for read in reader.reads.found:
            if read[0] is repeat:
                reader.reads.found[read] = True


def cycle_error(cycle: list[Binding]) -> FormError:
    names = " → ".join([*(b.d.path for b in cycle), cycle[0].d.path])
    kinds = ", ".join(f"{b.kind} of {b.d.path}: {b.text.strip()}" for b in cycle[:6])
    return FormError(
        "graph.cycle",
        cycle[0].d.path,
        f"these depend on each other in a circle: {names} ({kinds})",
        "Break the circle: take one of the references out",
    )
