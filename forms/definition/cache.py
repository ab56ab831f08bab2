"""A form in the shape it has after reading: for a quick second load, without XML or expression parsing.

The cache is plain JSON, so bytes from anywhere can do no more than fail with FormError("cache.…"). It holds no
media; hand them to `load_cached` again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from forms.collecting import Paused
from forms.definition.expressions import Expressions
from forms.definition.form import Form
from forms.definition.load import Loader
from forms.definition.reading import FormDocument, read_document
from forms.errors import FormError
from forms.xml import MAX_DEPTH, Element
from forms.xpath import ast
from forms.xpath.tree import DataNode, Rows

CACHE_VERSION = 2
DAMAGED = (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError)


def to_cache(form: Form) -> bytes:
    """The bytes `load_cached` takes."""
    if form.cache:
        return form.cache
    document = read_document(form.source)
    expressions = Expressions()
    Loader(document, form.media, expressions).load()
    shapes: list[list[str]] = []
    kinds: dict[tuple[str, str, str], int] = {}
    html = pack_element(document.html, kinds)
    payload = {
        "version": CACHE_VERSION,
        "kinds": list(kinds),
        "html": html,
        "namespaces": document.namespaces,
        "data": [pack_data(data, shapes) for _, data in document.data],
        "shapes": shapes,
        "expressions": {text: pack_expr(expr) for text, expr in expressions.parsed.items()},
    }
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def load_cached(data: bytes, media: Mapping[str, bytes | str] | None = None) -> Form:
    """The form of a cache; FormError("cache.version") for another engine's, "cache.damaged" for no cache."""
    with Paused():
        form = read_cache(data, media or {})
    form.cache = data
    return form


def read_cache(data: bytes, media: Mapping[str, bytes | str]) -> Form:
    try:
        payload = json.loads(data)
        version = payload["version"]
    except DAMAGED:
        raise damaged() from None
    if version != CACHE_VERSION:
        raise FormError(
            "cache.version", "", f"the compiled form is of version {version}", "Load the form's XML again"
        )
    try:
        html = unpack_element(payload["html"], [(n, s, p) for n, s, p in payload["kinds"]], 0)
        shapes = [{name: i for i, name in enumerate(names)} for names in payload["shapes"]]
        trees = [unpack_data(packed, shapes, 0) for packed in payload["data"]]
        expressions = Expressions()
        expressions.parsed = {text: unpack_expr(packed) for text, packed in payload["expressions"].items()}
        elements = secondary_instances(html)
        document = FormDocument(html, dict(payload["namespaces"]), list(zip(elements, trees, strict=True)))
        return Loader(document, media, expressions).load()
    except DAMAGED:
        raise damaged() from None


def damaged() -> FormError:
    return FormError("cache.damaged", "", "the compiled form cannot be read", "Load the form's XML again")


def secondary_instances(html: Element) -> list[Element]:
    head = html.first("head")
    model = head.first("model") if head is not None else None
    return model.all("instance")[1:] if model is not None else []


# -- elements: [number of (name, space, prefix), line, attributes[, child …]]

Kinds = list[tuple[str, str, str]]


def pack_element(element: Element, kinds: dict[tuple[str, str, str], int]) -> list[Any]:
    kind = kinds.setdefault((element.name, element.space, element.prefix), len(kinds))
    children = element.children
    if element.elements:
        children = [child for child in children if not isinstance(child, str) or not child.isspace()]
    packed = [child if isinstance(child, str) else pack_element(child, kinds) for child in children]
    return [kind, element.line, element.attrs, *packed]


def unpack_element(packed: list[Any], kinds: Kinds, depth: int) -> Element:
    if depth > MAX_DEPTH:
        raise ValueError
    name, space, prefix = kinds[packed[0]]
    element = Element(name, space, prefix, packed[2], packed[1])
    if len(packed) > 3:
        element.children = [
            child if type(child) is str else unpack_element(child, kinds, depth + 1) for child in packed[3:]
        ]
    return element


# -- data: [kind, name, space, prefix, attributes, own, shape index or -1, values, [item, rows] or children]


