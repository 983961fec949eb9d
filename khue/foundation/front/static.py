"""Static files straight from the folder where they were collected: compressed beforehand, kept by browsers for ever."""

import mimetypes
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from khue.foundation.front import asgi
from khue.foundation.front.asgi import Headers, Scope, Send

PREFIX = "/static/"
#: A name that carries the hash of its content, as the manifest storage writes it: menu.0123456789ab.js.
HASHED = re.compile(r"\.[0-9a-f]{12}\.")
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
#: Written last by collectstatic: a newer one means other files.
MANIFEST = "staticfiles.json"
LOOK_AGAIN_SECONDS = 2.0
#: Bytes up to which a file is kept in memory (the 200 asked for last): quicker than handing its path to the server.
IN_MEMORY = 64 * 1024
FOR_EVER = b"public, max-age=31536000, immutable"
FOR_A_MINUTE = b"public, max-age=60"

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoding of a file."""

    path: str
    length: int
    headers: Headers


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file and its compressed copies, smallest first; the last one is the file itself."""

    etag: bytes
    variants: tuple[tuple[bytes, Variant], ...]

    def variant_for(self, accepted: bytes) -> Variant:
        """The smallest that the browser reads."""
        return next(variant for encoding, variant in self.variants if not encoding or encoding in accepted)


class StaticFiles:
    """The collected files, listed once and again when they were collected anew."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, StaticFile] = {}
        self._manifest_at = -1.0
        self._look_again_at = 0.0

    async def answer(self, scope: Scope, send: Send) -> bool:
        """Answer if there is such a file; otherwise say False and leave it to the pages."""
        file = self._find(scope["path"][len(PREFIX) :])
        if file is None or scope["method"] not in ("GET", "HEAD"):
            return False
        if file.etag in asgi.header(scope, b"if-none-match"):
            await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", file.etag)]})
            await send({"type": "http.response.body", "body": b""})
            return True
        variant = file.variant_for(asgi.header(scope, b"accept-encoding"))
        await send({"type": "http.response.start", "status": 200, "headers": variant.headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        elif variant.length > IN_MEMORY and "http.response.pathsend" in scope.get("extensions", {}):
            await send({"type": "http.response.pathsend", "path": variant.path})
        else:
            await send({"type": "http.response.body", "body": _content(variant.path, file.etag)})
        return True

    def _find(self, name: str) -> StaticFile | None:
        now = time.monotonic()
        if now > self._look_again_at:
            self._look_again_at = now + LOOK_AGAIN_SECONDS
            manifest = self._root / MANIFEST
            written_at = manifest.stat().st_mtime if manifest.exists() else 0.0
            if written_at != self._manifest_at:
                self._manifest_at = written_at
                self._files = dict(_listed(self._root)) if written_at else {}
        return self._files.get(name)


def _listed(root: Path) -> list[tuple[str, StaticFile]]:
    paths = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
    copies = tuple(suffix for _, suffix in ENCODINGS)
    return [
        (name, _static_file(name, path, paths))
        for name, path in paths.items()
        if not name.endswith(copies) and name != MANIFEST
    ]


def _static_file(name: str, path: Path, paths: dict[str, Path]) -> StaticFile:
    about = path.stat()
    etag = b'"%x-%x"' % (int(about.st_mtime), about.st_size)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    common: Headers = [
        (b"content-type", kind.encode()),
        (b"etag", etag),
        (b"cache-control", FOR_EVER if HASHED.search(name) else FOR_A_MINUTE),
        (b"vary", b"accept-encoding"),
        (b"x-content-type-options", b"nosniff"),
    ]
    variants = [(b"", _variant(path, common))]
    for encoding, suffix in ENCODINGS:
        if copy := paths.get(name + suffix):
            told = _variant(copy, [*common, (b"content-encoding", encoding.encode())])
            variants.append((encoding.encode(), told))
    smallest_first = sorted(variants[1:], key=lambda variant: variant[1].length)
    return StaticFile(etag, (*smallest_first, variants[0]))


def _variant(path: Path, headers: Headers) -> Variant:
    length = path.stat().st_size
    return Variant(str(path), length, [*headers, (b"content-length", b"%d" % length)])


@lru_cache(maxsize=200)
def _content(path: str, _etag: bytes) -> bytes:
    return Path(path).read_bytes()
