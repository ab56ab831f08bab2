"""XPath and ODK functions that need no model: text, numbers, dates, selections, geometry, digests."""

from forms.functions import booleans, dates, device, digests, geo, numbers, patterns, selects, shuffles, text
from forms.functions.registry import FUNCTIONS, Function
from forms.functions.values import (
    COERCIONS,
    DateText,
    EvaluationError,
    NodeSet,
    Value,
    to_boolean,
    to_number,
    to_string,
)

# Importing a family registers its functions.
_FAMILIES = (booleans, dates, device, digests, geo, numbers, patterns, selects, shuffles, text)

__all__ = [
    "COERCIONS",
    "FUNCTIONS",
    "DateText",
    "EvaluationError",
    "Function",
    "NodeSet",
    "Value",
    "to_boolean",
    "to_number",
    "to_string",
]
