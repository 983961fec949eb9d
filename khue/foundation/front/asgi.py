"""The few words of ASGI that the doors speak, and the short answers they all give."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

JSON: Headers = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
PROBLEM: Headers = [(b"content-type", b"application/problem+json"), *JSON[1:]]
_write = msgspec.json.Encoder().encode


class TooLarge(Exception):
    """The body is longer than the door takes."""


class Gone(Exception):
    """The browser went away before it had sent everything."""


def header(scope: Scope, name: bytes) -> bytes:
    """The first header of that name, in lower case as ASGI has it; empty when there is none."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return b""


async def body_of(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body. Raises TooLarge before reading more than `limit` bytes, and Gone."""
    if int(header(scope, b"content-length") or 0) > limit:
        raise TooLarge
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            raise TooLarge
    if message["type"] == "http.disconnect":
        raise Gone
    if len(body) > limit:
        raise TooLarge
    return body


async def departure(receive: Receive) -> None:
    """Returns when the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def answer(send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
    """A whole answer at once."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def answer_json(send: Send, value: object) -> None:
    """200 with a value as JSON."""
    await answer(send, 200, JSON, _write(value))


async def problem(
    scope: Scope,
    send: Send,
    status: int,
    code: str,
    detail: str | Promise,
    *,
    headers: Iterable[tuple[bytes, bytes]] = (),
    values: Mapping[str, str | int] | None = None,
) -> None:
    """An error as a problem document (RFC 9457), the same shape as that of the pages and the API.

    detail   for people, in the reader's language when it is a lazy translation
    """
    with translation.override(language_of(scope)):
        body = {"type": f"urn:khue:problem:{code}", "status": status, "title": code, "detail": str(detail)}
    await answer(send, status, [*PROBLEM, *headers], _write({**body, **(values or {})}))


def language_of(scope: Scope) -> str:
    """The language the reader has chosen for the pages."""
    cookies = header(scope, b"cookie")
    return "en" if b"khue_language=en" in cookies else str(settings.LANGUAGE_CODE)
