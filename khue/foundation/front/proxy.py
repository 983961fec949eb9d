"""Everything that is no door of its own goes on to the pages' server, and its answer comes back."""

import asyncio
import ipaddress
import logging
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from khue.foundation.front import asgi, away, sendfile
from khue.foundation.front.asgi import Headers, Receive, Scope, Send
from khue.foundation.front.compress import LONG, compressed
from khue.foundation.front.upstream import Away, Connection, Head, Lost, Pool

log = logging.getLogger(__name__)

#: Bytes of a request's body, and of an answer, that are kept in memory; longer bodies go by disk, longer answers flow.
IN_MEMORY = 1024 * 1024
PIECE = 256 * 1024
#: Bytes of a whole request's body. Large files come in pieces (foundation's resumable upload).
BODY_LIMIT = 64 * 1024 * 1024
#: Requests under way at once; beyond it people are asked to come again.
UNDER_WAY = 1_000
#: Seconds without a byte from a browser, or without it taking one, before it is given up.
SILENCE_SECONDS = 60.0
#: Seconds during which a request waits for a server that is just starting again.
RESTART_SECONDS = 3.0
SAFE_TO_REPEAT = frozenset({"GET", "HEAD", "OPTIONS"})

#: RFC 9110 §7.6.1, and what only this proxy may say about where a request comes from.
NOT_PASSED_ON = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"expect"}
    | {b"content-length", b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"}
    | {b"x-forwarded-port", b"x-forwarded-prefix", b"x-forwarded-server", b"x-real-ip", b"proxy-authorization"}
    | {b"x-khue-front"}
)
NOT_PASSED_BACK = frozenset({b"keep-alive", b"proxy-authenticate", b"trailer", b"upgrade", b"server", b"date"})

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxy:
    """The way to the pages' server.

    trusted   networks of the proxies in front of this one, whose word on the client's address, scheme and host counts
    """

    def __init__(self, address: str, trusted: tuple[Network, ...] = ()) -> None:
        self._pool = Pool(address)
        self._trusted = trusted
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request and its answer."""
        try:
            with SpooledTemporaryFile(IN_MEMORY) as body:
                try:
                    length = await _spool(scope, receive, body)
                except asgi.Gone:
                    length = _worth_keeping(scope, body)
                await self._forward(scope, receive, send, body, length)
        except asgi.TooLarge:
            await away.too_large(scope, send)
        except asgi.Gone:
            pass
        except (Away, Lost) as error:
            log.warning("%s %s: %s", scope["method"], scope["path"], error)
            await away.restarting(scope, send)

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.close()

    async def _forward(self, scope: Scope, receive: Receive, send: Send, body: "IO[bytes]", length: int) -> None:
        if self._under_way >= UNDER_WAY:
            await away.busy(scope, send)
            return
        self._under_way += 1
        try:
            connection, head = await self._answered(scope, body, length)
            await _relay(scope, receive, send, connection, head)
        finally:
            self._under_way -= 1

    async def _answered(self, scope: Scope, body: "IO[bytes]", length: int) -> tuple[Connection, Head]:
        """The head of the answer; a request that changes nothing is asked once more when the connection broke."""
        request = self._request_head(scope, length)
        connection = await self._connection()
        try:
            return connection, await _ask(connection, scope, request, body)
        except Lost:
            if scope["method"] not in SAFE_TO_REPEAT:
                raise
        connection = await self._connection(fresh=True)
        return connection, await _ask(connection, scope, request, body)

    async def _connection(self, *, fresh: bool = False) -> Connection:
        until = asyncio.get_running_loop().time() + RESTART_SECONDS
        while True:
            try:
                return await (self._pool.fresh() if fresh else self._pool.take())
            except Away:
                if asyncio.get_running_loop().time() > until:
                    raise
                await asyncio.sleep(0.1)

    def _request_head(self, scope: Scope, length: int) -> bytes:
        query = scope["query_string"]
        target = (scope.get("raw_path") or scope["path"].encode()) + (b"?" + query if query else b"")
        told = dict(scope["headers"])
        dropped = {name.strip().lower() for name in told.get(b"connection", b"").split(b",")}
        # A name with an underscore would pass for one with a hyphen once WSGI has put it into capitals.
        kept = [
            b"%b: %b\r\n" % (name, value)
            for name, value in scope["headers"]
            if name not in NOT_PASSED_ON and name not in dropped and b"_" not in name
        ]
        if length or b"content-length" in told:
            kept.append(b"content-length: %d\r\n" % length)
        return b"%b %b HTTP/1.1\r\n%b%b\r\n" % (
            scope["method"].encode(),
            target,
            b"".join(kept),
            self._forwarded(scope, told),
        )

    def _forwarded(self, scope: Scope, told: dict[bytes, bytes]) -> bytes:
        """One address, one scheme, one host: the pages need not know how many proxies there were."""
        client = scope["client"][0] if scope.get("client") else ""
        scheme, host = scope["scheme"].encode(), told.get(b"host", b"")
        if self._trusted and self._trusts(client):
            chain = [part.strip() for part in told.get(b"x-forwarded-for", b"").decode("latin-1").split(",")]
            client = next((address for address in reversed(chain) if address and not self._trusts(address)), client)
            scheme = told.get(b"x-forwarded-proto", scheme)
            host = told.get(b"x-forwarded-host", host)
        return sendfile.ASKS + b"x-forwarded-for: %b\r\nx-forwarded-proto: %b\r\nx-forwarded-host: %b\r\n" % (
            client.encode("latin-1"),
            scheme,
            host,
        )

    def _trusts(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._trusted)


async def _spool(scope: Scope, receive: Receive, body: "IO[bytes]") -> int:
    """Take the whole body before the pages' server is troubled: a slow line holds up no worker. Returns its length."""
    announced = asgi.header(scope, b"content-length")
    if int(announced or 0) > BODY_LIMIT:
        raise asgi.TooLarge
    if not announced and not asgi.header(scope, b"transfer-encoding"):
        return 0
    length = 0
    while True:
        try:
            message = await asyncio.wait_for(receive(), SILENCE_SECONDS)
        except TimeoutError:
            raise asgi.Gone from None
        if message["type"] == "http.disconnect":
            raise asgi.Gone
        if piece := message.get("body", b""):
            length += len(piece)
            if length > BODY_LIMIT:
                raise asgi.TooLarge
            body.write(piece)
        if not message.get("more_body"):
            return length


