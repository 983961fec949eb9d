"""What the front adds to a page: processor time of its own process per forwarded request, and per static file."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import load
from bench.load import Request
from bench.processes import Group
from bench.row import Row, against, at_most
from khue.foundation.tests.processes import Server, server

CONNECTIONS = 16
SECONDS = 4.0
PAGES = "khue.foundation.tests.front_pages:application"
SHEET = ".sheet { color: var(--ink) }\n" * 200


def rows() -> Iterator[Row]:
    """A page of 4 kB plain and compressed, and a style sheet of 6 kB."""
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        (var / "static").mkdir()
        (var / "static" / "sheet.0123456789ab.css").write_text(SHEET)
        (var / "static" / "staticfiles.json").write_text("{}")
        secret = {
            "KHUE_VAR": folder,
            "DATABASE_URL": os.environ.get("DATABASE_URL", "postgresql://nobody@127.0.0.1:5/x"),
        }
        with (
            server("wsgi", PAGES, "--blocking-threads", "2", "--backpressure", "64", log=var / "pages.log") as pages,
            server(
                "asgi",
                "khue.asgi:application",
                "--loop",
                "uvloop",
                log=var / "front.log",
                KHUE_WEB=pages.address,
                **secret,
            ) as front,
        ):
            yield from _forwarded(front, pages)
            cost, _rate = _measured(front, Request("/static/sheet.0123456789ab.css"))
            yield at_most("front.static.cost", cost, "processor ms", 0.2)


def _forwarded(front: Server, pages: Server) -> Iterator[Row]:
    cost, rate = _measured(front, Request("/page"))
    yield at_most("front.page.cost", cost, "processor ms, front only", 0.5)
    _cost, alone = _measured(pages, Request("/page"))
    yield against("front.page.rate", rate, "pages/s", baseline="the same page without the front", baseline_value=alone)
    cost, _rate = _measured(front, Request("/page", headers={"Accept-Encoding": "br"}))
    yield at_most("front.page_compressed.cost", cost, "processor ms, front only", 0.5)


def _measured(asked: Server, request: Request) -> tuple[float, float]:
    """Processor milliseconds of the asked server per request, and requests a second."""
    group = Group(lambda: [asked.process_id])
    load.drive(asked.address, [request], connections=CONNECTIONS, seconds=1)
    before = group.seconds()
    answered = load.drive(asked.address, [request], connections=CONNECTIONS, seconds=SECONDS)
    if answered.errors:
        raise RuntimeError(f"{request.path}: {answered.errors} of {answered.count} failed")
    return (group.seconds() - before) * 1000 / answered.count, answered.rate
