"""Functions about nodes and their places: count, position, current, instance, once, indexed-repeat, name …

Each takes the compiler, the call and its place, and returns the closure that works it out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from forms.errors import FormError
from forms.functions.values import NodeSet, Value, to_strings
from forms.xpath import plans
from forms.xpath.ast import Call, Expr, Literal
from forms.xpath.axes import descendant, in_document_order
from forms.xpath.focus import Compiled, Focus

if TYPE_CHECKING:
    from forms.xpath.compiler import Compiler, Place

Maker = Callable[["Compiler", Call, "Place"], Compiled]


def make_count(compiler: Compiler, call: Call, place: Place) -> Compiled:
    nodes = compiler.nodes(call.args[0], place)
    return lambda n, e: float(len(nodes(n, e)))


def make_position(compiler: Compiler, call: Call, place: Place) -> Compiled:
    if not call.args:
        if place.depth == 0 and compiler.current is not None and compiler.current.inside.parent is not None:
            return lambda n, e: float(n.scope[0].place)
        return lambda n, e: float(e.position)
    plan = compiler.plan(call.args[0], place, bind_last=True)
    if plan is not None and plan.single:
        if plan.up == 0 and plan.slot == 0 and not (plan.from_current and place.depth):
            return lambda n, e: float(n.scope[0].place)
        located = plans.node_of(plan, place.depth)
        return lambda n, e: float(located(n, e).place)
    nodes = compiler.nodes(call.args[0], place)

    def position(n: Any, e: Focus) -> float:
        found = nodes(n, e)
        return float(place_of(found[0])) if found else 0.0

    return position


def place_of(node: Any) -> int:
    """The 1-based place of a node among its siblings of that name."""
    if hasattr(node, "place"):
        return int(node.place)
    up = node.xpath_parent()
    alike = (
        [s for s in up.xpath_children() if s.name == node.name and s.xpath_kind == "element"]
        if up
        else [node]
    )
    return next((i for i, sibling in enumerate(alike, 1) if sibling is node), 1)


def make_last(compiler: Compiler, call: Call, place: Place) -> Compiled:
    return lambda n, e: float(e.size)


def make_current(compiler: Compiler, call: Call, place: Place) -> Compiled:
    if place.depth == 0:
        return lambda n, e: NodeSet([n])
    return lambda n, e: NodeSet([e.current])


def make_instance(compiler: Compiler, call: Call, place: Place) -> Compiled:
    name = compiler.string(call.args[0], place)

    def instance(n: Any, e: Focus) -> Value:
        source = e.host.data_source(name(n, e))
        return NodeSet([source.document]) if source is not None else NodeSet()

    return instance


def make_once(compiler: Compiler, call: Call, place: Place) -> Compiled:
    value = compiler.value(call.args[0], place)
    deep = place.depth > 0

    def once(n: Any, e: Focus) -> Value:
        own: str = (e.current if deep else n).text
        return own if own else value(n, e)

    return once


def make_indexed_repeat(compiler: Compiler, call: Call, place: Place) -> Compiled:
    """indexed-repeat(node, repeat, index, …): the node in the given instances of its repeats."""
    from forms.definition.model import NodeDef, scope_chain

    target = static_target(compiler, call.args[0], place)
    if target is None or compiler.root is None or compiler.current is None:
        return indexed_document(compiler, call, place)
    wanted: dict[NodeDef, Callable[[Any, Focus], float]] = {}
    for repeat, index in zip(call.args[1::2], call.args[2::2], strict=False):
        found = static_target(compiler, repeat, place)
        if found is not None:
            wanted[found] = compiler.number(index, place)
    own = scope_chain(compiler.current.inside)
    path = [
        (scope.slot, wanted.get(scope), own.index(scope) if scope in own else None)
        for scope in reversed(scope_chain(target.scope)[:-1])
    ]
    slot, deep = target.slot, place.depth > 0

    def indexed(n: Any, e: Focus) -> Value:
        scopes = [e.root]
        for down, index, up in path:
            if index is not None:
                number = index(n, e)
                at = int(number) - 1 if number == number and abs(number) < 1e9 else -1
                scopes = [items[at].scope for s in scopes if 0 <= at < len(items := s[down].items)]
            elif up is not None:
                scopes = [plans.climb((e.current if deep else n).scope, up)]
            else:
                scopes = [item.scope for s in scopes for item in s[down].items]
        return NodeSet([node for s in scopes if (node := s[slot]).visible])

    return indexed


def indexed_document(compiler: Compiler, call: Call, place: Place) -> Compiled:
    """The same over a plain document: the index-th element of the repeat, and the node below it."""
    nodes = compiler.nodes(call.args[0], place)
    repeats = [compiler.nodes(repeat, place) for repeat in call.args[1::2]]
    numbers = [compiler.number(index, place) for index in call.args[2::2]]

    def indexed(n: Any, e: Focus) -> Value:
        kept = nodes(n, e)
        for repeat, number in zip(repeats, numbers, strict=False):
            groups: dict[int, list[Any]] = {}
            for item in repeat(n, e):
                groups.setdefault(id(item.xpath_parent()), []).append(item)
            index = number(n, e)
            chosen = {
                id(g[int(index) - 1]) for g in groups.values() if index == index and 1 <= index <= len(g)
            }
            kept = [node for node in kept if any(id(up) in chosen for up in upwards(node))]
        return NodeSet(kept)

    return indexed


def upwards(node: Any) -> list[Any]:
    found = []
    while node is not None:
        found.append(node)
        node = node.xpath_parent()
    return found


def static_target(compiler: Compiler, expr: Expr, place: Place) -> Any:
    """The definition a path (also one in quotes) leads to."""
    if isinstance(expr, Literal) and isinstance(expr.value, str):
        from forms.xpath.parser import parse

        try:
            expr = parse(expr.value)
        except FormError:
            return None
    plan = compiler.plan(expr, place, bind_last=True)
    return plan.target if plan is not None else None


# -- names of nodes


def about_node(get: Callable[[Any], str]) -> Maker:
    def maker(compiler: Compiler, call: Call, place: Place) -> Compiled:
        if not call.args:
            return lambda n, e: get(n)
        nodes = compiler.nodes(call.args[0], place)

        def about(n: Any, e: Focus) -> Value:
            found = nodes(n, e)
            return get(found[0]) if found else ""

        return about

    return maker


def qualified(node: Any) -> str:
    prefix = getattr(node, "prefix", "")
    return f"{prefix}:{node.name}" if prefix else str(node.name)


def make_id(compiler: Compiler, call: Call, place: Place) -> Compiled:
    value = compiler.value(call.args[0], place)

    def by_id(n: Any, e: Focus) -> Value:

        wanted = {word for text in to_strings(value(n, e)) for word in text.split()}
        found = [
            node
            for node in descendant(e.host.document())
            if any(a.name == "id" and a.text in wanted for a in node.xpath_attributes())
        ]
        return NodeSet(in_document_order(found))

    return by_id


def make_lang(compiler: Compiler, call: Call, place: Place) -> Compiled:
    wanted = compiler.string(call.args[0], place)

    def lang(n: Any, e: Focus) -> Value:
        code = wanted(n, e).lower()
        for up in upwards(n):
            for attribute in up.xpath_attributes():
                if attribute.name == "lang" and attribute.prefix == "xml":
                    mine = attribute.text.lower()
                    return bool(mine == code or mine.startswith(code + "-"))
        return False

    return lang
