"""String functions. Spec: https://getodk.github.io/xforms-spec/#fn:String-Functions."""

from math import inf

from forms.functions.context import EvaluationContext
from forms.functions.registry import function
from forms.functions.values import EvaluationError

_SPACE = " \t\r\n"
_LONGEST_UUID = 4096
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


@function("string", "string", focus=True)
def string(value: str) -> str:
    return value


@function("concat", rest="strings")
def concat(*parts: list[str]) -> str:
    """Every argument, and every node of every node-set among them, one after the other."""
    return "".join([text for part in parts for text in part])


@function("join", "string", rest="strings")
def join(separator: str, *parts: list[str]) -> str:
    return separator.join([text for part in parts for text in part])


@function("substr", "string", "number", "number", optional=1)
def substr(value: str, start: float, end: float = inf) -> str:
    """From the 0-based `start` up to `end`, exclusive; negative positions count from the end."""
    length = len(value)
    first, last = _index(start, length), _index(end, length)
    return value[first:last] if first <= last else ""


def _index(position: float, length: int) -> int:
    if position != position:
        return 0
    if position < 0:
        position += length
    return int(min(max(position, 0), length))


@function("substring", "string", "number", "number", optional=1)
def substring(value: str, start: float, length: float = inf) -> str:
    """XPath 1.0: positions are 1-based and rounded; those from `start` to below start + length count."""
    first = _rounded(start)
    last = first + _rounded(length)
    if first != first or last != last:
        return ""
    low, high = min(max(first, 1), len(value) + 1), min(max(last, 1), len(value) + 1)
    return value[int(low) - 1 : int(high) - 1] if low < high else ""


def _rounded(number: float) -> float:
    return float((number + 0.5) // 1) if abs(number) < inf else number


@function("substring-before", "string", "string")
def substring_before(value: str, mark: str) -> str:
    head, found, _ = value.partition(mark) if mark else ("", "", "")
    return head if found else ""


@function("substring-after", "string", "string")
def substring_after(value: str, mark: str) -> str:
    return value.partition(mark)[2] if mark else value


@function("translate", "string", "string", "string")
def translate(value: str, before: str, after: str) -> str:
    """Replaces each character of `before` by its partner in `after`; those without a partner disappear."""
    table: dict[int, str | None] = {}
    for position, character in enumerate(before):
        table.setdefault(ord(character), after[position] if position < len(after) else None)
    return value.translate(table)


@function("string-length", "string", focus=True)
def string_length(value: str) -> float:
    return float(len(value))


@function("normalize-space", "string", focus=True)
def normalize_space(value: str) -> str:
    """XML white space only, as XPath 1.0 says: a form feed or a no-break space stays."""
    for character in "\t\r\n":
        value = value.replace(character, " ")
    return " ".join([word for word in value.split(" ") if word])


@function("contains", "string", "string")
def contains(value: str, part: str) -> bool:
    return part in value


@function("starts-with", "string", "string")
def starts_with(value: str, start: str) -> bool:
    return value.startswith(start)


@function("ends-with", "string", "string")
def ends_with(value: str, end: str) -> bool:
    return value.endswith(end)


@function("uuid", "number", optional=1, needs_context=True, volatile=True)
def uuid(context: EvaluationContext, length: float | None = None) -> str:
    """A random RFC 4122 identifier; with a length, so many random letters and digits."""
    if length is None:
        return context.new_id()
    if length != length or not 0 <= length <= _LONGEST_UUID:
        raise EvaluationError("argument", f"uuid() makes 0 to {_LONGEST_UUID} characters")
    return "".join([_ALPHABET[int(context.rng.random() * 36)] for _ in range(int(length))])
