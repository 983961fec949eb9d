"""Files that the pages have allowed and the front sends: a film that a phone takes an hour to watch holds up no worker.

The pages answer without a body and name the file in X-Khue-File: first byte, number of bytes, path below FILES_ROOT.
They do so only when the request carries X-Khue-Front, which nobody outside can set.
"""

import asyncio
import os
from pathlib import Path

from django.conf import settings

from khue.foundation.front import asgi
from khue.foundation.front.asgi import Headers, Message, Receive, Scope, Send

#: What the front tells the pages, and what they tell it back.
ASKS = b"x-khue-front: files\r\n"
TOLD = b"x-khue-file"
PIECE = 256 * 1024


def named_in(headers: Headers) -> tuple[Path, int, int] | None:
    """The file (path, first byte, bytes) that an answer names; None when it is an ordinary answer."""
    for name, value in headers:
        if name == TOLD:
            start, length, path = value.decode().split(" ", 2)
            root = Path(settings.FILES_ROOT).resolve()
            found = (root / path).resolve()
            if not found.is_relative_to(root):
                raise ValueError(f"{path} is outside the files' folder")
            return found, int(start), int(length)
    return None


async def send_file(
    scope: Scope, receive: Receive, send: Send, status: int, headers: Headers, file: tuple[Path, int, int]
) -> None:
    """The answer with that part of the file, as fast as the browser takes it."""
    path, start, length = file
    kept = [pair for pair in headers if pair[0] not in (TOLD, b"content-length")]
    opened = await asyncio.to_thread(os.open, path, os.O_RDONLY)
    try:
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*kept, (b"content-length", b"%d" % length)],
            }
        )
        if status == 200 and "http.response.pathsend" in scope.get("extensions", {}):
            await send({"type": "http.response.pathsend", "path": str(path)})
        else:
            await _send_part(receive, send, opened, start, length)
    finally:
        os.close(opened)


async def _send_part(receive: Receive, send: Send, opened: int, start: int, length: int) -> None:
    gone = asyncio.ensure_future(asgi.departure(receive))
    try:
        while length and not gone.done():
            piece = await asyncio.to_thread(os.pread, opened, min(PIECE, length), start)
            if not piece:  # shorter than the pages said: the missing end tells the browser
                return
            start, length = start + len(piece), length - len(piece)
            await send(_body(piece, more=length > 0))
    finally:
        gone.cancel()


def _body(piece: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": piece, "more_body": more}
