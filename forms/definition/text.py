"""Texts with outputs and translations: labels, hints, messages.

Spec: https://getodk.github.io/xforms-spec/#languages and #body-elements (output)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.errors import FormError, shorten
from forms.functions.values import to_string
from forms.xml import Element
from forms.xpath.ast import Call, Expr, Literal
from forms.xpath.compiler import Compiler

if TYPE_CHECKING:
    from collections.abc import Callable

    from forms.definition.model import NodeDef
    from forms.xpath.focus import AsString, Focus

MEDIA_FORMS = ("image", "big-image", "audio", "video")
DEFAULT_FORMS = ("", "long", "short")


class Output:
    """One `<output value="…"/>`, compiled once for every definition it is shown at."""

    __slots__ = ("_compiled", "expr", "text")

    def __init__(self, expr: Expr, text: str) -> None:
        self.expr = expr
        self.text = text
        self._compiled: dict[NodeDef, AsString] = {}

    def at(self, d: NodeDef, root: NodeDef) -> AsString:
        compiled = self._compiled.get(d)
        if compiled is None:
            compiler = Compiler(root, d)
            compiled = self._compiled[d] = compiler.string(self.expr, compiler.top)
        return compiled


Parts = tuple["str | Output", ...]


class Itext:
    """All translations: language → text id → form ("" for the plain text, "image" …) → parts."""

    __slots__ = ("default", "languages", "texts")

    def __init__(self) -> None:
        self.languages: list[str] = []
        self.default = ""
        self.texts: dict[str, dict[str, dict[str, Parts]]] = {}

    def forms(self, language: str, text_id: str) -> dict[str, Parts] | None:
        """The forms of one text; those of the default language where a translation is missing."""
        found = self.texts.get(language, {}).get(text_id)
        if found is None and language != self.default:
            found = self.texts.get(self.default, {}).get(text_id)
        return found

    def knows(self, text_id: str) -> bool:
        return any(text_id in texts for texts in self.texts.values())

    def every(self, text_id: str) -> list[Parts]:
        """The parts of a text in all languages and forms."""
        return [parts for texts in self.texts.values() for parts in texts.get(text_id, {}).values()]


class Text:
    """A label, hint or message as the form gives it: parts of its own, or the id of a translated text."""

    __slots__ = ("id_output", "parts", "text_id")

    def __init__(self, parts: Parts = (), text_id: str = "", id_output: Output | None = None) -> None:
        self.parts = parts
        self.text_id = text_id
        self.id_output = id_output

    def outputs(self, itext: Itext) -> list[Output]:
        """Every output that can show in it, whatever the language."""
        if self.id_output is not None:
            return [self.id_output]
        several = itext.every(self.text_id) if self.text_id else [self.parts]
        return [part for parts in several for part in parts if isinstance(part, Output)]


def read_parts(element: Element, parse: Callable[[str, Element], Expr]) -> Parts:
    """Text and outputs inside a label or itext value."""
    children = element.children
    if len(children) == 1 and isinstance(children[0], str):
        return (children[0],)
    found: list[str | Output] = []
    for child in children:
        if isinstance(child, str):
            found.append(child)
        elif child.name == "output":
            text = child.get("value") or child.get("ref")
            if not text.strip():
                raise FormError(
                    "body.output",
                    f"line {child.line}",
                    "an <output> without value",
                    'Give it value="/path/to/node"',
                )
            found.append(Output(parse(text, child), text))
        else:
            found.extend(read_parts(child, parse))
    if all(isinstance(part, str) for part in found):
        return ("".join(part for part in found if isinstance(part, str)),) if found else ()
    return tuple(found)


def read_text(element: Element, parse: Callable[[str, Element], Expr]) -> Text:
    """A label, hint or similar: its `ref`, or what it contains."""
    ref = element.get("ref").strip()
    if not ref:
        return Text(read_parts(element, parse))
    return reference_text(ref, element, parse)


def reference_text(ref: str, element: Element, parse: Callable[[str, Element], Expr]) -> Text:
    """A text given by an expression: jr:itext('id'), jr:itext(path), or the path of a node."""
    expr = parse(ref, element)
    if isinstance(expr, Call) and expr.name == "jr:itext" and len(expr.args) == 1:
        arg = expr.args[0]
        if isinstance(arg, Literal):
            return Text(text_id=str(arg.value))
        return Text(id_output=Output(arg, ref))
    return Text((Output(expr, ref),))


def message_text(message: str, element: Element, parse: Callable[[str, Element], Expr]) -> Text | None:
    """jr:constraintMsg and jr:requiredMsg: plain text, or jr:itext('id')."""
    if not message.strip():
        return None
    if message.strip().startswith("jr:itext("):
        return reference_text(message.strip(), element, parse)
    return Text((message,))


def render(parts: Parts, node: Any, d: NodeDef, root: NodeDef, focus: Focus) -> str:
    """Parts put together at a node."""
    if len(parts) == 1 and isinstance(parts[0], str):
        return parts[0]
    return "".join(part if isinstance(part, str) else part.at(d, root)(node, focus) for part in parts)


def read_itext(element: Element, parse: Callable[[str, Element], Expr]) -> Itext:
    """The `<itext>` block. The language marked default, else the first, is the default."""
    itext = Itext()
    for translation in element.all("translation"):
        language = translation.get("lang")
        itext.languages.append(language)
        if not itext.default and translation.attrs.get("default", "false") in (
            "",
            "true()",
            "true",
            "default",
        ):
            itext.default = language
        texts = itext.texts.setdefault(language, {})
        for text in translation.all("text"):
            forms = texts.setdefault(text.get("id"), {})
            for value in text.all("value"):
                forms[value.get("form").strip()] = read_parts(value, parse)
    if not itext.default and itext.languages:
        itext.default = itext.languages[0]
    return itext


__all__ = [
    "DEFAULT_FORMS",
    "MEDIA_FORMS",
    "Itext",
    "Output",
    "Text",
    "read_itext",
    "read_text",
    "render",
    "shorten",
    "to_string",
]
