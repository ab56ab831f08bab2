"""The table of XPath functions an expression may call.

Every function is registered once with the kinds of its parameters; the expression compiler converts
arguments to those kinds and calls `Function.call`. Functions that need the model itself (`position`,
`instance`, `indexed-repeat`, `pulldata`, `once`, `jr:itext` …) belong to the compiler and are not here.

Parameter kinds: "string", "number", "boolean", "any" (a Value as it is), "nodes" (a NodeSet),
"strings" (flattened to list[str]: a node-set gives one string a node) and "numbers" likewise.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

KINDS = frozenset({"string", "number", "boolean", "any", "nodes", "strings", "numbers"})
Implementation = TypeVar("Implementation", bound=Callable[..., Any])


class Function(NamedTuple):
    """One function: how many arguments of which kinds, and what computes it.

    `optional` trailing parameters may be left out (the callable has defaults for them); any further
    arguments are of kind `rest`, or refused where that is None. With `needs_context` the callable gets an
    EvaluationContext first. A `volatile` result may differ between calls with equal arguments. With `focus`
    a call without arguments is about the context node, as in `string()`.
    """

    name: str
    parameters: tuple[str, ...]
    optional: int
    rest: str | None
    call: Callable[..., Any]
    needs_context: bool
    volatile: bool
    focus: bool = False

    def accepts(self, count: int) -> bool:
        """Whether a call with `count` arguments is well formed."""
        fewest = 0 if self.focus else len(self.parameters) - self.optional
        return count >= fewest and (self.rest is not None or count <= len(self.parameters))

    def kind(self, index: int) -> str:
        """The kind of the argument at `index` (0-based); only meaningful where `accepts` said yes."""
        if index < len(self.parameters):
            return self.parameters[index]
        return self.rest or "any"

    @property
    def arity(self) -> str:
        """The number of arguments in words, for messages: "2", "1 to 3", "2 or more"."""
        most, fewest = len(self.parameters), 0 if self.focus else len(self.parameters) - self.optional
        if self.rest is not None:
            return f"{fewest} or more"
        return str(most) if fewest == most else f"{fewest} to {most}"


_functions: dict[str, Function] = {}
FUNCTIONS: Mapping[str, Function] = MappingProxyType(_functions)


def function(
    name: str,
    *parameters: str,
    optional: int = 0,
    rest: str | None = None,
    needs_context: bool = False,
    volatile: bool = False,
    focus: bool = False,
) -> Callable[[Implementation], Implementation]:
    """Registers the decorated callable as the XPath function `name`; ValueError for a second of that name."""

    def register(call: Implementation) -> Implementation:
        if name in _functions:
            raise ValueError(f"{name}() is already registered")
        if not KINDS.issuperset(parameters) or (rest is not None and rest not in KINDS):
            raise ValueError(f"{name}() has a parameter of an unknown kind")
        _functions[name] = Function(name, parameters, optional, rest, call, needs_context, volatile, focus)
        return call

    return register
