"""Fifty browsers save while everything beneath them is killed: what was acknowledged is there."""

import asyncio
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from khue.foundation.hot import tickets
from khue.foundation.postgres import server as postgres
from khue.foundation.tests import hot_notes
from khue.foundation.tests.processes import Server, server

pytestmark = pytest.mark.resilience
BROWSERS = 50
#: Connections that break, and answers that say "come again", are the browser's everyday.
EVERYDAY = (OSError, asyncio.IncompleteReadError)


@dataclass
class Node:
    """A database of its own and a front on it."""

    var: Path
    front: Server
    owner: str

    def kill_postgres(self) -> None:
        """kill -9 to the postmaster and all its children, at once."""
        postmaster = psutil.Process(postgres.postmaster(self.var))
        for process in [postmaster, *postmaster.children(recursive=True)]:
            os.kill(process.pid, signal.SIGKILL)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    var = tmp_path / "var"
    application, owner = postgres.start(var)
    try:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(SCOPE)
            hot_notes.create_table(connection)
        with server(
            "asgi", "khue.foundation.tests.hot_notes_app:application", log=tmp_path / "front.log",
            DATABASE_URL=application, KHUE_SECRET=settings.SECRET_KEY,
        ) as front:  # fmt: skip
            yield Node(var, front, owner)
    finally:
        postgres.stop(var)
        if (var / "postgres.home").exists():
            shutil.rmtree((var / "postgres.home").read_text().strip())


#: What the foundation's first migration gives every database; this one holds nothing else.
SCOPE = """
CREATE FUNCTION khue_scope_is_all() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('khue.scope', true), '') = '*' $$;
CREATE FUNCTION khue_scope() RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN coalesce(current_setting('khue.scope', true), '') IN ('', '*') THEN '{}'::bigint[]
          ELSE string_to_array(current_setting('khue.scope', true), ',')::bigint[] END $$;
GRANT USAGE ON SCHEMA public TO khue_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO khue_app;
"""


@dataclass
class Browser:
    """Writes page after page of its own notebook, each as often as it takes to be acknowledged."""

    notebook: int
    port: int
    acknowledged: list[int] = field(default_factory=list)
    attempts: int = 0

    async def write_until(self, over: threading.Event) -> None:
        ticket = tickets.issue("notes", {"notebook": self.notebook}, organisation_id=1, seconds=600)
        head = f"POST /hot/notes HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {ticket}\r\n"
        page = 0
        while not over.is_set():
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                while not over.is_set():
                    body = json.dumps({"page": page, "line": f"{self.notebook}/{page}"})
                    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
                    self.attempts += 1
                    if await _status(reader) == 200:
                        self.acknowledged.append(page)
                        page += 1
            except EVERYDAY:
                await asyncio.sleep(0.05)


async def _status(reader: asyncio.StreamReader) -> int:
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
    length = next(int(line[15:]) for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(length)
    return int(answer[9:12])


def test_every_acknowledged_write_survives_the_death_of_door_and_database(node: Node) -> None:
    browsers = [Browser(number, node.front.port) for number in range(BROWSERS)]

    def all_go_on() -> None:
        """Every browser gets another ten pages saved."""
        goal = [len(browser.acknowledged) + 10 for browser in browsers]
        end = time.monotonic() + 60
        while any(len(browser.acknowledged) < enough for browser, enough in zip(browsers, goal, strict=True)):
            assert time.monotonic() < end, "saving did not go on"
            time.sleep(0.05)

    def accidents() -> None:
        all_go_on()
        node.front.kill()
        node.front.start()
        all_go_on()
        node.kill_postgres()
        postgres.start(node.var)
        all_go_on()
        node.front.kill()
        node.kill_postgres()
        postgres.start(node.var)
        node.front.start()
        all_go_on()

    async def morning() -> None:
        over = threading.Event()
        writing = asyncio.gather(*(browser.write_until(over) for browser in browsers))
        try:
            await asyncio.to_thread(accidents)
        finally:
            over.set()
            await writing

    asyncio.run(morning())

    with psycopg.connect(node.owner) as connection:
        kept = set(connection.execute("SELECT notebook, page, line FROM hot_note"))
    acknowledged = {(b.notebook, page, f"{b.notebook}/{page}") for b in browsers for page in b.acknowledged}
    assert acknowledged - kept == set()
