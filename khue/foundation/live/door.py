"""GET /live/?ticket=...&ticket=...: a stream of Server-Sent Events."""

import asyncio
import time
from urllib.parse import parse_qs

from django.utils.translation import gettext_lazy as _

from khue.foundation import live
from khue.foundation.front import asgi
from khue.foundation.front.asgi import Receive, Scope, Send
from khue.foundation.live.ear import Ear
from khue.foundation.live.hub import Hub, Listener

HEADERS: asgi.Headers = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
#: Opens the stream at once, so that a browser knows it is heard, and whether it must look again at what it shows.
#: Last-Event-ID is not looked at: nothing is kept.
READY = b'retry: 3000\ndata: {"channel":"","event":"ready","data":{"missed":%s}}\n\n'


class LiveDoor:
    """One per process."""

    def __init__(self) -> None:
        self._hub = Hub()
        self._ear = Ear(self._hub)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request whose path starts with /live/."""
        if scope["path"] != "/live/" or scope["method"] != "GET":
            await asgi.problem(scope, send, 404, "not_found", _("Không tìm thấy trang hoặc dữ liệu này."))
            return
        tickets = _tickets(scope)
        if not tickets:
            await asgi.problem(scope, send, 401, "ticket_invalid", _("Vé không hợp lệ. Hãy tải lại trang."))
            return
        listener = self._hub.join(channel for ticket in tickets for channel in ticket.channels)
        loop = asyncio.get_running_loop()
        gone = loop.create_task(asgi.departure(receive))
        gone.add_done_callback(lambda _: listener.leave())
        over = loop.call_later(min(ticket.expires_at for ticket in tickets) - time.time(), listener.leave)
        try:
            await self._ear.listen()
            has_missed = any(self._hub.may_have_told(ticket.channels, ticket.issued_at) for ticket in tickets)
            await _stream(send, listener, has_missed=has_missed)
        except asyncio.CancelledError:
            if listener.is_open:  # the server ends; a listener that was cut is just done
                raise
        finally:
            self._hub.part(listener)
            over.cancel()
            gone.cancel()

    async def finish(self) -> None:
        """End all streams."""
        self._hub.close()
        await self._ear.close()


def _tickets(scope: Scope) -> list[live.Ticket]:
    """Those of the request that are good: a page may hold one of each room that has something to tell it."""
    query: bytes = scope["query_string"]
    shown = parse_qs(query.decode("latin-1")).get("ticket", [])
    return [ticket for text in shown if (ticket := live.ticket_of(text))]


async def _stream(send: Send, listener: Listener, *, has_missed: bool) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": READY % (b"true" if has_missed else b"false"), "more_body": True})
    while frames := await listener.frames():
        await send({"type": "http.response.body", "body": frames, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
