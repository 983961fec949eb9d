"""Files that the pages have allowed and the front sends: a film that a phone takes an hour to watch holds up no worker.

The pages answer without a body and name the file in X-Khue-File: first byte, number of bytes, path below FILES_ROOT.
They do so only when the request carries X-Khue-Front, which nobody outside can set. Of a sealed file they tell the key
beside it, in X-Khue-File-Key: the front keeps no key longer than it sends.
"""

import asyncio
import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from khue.foundation.front import asgi
from khue.foundation.front.asgi import Headers, Message, Receive, Scope, Send

#: What the front tells the pages, and what they tell it back.
ASKS = b"x-khue-front: files\r\n"
TOLD = b"x-khue-file"
TOLD_KEY = b"x-khue-file-key"
PIECE = 256 * 1024


@dataclass(frozen=True)
class Part:
    """What is to be sent: bytes of a file's content from the first on. key: of a sealed file."""

    path: Path
    start: int
    length: int
    key: bytes | None = None

    def open(self) -> BinaryIO:
        """The content, at the first byte."""
        if self.key:
            from khue.foundation import at_rest  # loaded once somebody asks for a sealed file

            stream = at_rest.opened(self.path, self.key)
        else:
            stream = io.FileIO(self.path)
        stream.seek(self.start)
        return stream


def named_in(headers: Headers) -> Part | None:
    """The part of a file that an answer names; None when it is an ordinary answer."""
    told = dict(headers)
    if TOLD not in told:
        return None
    start, length, path = told[TOLD].decode().split(" ", 2)
    root = Path(settings.FILES_ROOT).resolve()
    found = (root / path).resolve()
    if not found.is_relative_to(root):
        raise ValueError(f"{path} is outside the files' folder")
    key = told.get(TOLD_KEY)
    return Part(found, int(start), int(length), bytes.fromhex(key.decode()) if key else None)


async def send_file(scope: Scope, receive: Receive, send: Send, status: int, headers: Headers, part: Part) -> None:
    """The answer with that part of the file, as fast as the browser takes it."""
    kept = [pair for pair in headers if pair[0] not in (TOLD, TOLD_KEY, b"content-length")]
    opened = await asyncio.to_thread(part.open)
    try:
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*kept, (b"content-length", b"%d" % part.length)],
            }
        )
        if status == 200 and part.key is None and "http.response.pathsend" in scope.get("extensions", {}):
            await send({"type": "http.response.pathsend", "path": str(part.path)})
        else:
            await _send_part(receive, send, opened, part.length)
    finally:
        opened.close()


async def _send_part(receive: Receive, send: Send, opened: BinaryIO, length: int) -> None:
    gone = asyncio.ensure_future(asgi.departure(receive))
    try:
        while length and not gone.done():
            piece = await asyncio.to_thread(opened.read, min(PIECE, length))
            if not piece:  # shorter than the pages said: the missing end tells the browser
                return
            length -= len(piece)
            await send(_body(piece, more=length > 0))
    finally:
        gone.cancel()


def _body(piece: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": piece, "more_body": more}
