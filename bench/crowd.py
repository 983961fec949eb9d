"""Many people at once over real HTTP: each has a connection of its own and asks one thing after the other.

On asyncio's streams alone, for a client's own work is taken from the processors that the node needs.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bench.row import Row, noted

#: The secret in the cookie and the token of the form, as long as Django wants them.
TOKEN = "bench" * 6 + "be"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class SignedIn(Protocol):
    """Somebody with a session on the node."""

    @property
    def session(self) -> str:
        """The token that its browser keeps."""
        ...


Who = TypeVar("Who", bound=SignedIn)


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """The body as programs read it. Raises RuntimeError where it is no JSON."""
        try:
            found: dict[str, Any] = json.loads(self.body)
        except ValueError:
            raise RuntimeError(f"{self.status}: {self.body[:200]!r}") from None
        return found


@dataclass
class Line:
    """One browser's connection. `took`: milliseconds from each question to the end of its answer."""

    address: str
    session: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    took: list[float] = field(default_factory=list)

    async def post(self, path: str, body: bytes, kind: str) -> Answer:
        """Send a body of that kind and read what comes back."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.address}\r\nOrigin: http://{self.address}\r\nContent-Type: {kind}\r\n"
            f"Cookie: khue_session={self.session}; khue_csrf={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
            f"Accept: {JSON}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await self._ask(head.encode() + body)

    async def get(self, path: str) -> Answer:
        """Open a page and read it."""
        return await self._ask(
            f"GET {path} HTTP/1.1\r\nHost: {self.address}\r\nCookie: khue_session={self.session}\r\n\r\n".encode()
        )

    async def _ask(self, wire: bytes) -> Answer:
        begun = time.perf_counter()
        self.writer.write(wire)
        answer = await self._answer()
        self.took.append((time.perf_counter() - begun) * 1e3)
        return answer

    async def _answer(self) -> Answer:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower().splitlines()
        length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
        return Answer(int(lines[0].split()[1]), await self.reader.readexactly(length))


def at_once(address: str, people: Sequence[Who], asks: Callable[[Who, Line], Awaitable[None]]) -> list[float]:
    """Let everybody begin at the same moment. Returns the milliseconds of every request, the shortest first.

    asks   what one of them does on its line; it raises when an answer is not what it must be
    """
    return sorted(asyncio.run(_at_once(address, people, asks)))


async def _at_once(address: str, people: Sequence[Who], asks: Callable[[Who, Line], Awaitable[None]]) -> list[float]:
    ready = asyncio.Barrier(len(people))

    async def one(who: Who) -> list[float]:
        host, _, port = address.rpartition(":")
        line = Line(address, who.session, *await asyncio.open_connection(host, int(port)))
        await ready.wait()
        await asks(who, line)
        line.writer.close()
        return line.took

    each = await asyncio.gather(*map(one, people))
    return [milliseconds for of_one in each for milliseconds in of_one]


def waits(name: str, took: Sequence[float], people: int) -> Iterator[Row]:
    """How long one waits while all wait for each other: for the record, for it hangs on what else the machine does."""
    for share in (50, 99):
        unit = f"ms until acknowledged, {people} at once"
        yield noted(f"{name}.p{share}", took[len(took) * share // 100], unit)
