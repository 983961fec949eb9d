"""Connections to the pages' server: HTTP/1.1 as a client speaks it, no more than a proxy needs.

A library would do, but the quickest of them costs more processor time per request than all of the rest of the front.
The server at the other end is ours, so only what RFC 9112 demands of it is understood.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

#: Bytes that may wait here for a slow reader before the sender is held up.
READ_AHEAD = 256 * 1024
HEAD_LIMIT = 64 * 1024
#: Connections kept open for the next request. granian counts them against --backpressure.
IDLE = 64
#: Seconds without a byte before an answer is given up.
SILENCE_SECONDS = 120.0
NO_BODY = frozenset({204, 304})


class Away(Exception):
    """Nobody listens at the address; nothing has been sent."""


class Lost(Exception):
    """The connection broke, the answer made no sense, or nothing came for too long."""


@dataclass(slots=True)
class Head:
    """Status and headers of an answer.

    headers   names in lower case
    length    bytes of the body where the sender said so
    """

    status: int
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    length: int | None = None
    is_chunked: bool = False
    keeps_alive: bool = True

    @classmethod
    def parsed(cls, raw: bytes) -> "Head":
        """From the bytes up to the empty line. Raises Lost."""
        first, *lines = raw.split(b"\r\n")
        if not first.startswith(b"HTTP/1.") or not first[9:12].isdigit():
            raise Lost(f"not an answer: {first[:40]!r}")
        head = cls(int(first[9:12]), keeps_alive=not first.startswith(b"HTTP/1.0"))
        for line in lines:
            name, _, value = line.partition(b":")
            name, value = name.lower(), value.strip()
            if name == b"content-length":
                head.length = int(value)
            elif name == b"transfer-encoding":
                head.is_chunked = value.lower() == b"chunked"
            elif name == b"connection":
                head.keeps_alive = value.lower() != b"close"
            else:
                head.headers.append((name, value))
        return head


class Connection(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool
        self._transport: asyncio.Transport | None = None
        self._arrived = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._may_write: asyncio.Future[None] | None = None
        self._is_paused = False
        self._left = 0  # bytes of the body still to come; -1 when it ends with the connection
        self._chunk_left: int | None = None  # of the chunk under way; None outside a chunked body
        self._head: Head | None = None
        self.is_open = False

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready to be written to."""
        self._transport = cast(asyncio.Transport, transport)
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        """Keep what arrived, and ask the sender to wait when nobody takes it."""
        self._arrived += data
        if len(self._arrived) > READ_AHEAD and not self._is_paused and self._transport:
            self._transport.pause_reading()
            self._is_paused = True
        self._wake()

    def connection_lost(self, _error: Exception | None) -> None:
        """Gone: whoever waits is told, and the pool forgets it."""
        self.is_open = False
        self._pool.forget(self)
        self._wake()
        self.resume_writing()

    def pause_writing(self) -> None:
        """The other end takes less than we give."""
        self._may_write = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """The other end takes more again."""
        if self._may_write and not self._may_write.done():
            self._may_write.set_result(None)
        self._may_write = None

    # What the proxy calls.

    async def ask(self, head: bytes, body: Iterable[bytes], *, expects_body: bool) -> Head:
        """Send one request and wait for the head of its answer. Raises Lost.

        expects_body   False for HEAD
        """
        assert self._transport
        self._transport.write(head)
        for piece in body:
            self._transport.write(piece)
            if self._may_write:
                await self._may_write
            if not self.is_open:
                break
        answer = await self._next_head()
        while answer.status < 200:
            answer = await self._next_head()
        self._head = answer
        self._chunk_left = None
        if not expects_body or answer.status in NO_BODY:
            self._left = 0
        elif answer.is_chunked:
            self._left, self._chunk_left = 0, 0
        else:
            self._left = -1 if answer.length is None else answer.length
        return answer

    async def read(self) -> bytes:
        """The next piece of the body, empty at its end. Raises Lost when it ends too early."""
        if self._chunk_left is not None:
            return await self._read_chunked()
        if self._left == 0:
            return b""
        while not self._arrived:
            if not self.is_open and self._left < 0:
                return b""
            await self._more()
        piece = self._take(len(self._arrived) if self._left < 0 else min(self._left, len(self._arrived)))
        if self._left > 0:
            self._left -= len(piece)
        return piece

    def release(self) -> None:
        """Give the connection back, once, after the end of a body; one that still has something to say is closed."""
        done = self._left == 0 and self._chunk_left is None and not self._arrived
        if done and self.is_open and self._head and self._head.keeps_alive:
            self._pool.keep(self)
        else:
            self.close()

    def close(self) -> None:
        """Close at once."""
        self.is_open = False
        if self._transport:
            self._transport.abort()

    async def _next_head(self) -> Head:
        while (end := self._arrived.find(b"\r\n\r\n")) < 0:
            if len(self._arrived) > HEAD_LIMIT:
                raise Lost("the head has no end")
            await self._more()
        raw = self._take(end + 4)
        return Head.parsed(raw[:-4])

    async def _read_chunked(self) -> bytes:
        if self._chunk_left == 0:
            size = int((await self._line()).split(b";")[0], 16)
            if size == 0:
                while await self._line():
                    pass  # trailers
                self._chunk_left = None
                return b""
            self._chunk_left = size
        while not self._arrived:
            await self._more()
        assert self._chunk_left
        piece = self._take(min(self._chunk_left, len(self._arrived)))
        self._chunk_left -= len(piece)
        if self._chunk_left == 0:
            await self._line()
        return piece

    async def _line(self) -> bytes:
        while (end := self._arrived.find(b"\r\n")) < 0:
            await self._more()
        return self._take(end + 2)[:-2]

    def _take(self, count: int) -> bytes:
        taken = bytes(self._arrived[:count])
        del self._arrived[:count]
        if self._is_paused and len(self._arrived) < READ_AHEAD // 2 and self._transport:
            self._is_paused = False
            self._transport.resume_reading()
        return taken

    async def _more(self) -> None:
        if not self.is_open:
            raise Lost("closed by the pages' server")
        loop = asyncio.get_running_loop()
        waiter = self._waiter = loop.create_future()
        silence = loop.call_later(SILENCE_SECONDS, self._wake)
        before = len(self._arrived)
        try:
            await waiter
        finally:
            silence.cancel()
        if self.is_open and len(self._arrived) == before:
            raise Lost("silent for too long")

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)


class Pool:
    """Idle connections to one server, the last used first."""

    def __init__(self, address: str) -> None:
        """address: "host:port", or the path of a Unix socket."""
        self._address = address
        self._idle: list[Connection] = []

    async def take(self) -> Connection:
        """An open connection, new if none is idle. Raises Away."""
        return self._idle.pop() if self._idle else await self.fresh()

    async def fresh(self) -> Connection:
        """A new connection. Raises Away."""
        loop = asyncio.get_running_loop()
        try:
            if "/" in self._address:
                return (await loop.create_unix_connection(lambda: Connection(self), self._address))[1]
            host, _, port = self._address.rpartition(":")
            return (await loop.create_connection(lambda: Connection(self), host, int(port)))[1]
        except OSError as error:
            raise Away(str(error)) from error

    def keep(self, connection: Connection) -> None:
        """For the next request; more than a few idle ones would only take places from other fronts."""
        if len(self._idle) < IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def forget(self, connection: Connection) -> None:
        """It is closed."""
        if connection in self._idle:
            self._idle.remove(connection)

    def close(self) -> None:
        """Close all idle connections."""
        for connection in list(self._idle):
            connection.close()
