"""Somebody who is signed in to a node: over HTTP for what it costs, in this process for how many queries it takes."""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import django
import httpx

from bench import load, node
from bench.load import Request
from bench.node import Node
from bench.row import Row, at_most

#: In this process Django works on the node's database; each benchmark has a process of its own.
os.environ["KHUE_VAR"] = str(node.VAR)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khue.settings")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Measured:
    """One page.

    cost      processor milliseconds of all processes of the node, a request
    database  the part of it that the database's processes took
    sent      bytes of the body as it goes over the line
    queries   of the database; None when nobody could count them
    rate      answers a second by the clock, to four browsers at once
    """

    cost: float
    database: float
    sent: int
    queries: int
    rate: float


class Visitor:
    """A browser on a node, anonymous until it signs in."""

    def __init__(self, at: Node) -> None:
        self._node = at
        self._http = httpx.Client(base_url=f"http://{at.address}", headers={"Accept-Encoding": "gzip"}, timeout=60)

    def sign_in(self, user_name: str, password: str) -> "Visitor":
        """Through the form, as a person does."""
        form = self._http.get("/sign-in/")
        found = TOKEN.search(form.text)
        answer = self._http.post(
            "/sign-in/",
            data={"handle": user_name, "password": password, "csrfmiddlewaretoken": found[1] if found else ""},
            headers={"Referer": str(form.url)},
        )
        if answer.status_code != 303:
            raise RuntimeError(f"{user_name} cannot sign in: {answer.status_code}")
        return self

    def bearing(self, token: str) -> "Visitor":
        """With a session that was opened for the account, where a second factor would stand between."""
        self._keep("khue_session", token)
        return self

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form, as a browser does that has read the page with it."""
        token = "bench" * 6 + "be"  # the cookie's secret and the form's field, as long as Django wants it
        self._keep("khue_csrf", token)
        return self._http.post(path, data={**fields, "csrfmiddlewaretoken": token})

    def _keep(self, name: str, value: str) -> None:
        """As if the node had sent it, so that what it sends later takes its place."""
        self._http.cookies.set(name, value, domain=self._node.address.partition(":")[0])

    def forget(self) -> None:
        """As a browser without cookies."""
        self._http.cookies.clear()

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser keeps, by name."""
        return dict(self._http.cookies)

    def page(self, path: str) -> str:
        """A page's text. Raises when it is not there."""
        return self._http.get(path, follow_redirects=True).raise_for_status().text

    def status(self, path: str) -> int:
        """What a page answers with."""
        return self._http.get(path).status_code

    def first_link(self, path: str, pattern: str) -> str:
        """The first address on a page that matches."""
        found = re.search(rf'href="({pattern})"', self.page(path))
        if found is None:
            raise RuntimeError(f"{path} has no link like {pattern}")
        return found[1].replace("&amp;", "&")

    def measure(self, path: str, *, seconds: float = 3, connections: int = 4) -> Measured:
        """Ask for a page again and again."""
        once = self._http.get(path)
        if once.status_code != 200:
            raise RuntimeError(f"{path}: {once.status_code}")
        cookies = "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())
        asked = [Request(path, headers={"Cookie": cookies, "Accept-Encoding": "gzip"})]
        load.drive(self._node.address, asked, connections=connections, seconds=1)
        before, database = self._node.processes.seconds(), self._node.database.seconds()
        answered = load.drive(self._node.address, asked, connections=connections, seconds=seconds)
        if answered.errors:
            raise RuntimeError(f"{path}: {answered.errors} of {answered.count} failed")
        cost = (self._node.processes.seconds() - before) * 1000 / answered.count
        part = (self._node.database.seconds() - database) * 1000 / answered.count
        return Measured(cost, part, int(once.headers.get("content-length", 0)), self._queries(path), answered.rate)

    def _queries(self, path: str) -> int:
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        client = Client(SERVER_NAME="localhost", headers={"Accept-Encoding": "identity"})
        for name, value in self._http.cookies.items():
            client.cookies[name] = value
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return sum(not _is_housekeeping(query["sql"]) for query in asked.captured_queries)


def page(name: str, who: Visitor, path: str) -> Iterator[Row]:
    """What one page costs, beside what every page may."""
    measured = who.measure(path)
    yield at_most(f"{name}.cost", measured.cost, "processor ms", 10)
    yield at_most(f"{name}.queries", measured.queries, "queries", 15)


def work_on_its_database() -> None:
    """Let Django in this process work on the node's database. Once the node serves: its address is known only then.

    The node keeps what earlier benchmarks made, each in a process that counts from one: this one counts from now.
    """
    django.setup()
    from tests import world

    world._numbers = count(time.time_ns() // 1_000_000)


def leave_its_database() -> None:
    """Close this process's own connections, whose part of the server's memory is not the node's."""
    from django.db import connections

    connections.close_all()


def _is_housekeeping(sql: str) -> bool:
    """Opening a transaction and setting its scope: the same few on every page, and no question about its data."""
    return sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")) or "khue.scope" in sql
