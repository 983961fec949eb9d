"""A page of the product in a real browser without a server: requests are answered by Django's test client."""

from __future__ import annotations

import base64
import traceback
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from tests.journeys.looking import sound_but_for

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client
    from playwright.sync_api import Page

ORIGIN = "http://localhost"
#: What a page asks for that is not a file of the tree; those come from the shelf, and stay in the browser's memory.
ASKED = ("Document", "XHR", "Fetch", "EventSource", "Image", "Media", "Ping", "Other")
#: A phone and a desk.
WIDTHS = (360, 1280)
#: Scripts that follow the width have run, and what fades or slides has come to its place.
LAID_OUT = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const settled = document.getAnimations().map(each => each.finished.catch(() => null));
    await Promise.race([Promise.all(settled), new Promise(done => setTimeout(done, 2000))]);
}"""
#: Who answers a page; whoever is named last.
_answering: WeakKeyDictionary[Page, Client] = WeakKeyDictionary()


def answer_by(client: Client, page: Page) -> None:
    """Let the client answer whatever the page asks of ORIGIN; static files come from the shelf (tests/shelf.py).

    Through the browser's own protocol: a route of Playwright's would forbid the browser to keep any file.
    """
    from playwright.sync_api import Error

    known = page in _answering
    _answering[page] = client
    if known:
        return
    # The browser is answered in a greenlet of its own, where Django would open a connection that sees nothing of the
    # test.
    of_the_test = copy_context()
    line = page.context.new_cdp_session(page)

    def answer(paused: dict) -> None:
        if urlsplit(paused["request"]["url"]).path.startswith("/static/"):
            method, said = "Fetch.continueRequest", {}
        else:
            method, said = "Fetch.fulfillRequest", of_the_test.run(_answer, _answering[page], paused["request"])
        with suppress(Error):  # the page may be gone meanwhile
            line.send(method, {"requestId": paused["requestId"], **said})

    line.on("Fetch.requestPaused", answer)
    line.send("Fetch.enable", {"patterns": [{"urlPattern": f"{ORIGIN}/*", "resourceType": kind} for kind in ASKED]})


def _answer(client: Client, request: dict) -> dict:
    """What the client says to a request, both in the words of the browser's protocol."""
    parts = urlsplit(request["url"])
    headers = {name.lower(): value for name, value in request["headers"].items() if name.lower() != "cookie"}
    sent = b"".join(base64.b64decode(each["bytes"]) for each in request.get("postDataEntries", []) if "bytes" in each)
    try:
        response: HttpResponse = client.generic(
            request["method"],
            f"{parts.path}?{parts.query}" if parts.query else parts.path,
            data=sent or request.get("postData", "").encode(),
            content_type=headers.pop("content-type", ""),
            headers={**headers, "host": "localhost"},
        )
    except Exception:  # a bug is shown where the page would be: the browser waits, and nobody else hears of it
        return _said(500, {"Content-Type": "text/plain; charset=utf-8"}, traceback.format_exc().encode())
    return _said(response.status_code, dict(response.headers), response.content)


def _said(status: int, headers: dict[str, str], body: bytes) -> dict:
    listed = [{"name": name, "value": value} for name, value in headers.items()]
    return {"responseCode": status, "responseHeaders": listed, "body": base64.b64encode(body).decode()}


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page: the rule and the first elements that break it."""
    # A click returns as soon as the next page has begun, before its styles are there.
    page.wait_for_load_state()
    return sound_but_for(page, on_the_shelf=page.url.startswith(f"{ORIGIN}/"))


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window; 0 when nothing scrolls sideways."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def unsound(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What is wrong with the page on a phone and on a desk: for axe, or by being wider than the window.

    The page is loaded once and its window made wider, as when a phone is turned; it ends at the last width.
    """
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": page.viewport_size["height"]})
        page.wait_for_load_state()
        page.evaluate(LAID_OUT)
        found += [f"{width}: {each}" for each in violations(page)]
        if wider := overflow(page):
            found.append(f"{width}: {wider} pixels wider than the window")
    return found


def look(page: Page) -> None:
    """Hold a page of a story to what every page promises, on a phone and on a desk; the story goes on at its width."""
    told_at = page.viewport_size
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")  # half under the header, a link is too small for axe
    # Its own width last: what was open or chosen there stays as the story left it.
    assert unsound(page, tuple(sorted(WIDTHS, key=lambda width: width == told_at["width"]))) == [], page.url
    page.set_viewport_size(told_at)
