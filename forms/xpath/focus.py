"""What an expression runs against: the instance, and inside predicates the place among the candidates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import tzinfo

    from forms.functions.context import EvaluationContext
    from forms.functions.values import Value
    from forms.xpath.lookup import DataSource


class Host(Protocol):
    """What expressions ask of a live instance (or of a plain document, for `evaluate`)."""

    def data_source(self, name: str) -> DataSource | None:
        """The secondary instance of that id."""
        ...

    def translate(self, text_id: str) -> str:
        """The text of `jr:itext`."""
        ...

    def choice_label(self, node: Any, path: str, value: str) -> str:
        """The label `jr:choice-name` gives."""
        ...

    def document(self) -> Any:
        """The node above the root element."""
        ...


class Focus:
    """Handed to every compiled expression beside the context node.

    `root` is the root scope's list of nodes; `current` the node the whole expression is about; `position` and
    `size` those of the innermost predicate.
    """

    __slots__ = ("context", "current", "host", "position", "root", "size", "timezone")

    def __init__(
        self, root: list[Any], host: Host, context: EvaluationContext, timezone: tzinfo | None
    ) -> None:
        self.root = root
        self.host = host
        self.context = context
        self.timezone = timezone
        self.current: Any = None
        self.position = 1
        self.size = 1

    def inner(self, current: Any) -> Focus:
        """A focus for predicates of an expression about `current`."""
        focus = Focus(self.root, self.host, self.context, self.timezone)
        focus.current = current
        return focus


Compiled = Callable[[Any, Focus], "Value"]
AsString = Callable[[Any, Focus], str]
AsNumber = Callable[[Any, Focus], float]
AsBoolean = Callable[[Any, Focus], bool]
AsNodes = Callable[[Any, Focus], list[Any]]
