"""The smallest browser for an ASGI application: one call, the whole answer."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def call(
    application: Application,
    method: str,
    target: str,
    *,
    headers: dict[str, str] | None = None,
    body: bytes | list[bytes] = b"",
) -> Answer:
    """Send one request and gather the answer. A list of bytes arrives in as many pieces."""
    pieces = body if isinstance(body, list) else [body]
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "scheme": "http",
        "http_version": "1.1",
        "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        "extensions": {},
    }
    arriving = iter(
        [
            {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
            for number, piece in enumerate(pieces, start=1)
        ]
    )
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(arriving, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    return Answer(
        sent[0]["status"],
        {name.decode(): value.decode() for name, value in sent[0]["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )
