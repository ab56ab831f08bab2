"""randomize(): the same order on every ODK client for the same seed.

An inside-out Fisher-Yates shuffle driven by a Park-Miller generator ("minimal standard", multiplier 16807).
Spec: https://getodk.github.io/xforms-spec/#fn:randomize
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from forms.functions.context import EvaluationContext
from forms.functions.registry import function
from forms.functions.values import NodeSet, Value, to_number, to_string

_MODULUS = 2**31 - 1
_MULTIPLIER = 16807
_LONG_MAX, _LONG_MIN = 2**63 - 1, -(2**63)
Item = TypeVar("Item")


@function("randomize", "nodes", "any", optional=1, needs_context=True)
def randomize(context: EvaluationContext, nodes: NodeSet, seed: Value | None = None) -> NodeSet:
    """The nodes in random order; with a seed, in the order every client gives for that seed."""
    draw = context.rng.random if seed is None else park_miller(seed_number(seed))
    return NodeSet(shuffled(nodes, draw))


def shuffled(items: Sequence[Item], draw: Callable[[], float]) -> list[Item]:
    """A new list in the order that the draws (0 <= draw < 1) make."""
    result: list[Item] = []
    for position, item in enumerate(items):
        other = int(draw() * (position + 1))
        result.append(item)
        if other != position:
            result[position] = result[other]
            result[other] = item
    return result


def park_miller(seed: int) -> Callable[[], float]:
    """Draws from 0 (inclusive) to 1 (exclusive)."""
    state = abs(seed) % _MODULUS * (1 if seed >= 0 else -1)  # the remainder keeps the sign, as in Java
    if state <= 0:
        state += _MODULUS - 1

    def draw() -> float:
        nonlocal state
        state = state * _MULTIPLIER % _MODULUS
        return (state - 1) / (_MODULUS - 1)

    return draw


def seed_number(seed: Value) -> int:
    """The 64-bit seed of a value: whole part of a number; of any other text the start of its SHA-256."""
    number = to_number(seed)
    if number == number:
        return int(max(min(number, _LONG_MAX), _LONG_MIN))
    text = to_string(seed)
    if text in ("", "NaN"):
        return 0
    from hashlib import sha256

    return int.from_bytes(sha256(text.encode()).digest()[:8], "big", signed=True)
