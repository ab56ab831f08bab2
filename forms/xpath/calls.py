"""Function calls: those that need the model or the focus are compiled here, all others come from the library.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from forms.errors import FormError
from forms.functions import FUNCTIONS, EvaluationError, Function, NodeSet, Value
from forms.functions.values import to_string, to_strings
from forms.xpath import plans
from forms.xpath.ast import Call, Expr, Literal, Path, Step
from forms.xpath.axes import in_document_order
from forms.xpath.focus import Compiled, Focus

if TYPE_CHECKING:
    from forms.xpath.compiler import Compiler, Place

Maker = Callable[["Compiler", Call, "Place"], Compiled]

_BOOLEAN = frozenset([
    "true", "false", "not", "boolean", "selected", "contains", "starts-with", "ends-with", "regex", "checklist",
    "weighted-checklist", "boolean-from-string", "geofence", "intersects", "lang",
])
_NUMBER = frozenset([
    "count", "number", "int", "floor", "ceiling", "round", "abs", "pow", "sqrt", "position", "last", "count-selected",
    "count-non-empty", "string-length", "sum", "pi", "random", "area", "distance",
])
_STRING = frozenset([
    "concat", "string", "join", "substr", "substring", "substring-before", "substring-after", "translate",
    "normalize-space", "pulldata", "jr:itext", "jr:choice-name", "uuid", "digest", "selected-at",
    "name", "local-name", "namespace-uri",
])
_NODES = frozenset(["instance", "current", "id", "indexed-repeat", "randomize"])


def type_of_call(name: str) -> str:
    """What a function certainly returns; "any" where that shows only at run time."""
    if name in _BOOLEAN:
        return "boolean"
    if name in _NUMBER:
        return "number"
    if name in _STRING:
        return "string"
    return "nodes" if name in _NODES else "any"


def compile_call(compiler: Compiler, call: Call, place: Place) -> Compiled:
    """A call compiled at `place`; FormError for an unknown function or a wrong number of arguments."""
    special = SPECIAL.get(call.name)
    if special is not None:
        maker, least, most = special
        if least <= len(call.args) <= most:
            return maker(compiler, call, place)
        wanted = str(least) if least == most else f"{least} to {most}" if most < 1000 else f"{least} or more"
        return _wrong(compiler, "xpath.arity", f"{call.name}() takes {wanted} arguments, not {len(call.args)}",
                      "Check the arguments against the function's description")
    function = FUNCTIONS.get(call.name)
    if function is None:
        return _wrong(compiler, "xpath.unknown_function", f"there is no function {call.name}()",
                      "Check its spelling; names are in lower case, most with hyphens")
    if not function.accepts(len(call.args)):
        return _wrong(compiler, "xpath.arity", f"{call.name}() takes {function.arity} arguments, not {len(call.args)}",
                      "Check the arguments against the function's description")
    args = call.args
    if not args and function.focus:
        args = [Path(None, [Step("self", "node()", [])])]
    return _library(function, [_argument(compiler, function.kind(i), arg, place) for i, arg in enumerate(args)])


def check_call(call: Call) -> FormError | None:
    """What is wrong with the name or the number of arguments of a call, if anything."""
    special = SPECIAL.get(call.name)
    if special is not None:
        if special[1] <= len(call.args) <= special[2]:
            return None
        return FormError("xpath.arity", "", f"{call.name}() cannot take {len(call.args)} arguments",
                           "Check the arguments against the function's description")
    function = FUNCTIONS.get(call.name)
    if function is None:
        return FormError("xpath.unknown_function", "", f"there is no function {call.name}()",
                           "Check its spelling; names are in lower case, most with hyphens")
    if not function.accepts(len(call.args)):
        return FormError("xpath.arity", "", f"{call.name}() takes {function.arity} arguments, not {len(call.args)}",
                           "Check the arguments against the function's description")
    return None


def _wrong(compiler: Compiler, code: str, found: str, mend: str) -> Compiled:
    if compiler.strict:
        raise FormError(code, "", found, mend)

    def fail(n: Any, e: Focus) -> Value:
        raise EvaluationError(code, found)

    return fail


def _argument(compiler: Compiler, kind: str, arg: Expr, place: Place) -> Callable[[Any, Focus], Any]:
    if kind == "string":
        return compiler.string(arg, place)
    if kind == "number":
        return compiler.number(arg, place)
    if kind == "boolean":
        return compiler.boolean(arg, place)
    if kind == "nodes":
        nodes = compiler.nodes(arg, place)
        return lambda n, e: NodeSet(nodes(n, e))
    if kind == "numbers":
        plan = compiler.plan(arg, place)
        if plan is not None and plan.plain:
            return plans.numbers_of(plan, place.depth)
        value = compiler.value(arg, place)
        return lambda n, e: _numbers(value(n, e), e)
    if kind == "strings":
        plan = compiler.plan(arg, place)
        if plan is not None and plan.plain:
            found = plans.nodes_of(plan, place.depth)
            return lambda n, e: [node.seen for node in found(n, e)]
        value = compiler.value(arg, place)
        return lambda n, e: to_strings(value(n, e))
    plan = compiler.single(arg, place)
    if plan is not None:
        located = plans.node_of(plan, place.depth)
        return lambda n, e: NodeSet([node]) if (node := located(n, e)).visible else ""
    return compiler.value(arg, place)


def _numbers(value: Value, focus: Focus) -> list[float]:
    from forms.functions.values import to_numbers

    return to_numbers(value, focus.timezone)


def _library(function: Function, args: list[Callable[[Any, Focus], Any]]) -> Compiled:
    call = function.call
    if function.needs_context:
        if not args:
            return lambda n, e: call(e.context)
        return lambda n, e: call(e.context, *[arg(n, e) for arg in args])
    if not args:
        return lambda n, e: call()
    if len(args) == 1:
        only = args[0]
        return lambda n, e: call(only(n, e))
    if len(args) == 2:
        first, second = args
        return lambda n, e: call(first(n, e), second(n, e))
    return lambda n, e: call(*[arg(n, e) for arg in args])


# -- logic and choice


def _constant(value: bool) -> Maker:
    return lambda compiler, call, place: lambda n, e: value


def _not(compiler: Compiler, call: Call, place: Place) -> Compiled:
    test = compiler.boolean(call.args[0], place)
    return lambda n, e: not test(n, e)


def _if(compiler: Compiler, call: Call, place: Place) -> Compiled:
    test = compiler.boolean(call.args[0], place)
    yes, no = compiler.value(call.args[1], place), compiler.value(call.args[2], place)
    return lambda n, e: yes(n, e) if test(n, e) else no(n, e)


def _coalesce(compiler: Compiler, call: Call, place: Place) -> Compiled:
    parts = [compiler.string(a, place) if compiler.single(a, place) else compiler.value(a, place) for a in call.args]
    if len(parts) == 2:
        first, second = parts

        def either(n: Any, e: Focus) -> Value:
            value = first(n, e)
            return value if (value and type(value) is str) or to_string(value) else second(n, e)

        return either

    def coalesce(n: Any, e: Focus) -> Value:
        value: Value = ""
        for part in parts:
            value = part(n, e)
            if to_string(value):
                break
        return value

    return coalesce


def _selected(compiler: Compiler, call: Call, place: Place) -> Compiled:
    among, value = compiler.string(call.args[0], place), compiler.string(call.args[1], place)

    def selected(n: Any, e: Focus) -> bool:
        text = among(n, e)
        if not text:
            return value(n, e).strip() == ""
        return value(n, e).strip() in text.split()

    return selected


# -- nodes and places


def _count(compiler: Compiler, call: Call, place: Place) -> Compiled:
    nodes = compiler.nodes(call.args[0], place)
    return lambda n, e: float(len(nodes(n, e)))


def _position(compiler: Compiler, call: Call, place: Place) -> Compiled:
    if not call.args:
        if place.depth == 0 and compiler.current is not None and compiler.current.inside.parent is not None:
            return lambda n, e: float(n.scope[0].place)
        return lambda n, e: float(e.position)
    plan = compiler.plan(call.args[0], place, bind_last=True)
    if plan is not None and plan.single:
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
    alike = [s for s in up.xpath_children() if s.name == node.name and s.xpath_kind == "element"] if up else [node]
    return next((i for i, sibling in enumerate(alike, 1) if sibling is node), 1)


def _last(compiler: Compiler, call: Call, place: Place) -> Compiled:
    return lambda n, e: float(e.size)


def _current(compiler: Compiler, call: Call, place: Place) -> Compiled:
    if place.depth == 0:
        return lambda n, e: NodeSet([n])
    return lambda n, e: NodeSet([e.current])


def _instance(compiler: Compiler, call: Call, place: Place) -> Compiled:
    name = compiler.string(call.args[0], place)

    def instance(n: Any, e: Focus) -> Value:
        source = e.host.data_source(name(n, e))
        return NodeSet([source.document]) if source is not None else NodeSet()

    return instance


def _once(compiler: Compiler, call: Call, place: Place) -> Compiled:
    value = compiler.value(call.args[0], place)
    deep = place.depth > 0

    def once(n: Any, e: Focus) -> Value:
        own: str = (e.current if deep else n).text
        return own if own else value(n, e)

    return once


def _indexed_repeat(compiler: Compiler, call: Call, place: Place) -> Compiled:
    """indexed-repeat(node, repeat, index, …): the node in the given instances of its repeats."""
    from forms.definition.model import NodeDef, scope_chain

    target = _static_target(compiler, call.args[0], place)
    if target is None or compiler.root is None or compiler.current is None:
        return _indexed_document(compiler, call, place)
    wanted: dict[NodeDef, Callable[[Any, Focus], float]] = {}
    for repeat, index in zip(call.args[1::2], call.args[2::2], strict=False):
        found = _static_target(compiler, repeat, place)
        if found is not None:
            wanted[found] = compiler.number(index, place)
    own = scope_chain(compiler.current.inside)
    path = [(scope.slot, wanted.get(scope), own.index(scope) if scope in own else None)
            for scope in reversed(scope_chain(target.scope)[:-1])]
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


def _indexed_document(compiler: Compiler, call: Call, place: Place) -> Compiled:
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
            chosen = {id(g[int(index) - 1]) for g in groups.values() if index == index and 1 <= index <= len(g)}
            kept = [node for node in kept if any(id(up) in chosen for up in _upwards(node))]
        return NodeSet(kept)

    return indexed


def _upwards(node: Any) -> list[Any]:
    found = []
    while node is not None:
        found.append(node)
        node = node.xpath_parent()
    return found


def _static_target(compiler: Compiler, expr: Expr, place: Place) -> Any:
    """The definition a path (also one in quotes) leads to."""
    if isinstance(expr, Literal) and isinstance(expr.value, str):
        from forms.xpath.parser import parse

        try:
            expr = parse(expr.value)
        except FormError:
            return None
    plan = compiler.plan(expr, place, bind_last=True)
    return plan.target if plan is not None else None


# -- secondary instances and texts


def _pulldata(compiler: Compiler, call: Call, place: Place) -> Compiled:
    """pulldata(instance, column, query column, value): one cell of a secondary instance."""
    name, column, query, value = (compiler.string(arg, place) for arg in call.args)

    def pulldata(n: Any, e: Focus) -> Value:
        source = e.host.data_source(name(n, e))
        if source is None:
            return ""
        rows = source.equal_text(("root", "item"), query(n, e), value(n, e))
        return rows[0].field(column(n, e)) if rows else ""

    return pulldata


def _itext(compiler: Compiler, call: Call, place: Place) -> Compiled:
    text_id = compiler.string(call.args[0], place)
    return lambda n, e: e.host.translate(text_id(n, e))


def _choice_name(compiler: Compiler, call: Call, place: Place) -> Compiled:
    """jr:choice-name(value, 'path of the select')."""
    value = compiler.string(call.args[0], place)
    target = _static_target(compiler, call.args[1], place)
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


# -- names of nodes


def _about_node(get: Callable[[Any], str]) -> Maker:
    def maker(compiler: Compiler, call: Call, place: Place) -> Compiled:
        if not call.args:
            return lambda n, e: get(n)
        nodes = compiler.nodes(call.args[0], place)

        def about(n: Any, e: Focus) -> Value:
            found = nodes(n, e)
            return get(found[0]) if found else ""

        return about

    return maker


def _qualified(node: Any) -> str:
    prefix = getattr(node, "prefix", "")
    return f"{prefix}:{node.name}" if prefix else str(node.name)


def _id(compiler: Compiler, call: Call, place: Place) -> Compiled:
    value = compiler.value(call.args[0], place)

    def by_id(n: Any, e: Focus) -> Value:
        from forms.xpath.axes import descendant

        wanted = {word for text in to_strings(value(n, e)) for word in text.split()}
        found = [node for node in descendant(e.host.document())
                 if any(a.name == "id" and a.text in wanted for a in node.xpath_attributes())]
        return NodeSet(in_document_order(found))

    return by_id


def _lang(compiler: Compiler, call: Call, place: Place) -> Compiled:
    wanted = compiler.string(call.args[0], place)

    def lang(n: Any, e: Focus) -> Value:
        code = wanted(n, e).lower()
        for up in _upwards(n):
            for attribute in up.xpath_attributes():
                if attribute.name == "lang" and attribute.prefix == "xml":
                    mine = attribute.text.lower()
                    return bool(mine == code or mine.startswith(code + "-"))
        return False

    return lang


MANY = 1000
SPECIAL: dict[str, tuple[Maker, int, int]] = {
    "true": (_constant(True), 0, 0),
    "false": (_constant(False), 0, 0),
    "not": (_not, 1, 1),
    "if": (_if, 3, 3),
    "coalesce": (_coalesce, 2, MANY),
    "selected": (_selected, 2, 2),
    "count": (_count, 1, 1),
    "position": (_position, 0, 1),
    "last": (_last, 0, 0),
    "current": (_current, 0, 0),
    "instance": (_instance, 1, 1),
    "once": (_once, 1, 1),
    "indexed-repeat": (_indexed_repeat, 3, MANY),
    "pulldata": (_pulldata, 4, 4),
    "jr:itext": (_itext, 1, 1),
    "jr:choice-name": (_choice_name, 2, 2),
    "name": (_about_node(_qualified), 0, 1),
    "local-name": (_about_node(lambda node: str(node.name)), 0, 1),
    "namespace-uri": (_about_node(lambda node: str(getattr(node, "space", ""))), 0, 1),
    "id": (_id, 1, 1),
    "lang": (_lang, 1, 1),
}
