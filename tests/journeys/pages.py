"""A page of the product in a real browser without a server: requests are answered by Django's test client."""

from __future__ import annotations

import re
from contextvars import copy_context
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page, Route

ORIGIN = "http://localhost"
ROOT = Path(__file__).resolve().parents[2]
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
#: The part of a name that collecting added: whoever collected files once still tests those of the tree.
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
#: What the product promises: WCAG 2.2 AA, and axe's best practices.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: A phone and a desk.
WIDTHS = (360, 1280)
#: Scripts that follow the width have run, and what fades or slides has come to its place.
LAID_OUT = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const settled = document.getAnimations().map(each => each.finished.catch(() => null));
    await Promise.race([Promise.all(settled), new Promise(done => setTimeout(done, 2000))]);
}"""


def answer_by(client: Client, page: Page) -> None:
    """Let the client answer whatever the page asks of ORIGIN, static files as they lie in the tree."""
    # Playwright answers in a greenlet of its own, where Django would open a connection that sees nothing of the test.
    of_the_test = copy_context()

    def answer(route: Route) -> None:
        request = route.request
        parts = urlsplit(request.url)
        if parts.path.startswith("/static/"):
            found = finders.find(HASH.sub("", parts.path.removeprefix("/static/")))
            if found is None:
                route.fulfill(status=404)
            else:
                route.fulfill(body=Path(found).read_bytes(), content_type=TYPES[Path(found).suffix])
            return
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = {name: value for name, value in request.headers.items() if name != "cookie"}
        response = of_the_test.run(
            client.generic,
            request.method,
            target,
            data=request.post_data_buffer or b"",
            content_type=headers.pop("content-type", ""),
            headers={**headers, "host": "localhost"},
        )
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)

    page.route(f"{ORIGIN}/**", answer)


@cache
def _axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page: the rule and the first elements that break it."""
    # A click returns as soon as the next page has begun, before its styles are there.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    # Of what passes axe keeps one element a rule: nobody reads the others, and they take half of its time.
    options = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
    found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    return [f"{violation['id']}: {[node['html'][:160] for node in violation['nodes'][:4]]}" for violation in found]


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
