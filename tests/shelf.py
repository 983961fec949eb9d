"""Static files of the tree over a port of their own: the browser keeps them as it keeps those of a node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders

AXE = "/axe.min.js"
AXE_FILE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
#: The part of a name that collecting added: whoever collected files once still tests those of the tree.
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")


@cache
def _file(path: str) -> Path | None:
    """The file of the tree that an address names."""
    if path == AXE:
        return AXE_FILE
    found = finders.find(HASH.sub("", path.removeprefix("/static/"))) if path.startswith("/static/") else None
    return Path(found) if found else None


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        found = _file(urlsplit(self.path).path)
        body = found.read_bytes() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        if found:
            self.send_header("Content-Type", TYPES.get(found.suffix, "application/octet-stream"))
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@contextmanager
def shelf() -> Iterator[int]:
    """The port where static files, and axe, are to be had while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
