"""Functions on space-separated lists, and on node-sets of answers.

Spec: https://getodk.github.io/xforms-spec/#fn:Select-Functions
"""

from forms.functions.registry import function
from forms.functions.values import NodeSet


def selected(values: str, value: str) -> bool:
    """Whether `value` is one of the space-separated values; the empty value is only "in" an empty list."""
    wanted = value.strip()
    return wanted in values.split() if wanted else not values.strip()


function("selected", "string", "string")(selected)
function("is-selected", "string", "string")(selected)


@function("selected-at", "string", "number")
def selected_at(values: str, index: float) -> str:
    """The value at a 0-based index; "" outside the list."""
    words = values.split()
    return words[int(index)] if 0 <= index < len(words) else ""


@function("count-selected", "string")
def count_selected(values: str) -> float:
    return float(len(values.split()))


@function("count-non-empty", "nodes")
def count_non_empty(nodes: NodeSet) -> float:
    return float(len([None for node in nodes if node.text != ""]))
