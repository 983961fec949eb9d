"""A pupil's home in a real Chromium on a slow line with a slow processor, first and again; public pages on slow 3G."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench import node
from bench.bench_pages import PASSWORD
from bench.row import Row, at_most, noted
from bench.visitor import Visitor
from tests.browser import ABSENT, executable

#: Slow 4G as Lighthouse has it: 150 ms there and back, 1.6 Mbit/s down, 0.75 up. A processor a quarter as fast.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWDOWN = 4
#: Slow 3G as browsers call it: 400 ms there and back, 400 kbit/s both ways.
SLOWER = {"offline": False, "latency": 400, "downloadThroughput": 400e3 / 8, "uploadThroughput": 400e3 / 8}
PUBLIC = {"front": "/", "procedures": "/procedures/", "directory": "/directory/", "library": "/library/"}
#: What a public page may take until it can be read: a style sheet, and the page, on such a line.
READABLE = 5000
#: The largest paint so far; asked when the page has come to rest.
LARGEST = """() => new Promise(done => {
    new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
        .observe({type: "largest-contentful-paint", buffered: true});
    setTimeout(() => done(-1), 3000);
})"""
#: The browser's own measure of layout shift, summed.
MOVED = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(each => { sum += each.value; }))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(sum), 300);
})"""


@dataclass
class _Load:
    """What went over the line; kinds by the browser's own number of a request."""

    requests: int = 0
    sent: float = 0
    fonts: float = 0
    kinds: dict[str, str] = field(default_factory=dict)
    largest: float = 0
    moved: float = 0


def rows() -> Iterator[Row]:
    """Requests, bytes and the largest paint, against the budgets of the interface."""
    found = executable()
    if found is None:
        raise RuntimeError(ABSENT)
    with node.serving() as at, sync_playwright() as playwright:
        pupil = Visitor(at).sign_in("hs1.1", PASSWORD)
        pupil.page("/")
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        context = _phone(chromium)
        context.add_cookies([{"name": n, "value": v, "url": f"http://{at.address}"} for n, v in pupil.cookies.items()])
        first, again = _loaded(context, at.address), _loaded(context, at.address)
        public = {name: _loaded(_phone(chromium), at.address, path, SLOWER) for name, path in PUBLIC.items()}
        chromium.close()
    for name, load in public.items():
        yield at_most(f"public_3g.{name}.largest_paint", load.largest, "ms, slow 3G, processor / 4", READABLE)
        yield noted(f"public_3g.{name}.bytes", load.sent - load.fonts, "bytes without fonts")
    yield at_most("first_load.moved", first.moved, "of the window, by letters that come later", 0.05)
    yield at_most("first_load.requests", first.requests, "requests", 12, others="Moodle 25, Kolibri 32")
    yield at_most("first_load.bytes", first.sent - first.fonts, "bytes without fonts", 120_000,
                  others="Moodle 1.25 MB, Kolibri 3.16 MB with fonts")  # fmt: skip
    yield noted("first_load.fonts", first.fonts, "bytes of fonts")
    yield at_most("first_load.largest_paint", first.largest, "ms, slow 4G, processor / 4", 2000,
                  others="Moodle 9300, Kolibri 13200")  # fmt: skip
    yield noted("repeat_visit.requests", again.requests, "requests")
    yield at_most("repeat_visit.bytes", again.sent, "bytes", 30_000)
    yield noted("repeat_visit.largest_paint", again.largest, "ms, slow 4G, processor / 4")


def _phone(chromium: Browser) -> BrowserContext:
    return chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")


def _loaded(context: BrowserContext, address: str, path: str = "/", over: dict[str, object] = LINE) -> _Load:
    page = context.new_page()
    line = context.new_cdp_session(page)
    load = _Load()

    def asked(event: dict[str, Any]) -> None:
        load.kinds[event["requestId"]] = event.get("type", "")

    def finished(event: dict[str, Any]) -> None:
        sent = event["encodedDataLength"]
        load.requests += sent > 0  # what the browser still has costs no request
        load.sent += sent
        load.fonts += sent if load.kinds.get(event["requestId"]) == "Font" else 0

    line.on("Network.requestWillBeSent", asked)
    line.on("Network.loadingFinished", finished)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", over)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(f"http://{address}{path}", wait_until="networkidle", timeout=120_000)
    load.largest, load.moved = page.evaluate(LARGEST), page.evaluate(MOVED)
    page.close()
    return load