def _worth_keeping(scope: Scope, body: "IO[bytes]") -> int:
    """Bytes of a piece of an upload that came before the line broke: the next try goes on from there. Raises Gone."""
    if scope["method"] == "PATCH" and asgi.header(scope, b"upload-offset") and body.tell():
        return body.tell()
    raise asgi.Gone


async def _ask(connection: Connection, scope: Scope, request: bytes, body: "IO[bytes]") -> Head:
    body.seek(0)
    try:
        return await connection.ask(request, _pieces(body), expects_body=scope["method"] != "HEAD")
    except BaseException:
        connection.close()
        raise


def _pieces(body: "IO[bytes]") -> Iterator[bytes]:
    while piece := body.read(PIECE):
        yield piece


async def _relay(scope: Scope, receive: Receive, send: Send, connection: Connection, head: Head) -> None:
    headers = [(name, value) for name, value in head.headers if name not in NOT_PASSED_BACK]
    if scope["method"] == "HEAD" or head.status in (204, 304):
        connection.release()
        if head.length is not None and head.status != 204:
            headers.append((b"content-length", b"%d" % head.length))
        await send({"type": "http.response.start", "status": head.status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    try:
        begun, is_whole = (b"", False) if _flows(headers) else await _beginning(connection)
    except BaseException:
        connection.close()
        raise
    if is_whole:
        connection.release()
        if part := sendfile.named_in(headers):
            await sendfile.send_file(scope, receive, send, head.status, headers, part)
            return
        accepted = asgi.header(scope, b"accept-encoding")
        if len(begun) < LONG:
            headers, begun = compressed(headers, begun, accepted)
        else:
            headers, begun = await asyncio.to_thread(compressed, headers, begun, accepted)
        await asgi.answer(send, head.status, headers, begun)
        return
    if head.length is not None:
        headers.append((b"content-length", b"%d" % head.length))
    await send({"type": "http.response.start", "status": head.status, "headers": headers})
    await _stream(receive, send, connection, begun)


def _flows(headers: Headers) -> bool:
    """Whether the answer is one that must not wait until it is whole."""
    return any(
        (name == b"x-accel-buffering" and value == b"no")
        or (name == b"content-type" and value.startswith(b"text/event-stream"))
        for name, value in headers
    )


async def _beginning(connection: Connection) -> tuple[bytes, bool]:
    """The first IN_MEMORY bytes of the body, and whether that is all of it: then the worker behind is free again."""
    pieces: list[bytes] = []
    length = 0
    while length < IN_MEMORY:
        piece = await connection.read()
        if not piece:
            return b"".join(pieces), True
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces), False


async def _stream(receive: Receive, send: Send, connection: Connection, begun: bytes) -> None:
    """Pass the rest on as fast as the browser takes it, and stop when the browser has gone."""
    gone = asyncio.ensure_future(asgi.departure(receive))
    try:
        piece = begun or await connection.read()
        while piece and not gone.done():
            async with asyncio.timeout(SILENCE_SECONDS):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await connection.read()
        await send({"type": "http.response.body", "body": b""})
    except (Lost, TimeoutError) as error:  # what was sent cannot be unsaid; the missing end tells the browser
        log.warning("an answer broke off: %s", error)
    finally:
        gone.cancel()
        connection.release()
