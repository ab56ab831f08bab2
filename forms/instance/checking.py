"""Conditions of nodes and the list of those whose answer does not hold, kept up to date."""

from __future__ import annotations

from forms.definition.binding import Binding
from forms.instance.node import Node
from forms.instance.problems import PROBLEMS
from forms.instance.refs import order_of
from forms.instance.waking import Waking


class Checking(Waking):
    """Works out validity for the nodes noted in `recheck`; `failing` holds the faulty ones."""

    def condition(self, binding: Binding, node: Node, otherwise: bool) -> bool:
        try:
            return bool(binding.compiled(node, self.focus))
        except PROBLEMS as problem:
            self.note_failure(binding, node, problem)
            return otherwise

    def note_failure(self, binding: Binding, node: Node, problem: Exception) -> None:
        node.problem = f"{binding.place}: {problem}"
        self.changed[node] = None

    def check(self) -> None:
        """Works out the validity of everything noted in `recheck`."""
        failing = self.failing
        for node in self.recheck:
            failed = self.fault(node)
            if failed != node.failed:
                node.failed = failed
                self.changed[node] = None
                if failed:
                    failing[node] = None
                else:
                    failing.pop(node, None)
        self.recheck.clear()

    def fault(self, node: Node) -> str:
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
            and not self.condition(bind.constraint, node, True)
        ):
            return "constraint"
        return ""

    def failing_in_order(self) -> list[Node]:
        return sorted(self.failing, key=order_of)
