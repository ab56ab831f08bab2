"""Which widget shows a question: decided from control, type, appearance and the number of choices.

The names follow the XLSForm vocabulary (https://xlsform.org/en/#question-types); an appearance that is not
known here falls back to the plain widget of its control, as ODK asks of every client.
"""

from collections.abc import Sequence
from enum import StrEnum

from app.ui.form.nodes import Node

# More choices than this are searched, not scrolled past on a doorstep.
LONG_LIST = 16


class Widget(StrEnum):
    """What is drawn for a question."""

    NOTE = "note"
    TEXT = "text"
    MULTILINE = "multiline"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    TIME = "time"
    DATETIME = "datetime"
    ONE = "one"
    MANY = "many"
    ONE_SEARCH = "one-search"
    MANY_SEARCH = "many-search"
    RANK = "rank"
    RANGE = "range"
    ACKNOWLEDGE = "acknowledge"
    GEOPOINT = "geopoint"
    IMAGE = "image"
    SIGNATURE = "signature"
    UNSUPPORTED = "unsupported"
    HIDDEN = "hidden"


_BY_TYPE = {
    "int": Widget.INTEGER,
    "integer": Widget.INTEGER,
    "decimal": Widget.DECIMAL,
    "date": Widget.DATE,
    "time": Widget.TIME,
    "dateTime": Widget.DATETIME,
    "geopoint": Widget.GEOPOINT,
    "geotrace": Widget.UNSUPPORTED,
    "geoshape": Widget.UNSUPPORTED,
}

_SEARCHED = {"minimal", "autocomplete", "search", "dropdown"}
_DRAWN = {"signature", "draw"}


def tokens(node: Node) -> frozenset[str]:
    """The appearance's words, lower case; `columns-2` stays one word."""
    return frozenset((node.appearance or "").lower().split())


def widget_of(node: Node) -> Widget:
    """The widget of a question node; HIDDEN for one without a control (calculate, metadata)."""
    control = node.control
    if control is None:
        return Widget.HIDDEN
    if node.kind == "note":
        return Widget.NOTE
    if control in ("select1", "select"):
        return _select(node, many=control == "select")
    if control == "upload":
        return _upload(node)
    plain = {"rank": Widget.RANK, "range": Widget.RANGE, "trigger": Widget.ACKNOWLEDGE}
    return plain.get(control) or _input(node)


def _select(node: Node, many: bool) -> Widget:
    words = tokens(node)
    if words & _SEARCHED or len(node.choices) > LONG_LIST:
        return Widget.MANY_SEARCH if many else Widget.ONE_SEARCH
    return Widget.MANY if many else Widget.ONE


def _upload(node: Node) -> Widget:
    if not (node.mediatype or "").startswith("image/"):
        return Widget.UNSUPPORTED
    return Widget.SIGNATURE if tokens(node) & _DRAWN else Widget.IMAGE


def _input(node: Node) -> Widget:
    words = tokens(node)
    if node.type in ("date", "dateTime") and "year" in words:
        return Widget.YEAR
    if node.type in ("date", "dateTime") and "month-year" in words:
        return Widget.MONTH
    found = _BY_TYPE.get(node.type, Widget.TEXT)
    if found is Widget.TEXT and "multiline" in words:
        return Widget.MULTILINE
    return found


def columns(node: Node, compact: bool, labels: Sequence[str] = ()) -> int:
    """How many choice cards stand side by side: what the appearance says, within what the width allows.

    Two on a wide screen and one on a phone; three (two on a phone) where all labels are a word or two, so that
    Yes, No and Don't know take one line.
    """
    longest = max((len(label) for label in labels), default=99)
    short = longest <= (10 if compact else 14)
    most = 2 - compact
    if short and (len(labels) == most + 1 or (compact and len(labels) == 3)):
        most += 1
    words = tokens(node)
    if words & {"list", "likert"}:
        return 1
    for word in words:
        head, _, number = word.partition("-")
        if head == "columns" and number.isdigit():
            return max(1, min(int(number), most + short))
    return most


def numeric_keyboard(node: Node, widget: Widget) -> bool:
    """Digits first on a tablet's keyboard: numbers, dates typed by hand, `numbers` texts."""
    typed = (Widget.INTEGER, Widget.DECIMAL, Widget.DATE, Widget.MONTH, Widget.YEAR, Widget.TIME)
    return widget in typed or "numbers" in tokens(node)
