"""Number functions. Spec: https://getodk.github.io/xforms-spec/#fn:Number-Functions.

Nothing here raises on odd input: where mathematics has no answer the answer is NaN or an infinity,
as IEEE 754 and the other ODK engines have it.
"""

import math
from collections.abc import Callable
from math import copysign, floor, inf, isinf, nan, trunc

from forms.functions.context import EvaluationContext
from forms.functions.registry import function
from forms.functions.values import NodeSet, text_number


@function("number", "number", focus=True)
def number(value: float) -> float:
    return value


@function("int", "number")
def to_int(value: float) -> float:
    """The number without its fraction."""
    return value if value != value or isinf(value) else float(trunc(value))


@function("floor", "number")
def floor_of(value: float) -> float:
    return value if value != value or isinf(value) else float(floor(value))


@function("ceiling", "number")
def ceiling(value: float) -> float:
    return value if value != value or isinf(value) else float(math.ceil(value))


@function("round", "number", "number", optional=1)
def round_to(value: float, places: float = 0.0) -> float:
    """Halves go away from zero; negative places round to tens, hundreds … More than 30 places give NaN.

    The decimal digits decide, not the binary ones: round(1.005, 2) is 1.01, as a person expects.
    """
    if value != value or isinf(value):
        return value
    if places != places or not -30 <= places <= 30:
        return nan
    digits = int(places)
    factor = 10.0 ** abs(digits)
    shifted = abs(value) * factor if digits >= 0 else abs(value) / factor
    if shifted > 2**52:
        return value
    whole = floor(shifted * (1 + 2**-51) + 0.5)
    return copysign(whole / factor if digits >= 0 else whole * factor, value) + 0.0


@function("abs", "number")
def absolute(value: float) -> float:
    return abs(value)


@function("pow", "number", "number")
def power(value: float, exponent: float) -> float:
    try:
        result = value**exponent
    except ZeroDivisionError:
        return -inf if copysign(1.0, value) < 0 and exponent % 2 == 1 else inf
    except OverflowError:
        return -inf if value < 0 and exponent % 2 == 1 else inf
    return result if isinstance(result, float) else nan


@function("sqrt", "number")
def square_root(value: float) -> float:
    return math.sqrt(value) if value >= 0 else nan


@function("exp", "number")
def exponential(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return inf


@function("exp10", "number")
def exponential10(value: float) -> float:
    return power(10.0, value)


def _logarithm(value: float, compute: Callable[[float], float]) -> float:
    if value > 0:
        return compute(value)
    return -inf if value == 0 else nan


@function("log", "number")
def logarithm(value: float) -> float:
    """The natural logarithm."""
    return _logarithm(value, math.log)


@function("log10", "number")
def logarithm10(value: float) -> float:
    return _logarithm(value, math.log10)


@function("pi")
def pi() -> float:
    return math.pi


def _angle(name: str, compute: Callable[[float], float]) -> None:
    """Registers a trigonometric function that is NaN outside its domain."""

    @function(name, "number")
    def call(value: float) -> float:
        try:
            return compute(value)
        except ValueError:
            return nan


for _name in ("sin", "cos", "tan", "asin", "acos", "atan"):
    _angle(_name, getattr(math, _name))


@function("atan2", "number", "number")
def atan2(y: float, x: float) -> float:
    return math.atan2(y, x)


@function("sum", "nodes")
def total(nodes: NodeSet) -> float:
    """The sum of a node-set. A question nobody has answered yet counts as nothing; other text gives NaN."""
    result = 0.0
    for node in nodes:
        text = node.text
        if text:
            result += text_number(text)
    return result


@function("min", "numbers", rest="numbers")
def least(*values: list[float]) -> float:
    """The smallest number of all arguments and nodes; NaN where there is none or one is not a number."""
    return _extreme(min, values)


@function("max", "numbers", rest="numbers")
def greatest(*values: list[float]) -> float:
    """The greatest number of all arguments and nodes; NaN where there is none or one is not a number."""
    return _extreme(max, values)


def _extreme(pick: Callable[[list[float]], float], values: tuple[list[float], ...]) -> float:
    flat = values[0] if len(values) == 1 else [number for value in values for number in value]
    if not flat or any([number != number for number in flat]):
        return nan
    return pick(flat)


@function("random", needs_context=True, volatile=True)
def random(context: EvaluationContext) -> float:
    """A number from 0 (inclusive) to 1 (exclusive)."""
    return context.rng.random()
