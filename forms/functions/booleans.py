"""Boolean functions. Spec: https://getodk.github.io/xforms-spec/#fn:Boolean-Functions."""

from math import inf

from forms.functions.registry import function
from forms.functions.values import (
    EvaluationError,
    NodeSet,
    Value,
    text_number,
    to_boolean,
    to_number,
    to_string,
)


@function("true")
def true() -> bool:
    return True


@function("false")
def false() -> bool:
    return False


@function("boolean", "boolean")
def boolean(value: bool) -> bool:
    return value


@function("not", "boolean")
def negation(value: bool) -> bool:
    return not value


@function("boolean-from-string", "string")
def boolean_from_string(value: str) -> bool:
    """True for "true" and "1" only."""
    return value in ("true", "1")


@function("coalesce", "any", "any")
def coalesce(first: Value, second: Value) -> Value:
    """The first argument unless it is empty; a number that is not one (NaN) counts as empty."""
    return second if _is_empty(first) else first


def _is_empty(value: Value) -> bool:
    return to_string(value) == "" or (isinstance(value, float) and value != value)


@function("depend", "any", rest="any")
def depend(value: Value, *others: Value) -> Value:
    """The first argument; the others only make the expression depend on them."""
    return value


@function("checklist", "number", "number", rest="any")
def checklist(fewest: float, most: float, *factors: Value) -> bool:
    """Whether between `fewest` and `most` of the factors are true; -1 means that a bound does not apply."""
    count = sum([verdict for factor in factors for verdict in _verdicts(factor)])
    return (fewest < 0 or count >= fewest) and (most < 0 or count <= most)


@function("weighted-checklist", "number", "number", rest="any")
def weighted_checklist(least: float, most: float, *pairs: Value) -> bool:
    """Like checklist(), but every factor is followed by the weight it adds when it is true."""
    if len(pairs) % 2:
        raise EvaluationError("argument", "weighted-checklist() takes a weight after every value")
    total = 0.0
    for factor, weight in zip(pairs[::2], pairs[1::2], strict=True):
        verdicts, weights = _verdicts(factor), _weights(weight)
        if len(verdicts) != len(weights):
            return False
        total += sum([number for verdict, number in zip(verdicts, weights, strict=True) if verdict])
    return (least == -1 or total >= least) and total <= (inf if most == -1 else most)


def _verdicts(value: Value) -> list[bool]:
    if isinstance(value, NodeSet):
        return [node.text != "" for node in value]
    return [to_boolean(value)]


def _weights(value: Value) -> list[float]:
    if isinstance(value, NodeSet):
        return [text_number(node.text) for node in value]
    return [to_number(value)]
