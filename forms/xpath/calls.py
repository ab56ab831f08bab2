"""Function calls: those that need the model or the focus are compiled here, all others come from the library.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from forms.errors import FormError
from forms.functions import FUNCTIONS, EvaluationError, Function, NodeSet, Value
from forms.functions.values import to_string, to_strings
from forms.xpath import data_calls, node_calls, plans
from forms.xpath.ast import Call, Expr, Path, Step
from forms.xpath.focus import Compiled, Focus

if TYPE_CHECKING:
    from forms.xpath.compiler import Compiler, Place

Maker = Callable[["Compiler", Call, "Place"], Compiled]

_BOOLEAN = frozenset(
    [
        "true",
        "false",
        "not",
        "boolean",
        "selected",
        "contains",
        "starts-with",
        "ends-with",
        "regex",
        "checklist",
        "weighted-checklist",
        "boolean-from-string",
        "geofence",
        "intersects",
        "lang",
    ]
)
_NUMBER = frozenset(
    [
        "count",
        "number",
        "int",
        "floor",
        "ceiling",
        "round",
        "abs",
        "pow",
        "sqrt",
        "position",
        "last",
        "count-selected",
        "count-non-empty",
        "string-length",
        "sum",
        "pi",
        "random",
        "area",
        "distance",
    ]
)
_STRING = frozenset(
    [
        "concat",
        "string",
        "join",
        "substr",
        "substring",
        "substring-before",
        "substring-after",
        "translate",
        "normalize-space",
        "pulldata",
        "jr:itext",
        "jr:choice-name",
        "uuid",
        "digest",
        "selected-at",
        "name",
        "local-name",
        "namespace-uri",
    ]
)
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
        return _wrong(
            compiler,
            "xpath.arity",
            f"{call.name}() takes {wanted} arguments, not {len(call.args)}",
            "Check the arguments against the function's description",
        )
    function = FUNCTIONS.get(call.name)
    if function is None:
        return _wrong(
            compiler,
            "xpath.unknown_function",
            f"there is no function {call.name}()",
            "Check its spelling; names are in lower case, most with hyphens",
        )
    if not function.accepts(len(call.args)):
        return _wrong(
            compiler,
            "xpath.arity",
            f"{call.name}() takes {function.arity} arguments, not {len(call.args)}",
            "Check the arguments against the function's description",
        )
    args = call.args
    if not args and function.focus:
        args = [Path(None, [Step("self", "node()", [])])]
    return _library(
        function, [_argument(compiler, function.kind(i), arg, place) for i, arg in enumerate(args)]
    )


def check_call(call: Call) -> FormError | None:
    """What is wrong with the name or the number of arguments of a call, if anything."""
    special = SPECIAL.get(call.name)
    if special is not None:
        if special[1] <= len(call.args) <= special[2]:
            return None
        return FormError(
            "xpath.arity",
            "",
            f"{call.name}() cannot take {len(call.args)} arguments",
            "Check the arguments against the function's description",
        )
    function = FUNCTIONS.get(call.name)
    if function is None:
        return FormError(
            "xpath.unknown_function",
            "",
            f"there is no function {call.name}()",
            "Check its spelling; names are in lower case, most with hyphens",
        )
    if not function.accepts(len(call.args)):
        return FormError(
            "xpath.arity",
            "",
            f"{call.name}() takes {function.arity} arguments, not {len(call.args)}",
            "Check the arguments against the function's description",
        )
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
    """The first argument that has a text, else the last; nodes as their text."""
    parts = [
        compiler.string(arg, place)
        if compiler.kind(arg, place) in ("node", "nodes")
        else compiler.value(arg, place)
        for arg in call.args
    ]
    *firsts, last = parts

    def coalesce(n: Any, e: Focus) -> Value:
        for part in firsts:
            value = part(n, e)
            if value and (type(value) is str or to_string(value)):
                return _single(value)
            if type(value) is float or type(value) is bool:
                return value
        return _single(last(n, e))

    return coalesce


def _single(value: Value) -> Value:
    return to_string(value) if isinstance(value, NodeSet) else value


def _selected(compiler: Compiler, call: Call, place: Place) -> Compiled:
    among, value = compiler.string(call.args[0], place), compiler.string(call.args[1], place)

    def selected(n: Any, e: Focus) -> bool:
        text = among(n, e)
        if not text:
            return value(n, e).strip() == ""
        return value(n, e).strip() in text.split()

    return selected


MANY = 1000
SPECIAL: dict[str, tuple[Maker, int, int]] = {
    "true": (_constant(True), 0, 0),
    "false": (_constant(False), 0, 0),
    "not": (_not, 1, 1),
    "if": (_if, 3, 3),
    "coalesce": (_coalesce, 2, MANY),
    "selected": (_selected, 2, 2),
    "count": (node_calls.make_count, 1, 1),
    "position": (node_calls.make_position, 0, 1),
    "last": (node_calls.make_last, 0, 0),
    "current": (node_calls.make_current, 0, 0),
    "instance": (node_calls.make_instance, 1, 1),
    "once": (node_calls.make_once, 1, 1),
    "indexed-repeat": (node_calls.make_indexed_repeat, 3, MANY),
    "pulldata": (data_calls.make_pulldata, 4, 4),
    "jr:itext": (data_calls.make_itext, 1, 1),
    "jr:choice-name": (data_calls.make_choice_name, 2, 2),
    "name": (node_calls.about_node(node_calls.qualified), 0, 1),
    "local-name": (node_calls.about_node(lambda node: str(node.name)), 0, 1),
    "namespace-uri": (node_calls.about_node(lambda node: str(getattr(node, "space", ""))), 0, 1),
    "id": (node_calls.make_id, 1, 1),
    "lang": (node_calls.make_lang, 1, 1),
}
