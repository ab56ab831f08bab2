"""What the OpenAPI document says of bodies that are read by hand."""

from typing import Any

from app.protocol.versions import JSON, MSGPACK, PROBLEM_JSON

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
    },
}
_OCTETS = {"type": "string", "format": "binary"}


def answers(media_type: str, status: int = 200, schema: dict[str, Any] | None = None) -> dict[int | str, Any]:
    """The good answer, and a problem document for everything else."""
    good = (
        {"description": "done", "content": {media_type: {"schema": schema or _OCTETS}}} if media_type else {}
    )
    return {
        status: good or {"description": "done"},
        "4XX": {"description": "a problem", "content": {PROBLEM_JSON: {"schema": _PROBLEM}}},
        "5XX": {"description": "a problem", "content": {PROBLEM_JSON: {"schema": _PROBLEM}}},
    }


def body(media_type: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema or _OCTETS}}}}


def number_parameter(name: str, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": {"type": "integer", "minimum": 0}}


def text_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": True, "schema": {"type": "string"}}


def header_parameter(name: str, required: bool = True) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}


MSGPACK_BODY = body(MSGPACK)
OBJECT = {"type": "object"}
JSON_ANSWER = answers(JSON, schema=OBJECT)
PULL_PARAMETERS = {
    "parameters": [
        number_parameter("after", required=True),
        *(number_parameter(name) for name in ("known", "limit", "size", "inline", "own")),
    ]
}
PULL_RESPONSES = answers(MSGPACK)
