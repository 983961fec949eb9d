"""How the addresses for nodes stand in the API's document: what they take and what they answer, without references."""

from typing import Any

import msgspec

#: Signed by digest, a body is bytes, whatever it says inside.
BYTES = "application/octet-stream"


def documented(answers: Any, takes: Any = bytes) -> dict[str, Any]:
    """What a route says of itself beyond its name.

    answers  the type of an answer's body; takes: of the JSON in the body of a request, bytes where it is no JSON
    """
    body: dict[str, Any] = {"type": "string", "format": "binary"}
    if takes is not bytes:
        body = {"type": "string", "contentMediaType": "application/json", "contentSchema": _schema(takes)}
    answer = {"content": {"application/json": {"schema": _schema(answers)}}}
    return {"requestBody": {"content": {BYTES: {"schema": body}}}, "responses": {200: answer}}


def _schema(kind: Any) -> object:
    (schema,), parts = msgspec.json.schema_components([kind], ref_template="{name}")
    return _filled(schema, parts)


def _filled(schema: object, parts: dict[str, Any]) -> object:
    """The schema with its parts in their places: none of them holds itself."""
    if isinstance(schema, list):
        return [_filled(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _filled(parts[schema["$ref"]], parts)
    return {name: _filled(each, parts) for name, each in schema.items()}
