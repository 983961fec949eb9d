"""A pages' server for tests of the front: says what it was asked, and misbehaves on request."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PAGE = ("<!doctype html><p>" + "Nguyễn Văn A, " * 300).encode()
#: Writes down everything it hears.
LIVE_PAGE = """<!doctype html><title>live</title><p id="heard"></p><div id="class" data-live-ticket="TICKET"></div>
<script>
for (const name of ["ready", "bell", "lost", "resync"]) {
  document.addEventListener("live:" + name, ({ detail }) => {
    document.getElementById("heard").textContent += name + (detail?.data.number ?? "") + " ";
  });
}
</script>
<script type="module" src="/live.js"></script>"""
LIVE_JS = Path(__file__).parents[1] / "static" / "foundation" / "live.js"
_lengths = [0]
HTML = ("Content-Type", "text/html; charset=utf-8")


def application(asked: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    path = asked["PATH_INFO"]
    if path == "/page":
        start("200 OK", [HTML, ("ETag", '"1"'), ("Vary", "Cookie"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [PAGE]
    if path == "/unchanged":
        start("304 Not Modified", [("ETag", '"1"')])
        return []
    if path == "/nothing":
        start("204 No Content", [])
        return []
    if path == "/long":
        start("200 OK", [("Content-Type", "application/octet-stream")])
        return (bytes(100_000) for _ in range(500))
    if path == "/ticks":
        start("200 OK", [("Content-Type", "text/plain"), ("X-Accel-Buffering", "no")])
        return _ticks()
    if path == "/live-page":
        start("200 OK", [HTML])
        return [LIVE_PAGE.replace("TICKET", asked["QUERY_STRING"]).encode()]
    if path == "/live.js":
        start("200 OK", [("Content-Type", "text/javascript")])
        return [LIVE_JS.read_bytes()]
    if path == "/film":
        start("206 Partial Content", [("Content-Type", "video/mp4"), ("X-Khue-File", "1000000 2000000 ab/film")])
        return []
    if path == "/whole-film":
        start("200 OK", [("Content-Type", "video/mp4"), ("X-Khue-File", "0 5000000 ab/film")])
        return []
    if path == "/secret":
        start("200 OK", [("Content-Type", "text/plain"), ("X-Khue-File", "0 3 ../secret")])
        return []
    if path == "/breaks":
        start("200 OK", [("Content-Type", "application/octet-stream")])
        return _breaks()
    if path == "/last-length":
        start("200 OK", [("Content-Type", "text/plain")])
        return [str(_lengths[-1]).encode()]
    body = asked["wsgi.input"].read()
    _lengths.append(len(body))
    start("200 OK", [("Content-Type", "application/json")])
    said = {key: value for key, value in asked.items() if isinstance(value, str) and key.isupper()}
    return [json.dumps({"said": said, "body_length": len(body), "body": body[:100].decode()}).encode()]


def _ticks() -> Iterable[bytes]:
    for number in range(3):
        yield b"tick %d\n" % number
        time.sleep(0.3)


def _breaks() -> Iterable[bytes]:
    for _ in range(30):
        yield bytes(100_000)
    os.kill(os.getpid(), signal.SIGKILL)
