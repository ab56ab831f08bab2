"""Reads XML into light elements, refusing what no form needs.

No document type, no entities, bounded depth and size: hostile input ends in FormError after bounded work.
The reader never recurses. Secondary instances are handed to a reader of their own (`data_reader`), because
they can hold hundreds of thousands of elements.
"""

from __future__ import annotations

from collections.abc import Callable
from pyexpat import ExpatError, ParserCreate, XMLParserType
from pyexpat import errors as expat_errors

from forms.errors import FormError

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 200
MAX_ELEMENTS = 1_000_000

NAMESPACES = {
    "http://www.w3.org/2002/xforms": "",
    "http://www.w3.org/1999/xhtml": "h",
    "http://openrosa.org/javarosa": "jr",
    "http://openrosa.org/xforms": "orx",
    "http://openrosa.org/xforms/": "orx",
    "http://www.opendatakit.org/xforms": "odk",
    "http://www.opendatakit.org/xforms/entities": "entities",
    "http://www.w3.org/2001/xml-events": "ev",
}
CANONICAL = {
    "jr": "http://openrosa.org/javarosa",
    "orx": "http://openrosa.org/xforms",
    "odk": "http://www.opendatakit.org/xforms",
    "entities": "http://www.opendatakit.org/xforms/entities",
    "h": "http://www.w3.org/1999/xhtml",
    "ev": "http://www.w3.org/2001/xml-events",
}


class Element:
    """One element: local name, namespace URI, prefix as written, attributes, mixed children, line.

    Attribute keys are the local name, or "jr:count" with the usual prefix of a known namespace.
    """

    __slots__ = ("attrs", "children", "line", "name", "prefix", "space")

    def __init__(self, name: str, space: str, prefix: str, attrs: dict[str, str], line: int) -> None:
        self.name = name
        self.space = space
        self.prefix = prefix
        self.attrs = attrs
        self.line = line
        self.children: list[Element | str] = []

    @property
    def text(self) -> str:
        """The character data directly inside."""
        return "".join(child for child in self.children if type(child) is str)

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if type(child) is Element]

    def first(self, name: str) -> Element | None:
        """The first child element of that local name."""
        for child in self.children:
            if type(child) is Element and child.name == name:
                return child
        return None

    def all(self, name: str) -> list[Element]:
        """Every child element of that local name."""
        return [child for child in self.children if type(child) is Element and child.name == name]

    def get(self, key: str, default: str = "") -> str:
        return self.attrs.get(key, default)


Divert = Callable[[Element, int], "Handlers | None"]


class Handlers:
    """Takes over the parser's events inside one element; `start` and `end` get names as expat gives them."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def data(self, text: str) -> None:
        raise NotImplementedError


def split_name(raw: str) -> tuple[str, str, str]:
    """expat's "uri local prefix" → (local, uri, prefix)."""
    parts = raw.split(" ")
    if len(parts) == 1:
        return parts[0], "", ""
    if len(parts) == 2:
        return parts[1], parts[0], ""
    return parts[1], parts[0], parts[2]


def attribute_key(raw: str) -> str:
    """The key under which an attribute is kept: "count", "jr:count", "x:other"."""
    local, space, prefix = split_name(raw)
    if not space:
        return local
    usual = NAMESPACES.get(space) or prefix
    return f"{usual}:{local}" if usual else local


