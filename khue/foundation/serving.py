"""A file over HTTP: whole, in ranges (RFC 9110 §14), or not again when the browser has it."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from khue.foundation import at_rest, files, media
from khue.foundation.models import StoredFile

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def answer(request: HttpRequest, file: StoredFile, *, as_attachment: bool = False) -> HttpResponseBase:
    """The download. Permission has been asked before.

    A type that could run something in the browser is only offered for saving; a sandbox holds it, should it be opened.
    """
    tag = f'"{file.sha256}"'
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=600",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition_header(
            as_attachment or file.media_type not in media.SHOWN, file.name
        )
        or "inline",
    }
    if file.media_type != media.PDF:  # a browser's own PDF reader does not work in a sandbox
        headers["Content-Security-Policy"] = "sandbox; default-src 'none'; media-src 'self'; img-src 'self'"
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    headers["Content-Type"] = f"{file.media_type}; charset=utf-8" if "text/" in file.media_type else file.media_type

    wanted = _wanted(request, file.size, tag)
    if wanted is None:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{file.size}"})
    start, length = wanted
    headers["Content-Length"] = str(length)
    is_part = length != file.size
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{file.size}"
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    path, key = files.path_of(file.sha256), files.key_of(file)
    if request.headers.get("X-Khue-Front") == "files":
        # The front sends it, so that a slow line holds up no worker: khue/foundation/front/sendfile.py.
        del headers["Content-Length"]
        headers["X-Khue-File"] = f"{start} {length} {path.relative_to(settings.FILES_ROOT)}"
        if key:  # of this file alone: the front sends a sealed file too, and has no keys
            headers["X-Khue-File-Key"] = key.hex()
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_pieces(path, key, start, length), status=status, headers=headers)


def _wanted(request: HttpRequest, size: int, tag: str) -> tuple[int, int] | None:
    """(first byte, how many). Everything where no single range is asked for; None where it lies outside the file."""
    asked = request.headers.get("Range", "")
    match = _RANGE.fullmatch(asked.replace(" ", ""))
    if match is None or match.group(1) == match.group(2) == "" or request.headers.get("If-Range", tag) != tag:
        return 0, size
    first, last = match.groups()
    if not first:  # the last n bytes
        length = min(int(last), size)
        return (size - length, length) if length else None
    start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if last and int(last) < int(first):
        return 0, size
    return (start, end - start + 1) if start < size else None


def _pieces(path: Path, key: bytes | None, start: int, length: int) -> Iterator[bytes]:
    with at_rest.opened(path, key) if key else open(path, "rb") as stream:
        stream.seek(start)
        while length > 0 and (piece := stream.read(min(PIECE, length))):
            length -= len(piece)
            yield piece
