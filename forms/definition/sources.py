"""Secondary instances from what lies beside a form: CSV, XML, GeoJSON, entity lists.

Spec: https://getodk.github.io/xforms-spec/#secondary-instances
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from forms.errors import FormError
from forms.functions.values import number_text
from forms.xml import Element, Reader, as_bytes
from forms.xpath.tree import DataNode
from forms.xpath.tree_reader import DataReader, table

MAX_MEDIA = 64 * 1024 * 1024


def file_name(src: str) -> str:
    """The file behind jr://file-csv/name.csv, jr://file/name.xml, jr://instance/…; without its folder."""
    return src.rstrip("/").rpartition("/")[2]


def read_source(name: str, data: bytes | str) -> DataNode:
    """The document of an external instance; the file's ending decides how it is read."""
    lower = name.lower()
    if lower.endswith((".geojson", ".json")):
        return read_geojson(name, data)
    if lower.endswith(".xml"):
        return read_xml(name, data)
    return read_csv(name, data)


def read_csv(name: str, data: bytes | str) -> DataNode:
    """Rows under /root/item, one child for every column of the first line."""
    import csv

    text = decode(name, data)
    try:
        first = text.split("\n", 1)[0]
        delimiter = max(",;\t|", key=lambda mark: (first.count(mark), mark == ","))
        lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
        header = [column.strip() for column in next(lines, [])]
        rows = [row for row in lines if row]
    except csv.Error as problem:
        raise FormError(
            "media.csv", name, f"the file is not a CSV table ({problem})", "Export it again"
        ) from None
    shape: dict[str, int] = {}
    for index, column in enumerate(header):
        if column:
            shape.setdefault(column, index)
    width = len(header)
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    if len(shape) == width:
        return table(shape, [tuple(row if len(row) == width else row[:width]) for row in rows])
    places = list(shape.values())
    return table(
        {column: i for i, column in enumerate(shape)}, [tuple(row[p] for p in places) for row in rows]
    )


def read_xml(name: str, data: bytes | str) -> DataNode:
    """Any XML document."""
    reader = DataReader()

    def divert(element: Element, depth: int) -> DataReader | None:
        return reader if depth == 1 else None

    root = Reader(name, divert).read(as_bytes(data, name, MAX_MEDIA))
    top = reader.finish(DataNode("element", root.name))
    if top.rows is None and not top.kids:
        top.own = root.text
    document = DataNode("document", "")
    document.adopt([top])
    return document


def read_geojson(name: str, data: bytes | str) -> DataNode:
    """A FeatureCollection: an item a feature with its properties, `geometry` in ODK's notation and `id`."""
    import json

    try:
        parsed = json.loads(decode(name, data))
    except (ValueError, RecursionError) as problem:
        raise FormError(
            "media.geojson", name, f"the file is not GeoJSON ({problem})", "Export it again"
        ) from None
    features = parsed.get("features") if isinstance(parsed, dict) else None
    if not isinstance(features, list):
        raise FormError(
            "media.geojson", name, "the file has no list of features", "Save it as a FeatureCollection"
        )
    return rows_document([feature_row(name, feature) for feature in features])


def feature_row(name: str, feature: Any) -> dict[str, str]:
    """One feature as a flat row."""
    if not isinstance(feature, dict):
        raise FormError("media.geojson", name, "a feature is not an object", "Save it as a FeatureCollection")
    row: dict[str, str] = {}
    geometry = feature.get("geometry")
    if isinstance(geometry, dict):
        row["geometry"] = geometry_text(name, geometry)
    if feature.get("id") is not None:
        row["id"] = json_text(feature["id"])
    properties = feature.get("properties")
    for key, value in properties.items() if isinstance(properties, dict) else ():
        row[str(key)] = json_text(value)
    return row


def geometry_text(name: str, geometry: Mapping[str, Any]) -> str:
    """Point, LineString or Polygon as "lat lon alt acc" parts joined by "; "."""
    kind, places = geometry.get("type"), geometry.get("coordinates")
    try:
        if kind == "Point":
            return position_text(places)
        if kind == "LineString":
            return "; ".join(position_text(place) for place in places or [])
        if kind == "Polygon":
            return "; ".join(position_text(place) for place in (places or [[]])[0])
    except (TypeError, ValueError, IndexError, KeyError):
        raise FormError(
            "media.geojson", name, f"a {kind} with wrong coordinates", "Export it again"
        ) from None
    raise FormError(
        "media.geojson", name, f"geometry of type {kind}", "Use points, lines and polygons"
    ) from None


def position_text(place: Any) -> str:
    return f"{json_text(place[1])} {json_text(place[0])} 0 0"


def json_text(value: Any) -> str:
    """A JSON value as the text of a node."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(float(value)) if isinstance(value, float) else str(value)
    return value if isinstance(value, str) else ""


def rows_document(rows: Sequence[Mapping[str, str]]) -> DataNode:
    """Rows with possibly different columns as /root/item."""
    shape: dict[str, int] = {}
    for row in rows:
        for column in row:
            shape.setdefault(column, len(shape))
    return table(shape, [tuple(row.get(column, "") for column in shape) for row in rows])


def entity_document(entities: Iterable[Mapping[str, str]]) -> DataNode:
    """An entity list: `name` and `label`, system columns where known, and the properties."""
    rows = [{"name": "", "label": "", **{k: str(v) for k, v in entity.items()}} for entity in entities]
    return rows_document(rows) if rows else table({"name": 0, "label": 1}, [])


def decode(name: str, data: bytes | str) -> str:
    if len(data) > MAX_MEDIA:
        raise FormError("media.size", name, "the file is too large", "Split it")
    if isinstance(data, str):
        return data.lstrip("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormError("media.encoding", name, "the file is not UTF-8", "Save it as UTF-8") from None
