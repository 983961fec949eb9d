"""Debian's Chromium for tests: there, or loudly missed, or - with KHUE_REQUIRE_BROWSER=1 - a failure."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from tests.shelf import shelf

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ABSENT = "no Chromium on this machine (Debian: apt install chromium-headless-shell, or name one in KHUE_CHROMIUM)"

#: The identity provider that sign-in is tested against is a Node program; the lock file names it.
NO_PROVIDER = "no Node with oidc-provider on this machine (npm ci)"


#: The first is the same engine without the windows, bars and services around it (decision 0290).
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")


def executable() -> str | None:
    """Where Chromium is; None where there is none."""
    return os.environ.get("KHUE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def options(port: int) -> list[str]:
    """How it is started: nothing drawn by an emulated graphics card; static files of localhost are at port."""
    return [
        "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
        f"--host-resolver-rules=MAP localhost:80 127.0.0.1:{port}",
    ]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium, and Playwright's event loop with it: what needs a loop of its own is done before or after."""
    found = executable()
    if found is None:
        if os.environ.get("KHUE_REQUIRE_BROWSER") == "1":
            pytest.fail(f"KHUE_REQUIRE_BROWSER is set, but there is {ABSENT}")
        pytest.skip(ABSENT)
    from playwright.sync_api import expect, sync_playwright

    # As patient as everything else that waits for a page; five seconds are short on a machine that does much at once.
    expect.set_options(timeout=30_000)
    # The loop makes Django believe that all code in this thread is asynchronous; none of it is. It also gives it other
    # connections than those of before, which nobody may find again on a database that was left meanwhile.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    with sync_playwright() as playwright, shelf() as port:
        made = playwright.chromium.launch(executable_path=found, args=options(port))
        try:
            yield made
        finally:
            # Connections opened while the loop ran belong to it; nobody could close them later.
            connections.close_all()
            made.close()
            if before is None:
                del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


#: The Chromium of this process while tests that ask for one follow each other: to start one takes as long as a page.
_shared: list[tuple[ExitStack, Browser]] = []
#: The module whose tests have it now; with them it stays on for those of the same module that do not ask for it.
_held_by: list[str] = []


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A Chromium for the tests of one module, handed on to the next module of browser tests."""
    if not _shared:
        stack = ExitStack()
        _shared.append((stack, stack.enter_context(chromium())))
    _held_by.append(request.node.nodeid)
    yield _shared[0][1]
    _held_by.clear()
    for left in _shared[0][1].contexts:
        left.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Playwright's event loop may be on only where somebody asks for it: code under test has loops of its own."""
    if "browser" not in getattr(item, "fixturenames", ()) and not _held_by:
        stop_browser()


def pytest_sessionfinish() -> None:
    stop_browser()


def stop_browser() -> None:
    """End the Chromium of this process, if there is one."""
    while _shared:
        _shared.pop()[0].close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of its own, without cookies: browser_page(width=360). An error in a script fails the test."""
    contexts = []
    errors: list[str] = []

    def opened(*, width: int = 1280, height: int = 800, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for the browser is marked, so that `-m "not browser"` leaves all of them out.

    What waits for browsers and processes is tried a second time before it fails (decision 0271).
    """
    for item in items:
        if {"browser", "browser_page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        if item.get_closest_marker("browser") or item.get_closest_marker("resilience"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tried, and what did not pass at once."""
    if again := terminalreporter.stats.get("rerun", []):
        terminalreporter.section("NOT EVERY TEST PASSED AT ONCE", sep="!", yellow=True, bold=True)
        for report in again:
            terminalreporter.line(f"{report.nodeid}\n{str(report.longrepr)[-1500:]}")
    missed = [r for r in terminalreporter.stats.get("skipped", []) if ABSENT in str(r.longrepr)]
    unprovided = [r for r in terminalreporter.stats.get("skipped", []) if NO_PROVIDER in str(r.longrepr)]
    if unprovided:
        terminalreporter.section("TESTS WITH A REAL IDENTITY PROVIDER WERE NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(unprovided)} tests were skipped: {NO_PROVIDER}.")
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if r not in missed and r not in unprovided]
    others = Counter(str(r.longrepr[2] if isinstance(r.longrepr, tuple) else r.longrepr) for r in skipped)
    if others:
        terminalreporter.section("NOT TRIED ON THIS MACHINE", sep="!", red=True, bold=True)
        for reason, count in sorted(others.items()):
            terminalreporter.line(f"{count} tests: {reason.removeprefix('Skipped: ')}")
    if missed:
        terminalreporter.section("BROWSER TESTS WERE NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(missed)} tests were skipped: {ABSENT}.")
