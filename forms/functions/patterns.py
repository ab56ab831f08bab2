"""regex(): patterns as form authors write them (JavaScript and Java flavour) on Python's `re`.

The pattern may match anywhere in the value, as the specification's `/[0-9]+/` does; authors anchor
with ^ and $.
Spec: https://getodk.github.io/xforms-spec/#fn:regex
"""

import re
from functools import lru_cache

from forms.functions.registry import function
from forms.functions.values import EvaluationError

_POSIX = {
    "Alpha": "A-Za-z",
    "Digit": "0-9",
    "Alnum": "A-Za-z0-9",
    "Lower": "a-z",
    "Upper": "A-Z",
    "Punct": r"!-/:-@\[-`{-~",
    "Space": r"\s",
}
# Compiled at first use: most forms have no pattern, and loading a form should not pay for it.
_TOKEN = r"(?s)\\p\{(\w+)\}|\\P\{(\w+)\}|\\.|\[\^?\]?|\]|\$|\(\?<(?=[A-Za-z])"


@function("regex", "string", "string")
def regex(value: str, pattern: str) -> bool:
    return compiled(pattern).search(value) is not None


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """The compiled pattern; EvaluationError "regex" where it is not one."""
    try:
        return re.compile(_python_flavour(pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise EvaluationError("regex", f"{pattern!r} is not a regular expression: {error}") from error


def _python_flavour(pattern: str) -> str:
    r"""Rewrites what Python spells differently: \p{L}, (?<name>, and $ as the very end of the text."""
    inside = False
    parts: list[str] = []
    at = 0
    for token in re.finditer(_TOKEN, pattern):
        parts.append(pattern[at : token.start()])
        text, at = token[0], token.end()
        if token[1] or token[2]:
            members = _members(token[1] or token[2])
            if inside and token[2]:
                raise re.error("\\P{…} inside […] is not understood")
            text = members if inside else f"[{'^' if token[2] else ''}{members}]"
        elif text.startswith("[") and not inside:
            inside = True
        elif text == "[":
            text = r"\["
        elif text == "]":
            inside = False
        elif text == "$" and not inside:
            text = r"\Z"
        elif text == "(?<":
            text = "(?P<" if not inside else text
        elif text == r"\Z":
            text = r"(?=\n?\Z)"
        elif text == r"\z":
            text = r"\Z"
        parts.append(text)
    return "".join(parts) + pattern[at:]


@lru_cache(maxsize=32)
def _members(category: str) -> str:
    """The inside of a character class for a Unicode category (L, Lu, N …) or a Java class name."""
    if category in _POSIX:
        return _POSIX[category]
    from unicodedata import category as category_of

    name = category.removeprefix("Is")
    found = [code for code in range(0x10000) if category_of(chr(code)).startswith(name)]
    if not found or not 1 <= len(name) <= 2:
        raise re.error(f"\\p{{{category}}} is not understood")
    ranges: list[list[int]] = []
    for code in found:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{low:04x}" if low == high else f"\\u{low:04x}-\\u{high:04x}" for low, high in ranges)