class Reader:
    """Builds the element tree from expat's events."""

    def __init__(self, what: str, divert: Divert | None = None) -> None:
        self.what = what
        self.divert = divert
        self.root: Element | None = None
        self.stack: list[Element] = []
        self.names: dict[str, tuple[str, str, str]] = {}
        self.keys: dict[str, str] = {}
        self.namespaces: dict[str, str] = {}
        self.count = 0
        parser = ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.buffer_size = 65536
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        self.parser: XMLParserType = parser
        self._listen()

    def _listen(self) -> None:
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data

    def read(self, data: bytes) -> Element:
        try:
            self.parser.Parse(data, True)
        except ExpatError as problem:
            message = expat_errors.messages.get(problem.code, str(problem))
            place = f"line {problem.lineno}, column {problem.offset + 1}"
            raise FormError(
                "xml.malformed",
                place,
                f"{self.what} is not well-formed XML ({message})",
                "Convert the form again from its XLSForm",
            ) from None
        except (UnicodeError, LookupError, ValueError) as problem:
            raise FormError(
                "xml.malformed", "", f"{self.what} cannot be decoded ({problem})", "Save it as UTF-8"
            ) from None
        if self.root is None:
            raise FormError(
                "xml.malformed", "", f"{self.what} is empty", "Convert the form again from its XLSForm"
            )
        return self.root

    def _doctype(self, *_: object) -> None:
        raise FormError(
            "xml.doctype",
            f"line {self.parser.CurrentLineNumber}",
            f"{self.what} declares a document type",
            "Remove the <!DOCTYPE …> declaration",
        )

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self.namespaces.setdefault(prefix or "", uri or "")

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        split = self.names.get(raw)
        if split is None:
            split = self.names[raw] = split_name(raw)
        attrs: dict[str, str] = {}
        keys = self.keys
        for key, value in attributes.items():
            known = keys.get(key)
            if known is None:
                known = keys[key] = attribute_key(key)
            attrs[known] = value
        element = Element(split[0], split[1], split[2], attrs, self.parser.CurrentLineNumber)
        stack = self.stack
        if stack:
            stack[-1].children.append(element)
        else:
            self.root = element
        stack.append(element)
        self.count += 1
        if len(stack) > MAX_DEPTH:
            raise too_deep(self.what, self.parser.CurrentLineNumber)
        if self.count > MAX_ELEMENTS:
            raise FormError(
                "xml.size",
                f"line {element.line}",
                f"{self.what} has more than {MAX_ELEMENTS} elements",
                "Move long lists into a CSV file beside the form",
            )
        if self.divert is not None:
            handlers = self.divert(element, len(stack))
            if handlers is not None:
                self._hand_over(handlers)

    def _end(self, raw: str) -> None:
        self.stack.pop()

    def _data(self, text: str) -> None:
        self.stack[-1].children.append(text)

    def _hand_over(self, handlers: Handlers) -> None:
        """Lets `handlers` have everything up to the end of the element just opened."""
        depth = 0
        limit = MAX_DEPTH - len(self.stack)
        start, end = handlers.start, handlers.end

        def inner_start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > limit:
                raise too_deep(self.what, self.parser.CurrentLineNumber)
            start(name, attributes)

        def inner_end(name: str) -> None:
            nonlocal depth
            if depth == 0:
                self._listen()
                self.stack.pop()
                return
            depth -= 1
            end(name)

        self.parser.StartElementHandler = inner_start
        self.parser.EndElementHandler = inner_end
        self.parser.CharacterDataHandler = handlers.data


def too_deep(what: str, line: int) -> FormError:
    return FormError(
        "xml.depth",
        f"line {line}",
        f"{what} nests elements more than {MAX_DEPTH} deep",
        "Use fewer groups inside groups",
    )


def as_bytes(source: bytes | str, what: str, limit: int = MAX_BYTES) -> bytes:
    """`source` as bytes, refused where it is larger than `limit`."""
    if len(source) > limit:
        raise FormError(
            "xml.size",
            "",
            f"{what} is larger than {limit // 1024 // 1024} MB",
            "Move long lists into a CSV file beside the form",
        )
    if isinstance(source, bytes):
        return source
    text = source.lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        text = text[text.find("?>") + 2 :] if "?>" in text else text
    return text.encode("utf-8", "surrogatepass")


def parse(source: bytes | str, what: str = "the form", limit: int = MAX_BYTES) -> Element:
    """The root element of `source`; FormError for anything that is not acceptable XML."""
    return Reader(what).read(as_bytes(source, what, limit))
