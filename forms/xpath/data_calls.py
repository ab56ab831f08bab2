"""Functions that look things up: pulldata, jr:itext, jr:choice-name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.functions.values import Value
from forms.xpath import plans
from forms.xpath.ast import Call, Literal
from forms.xpath.focus import Compiled, Focus
from forms.xpath.node_calls import static_target

if TYPE_CHECKING:
    from forms.xpath.compiler import Compiler, Place


def make_pulldata(compiler: Compiler, call: Call, place: Place) -> Compiled:
    """pulldata(instance, column, query column, value): one cell of a secondary instance."""
    name, column, query, value = (compiler.string(arg, place) for arg in call.args)

    def pulldata(n: Any, e: Focus) -> Value:
        source = e.host.data_source(name(n, e))
        if source is None:
            return ""
        rows = source.equal_text(("root", "item"), query(n, e), value(n, e))
        return rows[0].field(column(n, e)) if rows else ""

    return pulldata


def make_itext(compiler: Compiler, call: Call, place: Place) -> Compiled:
    text_id = compiler.string(call.args[0], place)
    return lambda n, e: e.host.translate(text_id(n, e))


def make_choice_name(compiler: Compiler, call: Call, place: Place) -> Compiled:
    """jr:choice-name(value, 'path of the select')."""
    value = compiler.string(call.args[0], place)
    target = static_target(compiler, call.args[1], place)
    deep = place.depth > 0
    if target is None or compiler.root is None:
        return lambda n, e: ""
    path = call.args[1]
    if isinstance(path, Literal):
        from forms.xpath.parser import parse

        path = parse(str(path.value))
    plan = compiler.plan(path, place, bind_last=True)
    if plan is None or not plan.single:
        nodes = plans.nodes_of(plan, place.depth) if plan is not None else compiler.nodes(path, place)

        def from_first(n: Any, e: Focus) -> Value:
            found = nodes(n, e)
            return e.host.choice_label(found[0], "", value(n, e)) if found else ""

        return from_first
    located = plans.node_of(plan, 1 if deep else 0)
    return lambda n, e: e.host.choice_label(located(n, e), "", value(n, e))