def pack_data(node: DataNode, shapes: list[list[str]]) -> list[Any]:
    attrs = [[a.name, a.space, a.prefix, a.own] for a in node.attrs or ()]
    head: list[Any] = [node.xpath_kind, node.name, node.space, node.prefix, attrs, node.own]
    if node.rows is not None:
        cells = node.rows.cells
        return [*head, shape_number(node.rows.shape, shapes), [node.rows.item, cells]]
    if node.shape is not None:
        return [*head, shape_number(node.shape, shapes), node.values]
    return [*head, -1, [pack_data(kid, shapes) for kid in node.kids]]


def shape_number(shape: dict[str, int], shapes: list[list[str]]) -> int:
    names = list(shape)
    if names not in shapes:
        shapes.append(names)
    return shapes.index(names)


def unpack_data(packed: list[Any], shapes: list[dict[str, int]], depth: int) -> DataNode:
    if depth > MAX_DEPTH:
        raise ValueError
    kind, name, space, prefix, attrs, own, shape, content = packed
    node = DataNode(kind, name, None, own)
    node.space, node.prefix = space, prefix
    if attrs:
        node.attrs = []
        for local, uri, short, value in attrs:
            attribute = DataNode("attribute", local, node, value)
            attribute.space, attribute.prefix = uri, short
            node.attrs.append(attribute)
    if shape >= 0:
        if len(content) == 2 and isinstance(content[1], list):
            cells = [checked(row, len(shapes[shape])) for row in content[1]]
            node.rows = Rows(node, content[0], shapes[shape], cells)
        else:
            node.shape = shapes[shape]
            node.values = checked(content, len(shapes[shape]))
    elif content or kind == "document":
        node.adopt([unpack_data(kid, shapes, depth + 1) for kid in content])
    return node


def checked(cells: list[str], width: int) -> tuple[str, ...]:
    if len(cells) != width:
        raise ValueError
    return tuple(cells)


# -- expressions: [tag, …]


def pack_expr(expr: ast.Expr) -> list[Any]:
    if isinstance(expr, ast.Literal):
        return ["l", expr.value]
    if isinstance(expr, ast.Path):
        start = expr.start if expr.start is None or isinstance(expr.start, str) else pack_expr(expr.start)
        return [
            "p",
            start,
            [[s.axis, s.test, s.target, [pack_expr(p) for p in s.predicates]] for s in expr.steps],
        ]
    if isinstance(expr, ast.Call):
        return ["c", expr.name, [pack_expr(arg) for arg in expr.args]]
    if isinstance(expr, ast.Compare):
        return ["e", expr.op, pack_expr(expr.left), pack_expr(expr.right)]
    if isinstance(expr, ast.Logic):
        return ["o", expr.op, [pack_expr(part) for part in expr.parts]]
    if isinstance(expr, ast.Arithmetic):
        return ["a", pack_expr(expr.first), [[op, pack_expr(operand)] for op, operand in expr.rest]]
    if isinstance(expr, ast.Negate):
        return ["n", pack_expr(expr.operand)]
    if isinstance(expr, ast.Union):
        return ["u", [pack_expr(part) for part in expr.parts]]
    if isinstance(expr, ast.Filter):
        return ["f", pack_expr(expr.base), [pack_expr(p) for p in expr.predicates]]
    raise TypeError(type(expr).__name__)


def unpack_expr(packed: list[Any]) -> ast.Expr:
    tag = packed[0]
    if tag == "p":
        start = packed[1]
        steps = [
            ast.Step(axis, test, [unpack_expr(p) for p in predicates], target)
            for axis, test, target, predicates in packed[2]
        ]
        return ast.Path(unpack_expr(start) if isinstance(start, list) else start, steps)
    if tag == "l":
        value = packed[1]
        return ast.Literal(value if isinstance(value, str) else float(value))
    if tag == "c":
        return ast.Call(packed[1], [unpack_expr(arg) for arg in packed[2]])
    if tag == "e":
        return ast.Compare(packed[1], unpack_expr(packed[2]), unpack_expr(packed[3]))
    if tag == "o":
        return ast.Logic(packed[1], [unpack_expr(part) for part in packed[2]])
    if tag == "a":
        return ast.Arithmetic(
            unpack_expr(packed[1]), [(op, unpack_expr(operand)) for op, operand in packed[2]]
        )
    if tag == "n":
        return ast.Negate(unpack_expr(packed[1]))
    if tag == "u":
        return ast.Union([unpack_expr(part) for part in packed[1]])
    if tag == "f":
        return ast.Filter(unpack_expr(packed[1]), [unpack_expr(p) for p in packed[2]])
    raise ValueError(tag)
