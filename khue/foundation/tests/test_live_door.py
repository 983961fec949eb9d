import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from typing import Any

import httpx
import psycopg
import pytest
from django.db import connection, transaction

from khue.foundation import live, sealed
from khue.foundation.actor import Actor
from khue.foundation.live.hub import READ_SECONDS
from khue.foundation.tests.processes import Server, database_environment, server

PUPIL = Actor(account_id=5)
Say = Callable[..., None]


@pytest.fixture(scope="module")
def front(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("live") / "log"
    with server(
        "asgi", "khue.asgi:application", "--backpressure", "10000", log=log, **database_environment()
    ) as running:
        yield running


@pytest.fixture
def say(django_db_blocker: Any) -> Say:
    """live.send in a transaction of its own, on a connection that really commits."""

    def said(channel: str, event: str, data: dict[str, Any], *, times: int = 1, fails: bool = False) -> None:
        # Each thread has a connection of its own, which nobody else would close.
        with django_db_blocker.unblock(), closing(connection), transaction.atomic():
            for number in range(times):
                live.send(channel, event, {**data, "number": number})
            if fails:
                transaction.set_rollback(True)

    return said


def test_a_stream_begins_with_whether_something_was_told_since_its_page_was_made(front: Server, say: Say) -> None:
    async def story() -> list[object]:
        async with listening(front, ticket("class.9A")):  # from now on somebody hears
            await asyncio.sleep(READ_SECONDS)
            quiet, shown = ticket("class.9B"), ticket("class.9A")
            await asyncio.to_thread(say, "class.9A", "line", {})
            found = []
            for text in (quiet, shown, f"{quiet}&ticket={shown}", ticket("class.9A"), an_old_one("class.9B")):
                async with listening(front, text) as browser:
                    found.append(browser.has_missed)
            return found

    assert told(story) == [False, True, True, True, True]


def an_old_one(*channels: str) -> str:
    """As the release before wrote them, without the time."""
    return sealed.seal(live.PURPOSE, [5, list(channels), int(time.time()) + 60])


def ticket(*channels: str, seconds: int = 60) -> str:
    return live.ticket(PUPIL, channels, seconds)


class Browser:
    """An open stream. `heard` is what came after the opening."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer
        self.has_missed = False

    async def message(self) -> dict[str, Any]:
        """The next message."""
        while True:
            line = await asyncio.wait_for(self._reader.readline(), 10)
            if not line:
                raise EOFError
            if line.startswith(b"data: "):
                return dict(json.loads(line[6:]))

    async def ends(self, seconds: float) -> bool:
        """Whether the stream is over within that time."""
        try:
            await asyncio.wait_for(self._reader.readuntil(b"\r\n0\r\n\r\n"), seconds)
        except TimeoutError:
            return False
        except (asyncio.IncompleteReadError, ConnectionResetError):  # cut off in the middle
            return True
        return True


@asynccontextmanager
async def listening(front: Server, ticket: str, headers: str = "") -> AsyncIterator[Browser]:
    reader, writer = await asyncio.open_connection("127.0.0.1", front.port, limit=2**24)
    writer.write(f"GET /live/?ticket={ticket} HTTP/1.1\r\nHost: a\r\n{headers}\r\n".encode())
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    assert b"200 OK" in head
    assert b"text/event-stream" in head
    browser = Browser(reader, writer)
    opening = await browser.message()
    assert opening["event"] == "ready"
    browser.has_missed = opening["data"]["missed"]
    try:
        yield browser
    finally:
        writer.close()


def told(story: Callable[[], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        return await asyncio.wait_for(story(), 60)

    return asyncio.run(run())


def test_a_message_reaches_those_who_listen_to_its_channel(front: Server, say: Say) -> None:
    async def story() -> None:
        async with (
            listening(front, ticket("class.6A", "account.5")) as pupil,
            listening(front, ticket("class.6B")) as other,
        ):
            await asyncio.to_thread(say, "class.6A", "roll_taken", {"lesson": 7, "note": "Vắng: Đỗ Thị Ế"})
            await asyncio.to_thread(say, "class.6B", "hello", {})

            assert await pupil.message() == {
                "channel": "class.6A",
                "event": "roll_taken",
                "data": {"lesson": 7, "note": "Vắng: Đỗ Thị Ế", "number": 0},
            }
            assert (await other.message())["event"] == "hello"

    told(story)


def test_one_stream_serves_several_tickets(front: Server, say: Say) -> None:
    async def story() -> None:
        shown = f"{ticket('class.6A')}&ticket={ticket('job.7')}&ticket=forged"
        async with listening(front, shown) as pupil:
            await asyncio.to_thread(say, "job.7", "over", {})
            await asyncio.to_thread(say, "class.6A", "bell", {})

            assert [(await pupil.message())["event"] for _ in range(2)] == ["over", "bell"]

    told(story)


def test_nothing_is_told_of_a_transaction_that_was_rolled_back(front: Server, say: Say) -> None:
    async def story() -> None:
        async with listening(front, ticket("class.6A")) as pupil:
            await asyncio.to_thread(say, "class.6A", "never", {}, fails=True)
            await asyncio.to_thread(say, "class.6A", "afterwards", {})

            assert (await pupil.message())["event"] == "afterwards"

    told(story)


def test_a_browser_that_comes_back_is_welcome_with_its_last_id(front: Server, say: Say) -> None:
    async def story() -> None:
        async with listening(front, ticket("class.6A"), "Last-Event-ID: 99999\r\n") as pupil:
            await asyncio.to_thread(say, "class.6A", "next", {})

            assert (await pupil.message())["event"] == "next"

    told(story)


@pytest.mark.parametrize("shown", ["", "forged", None])
def test_without_a_good_ticket_nobody_listens(front: Server, shown: str | None) -> None:
    text = ticket("class.6A", seconds=0) if shown is None else shown

    answer = httpx.get(f"{front.url}/live/?ticket={text}")

    assert (answer.status_code, answer.json()["title"]) == (401, "ticket_invalid")


def test_a_stream_ends_with_its_ticket(front: Server) -> None:
    async def story() -> None:
        async with listening(front, ticket("class.6A", seconds=2)) as pupil:
            assert await pupil.ends(seconds=4)

    told(story)


def test_a_message_too_long_for_the_database_is_refused_at_once(say: Say) -> None:
    with pytest.raises(live.MessageTooLong):
        say("class.6A", "essay", {"text": "ế" * 4000})


def test_after_a_lost_database_connection_browsers_are_told_to_look_again(front: Server, say: Say) -> None:
    async def story() -> None:
        async with listening(front, ticket("class.6A")) as pupil:
            with psycopg.connect(database_environment()["DATABASE_URL"]) as application:
                application.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'khue live' AND datname = current_database()"
                )

            assert (await pupil.message())["event"] == "resync"
            await asyncio.to_thread(say, "class.6A", "again", {})
            assert (await pupil.message())["event"] == "again"

    told(story)


def test_a_browser_that_reads_nothing_is_cut_off_and_the_others_hear_on(front: Server, say: Say) -> None:
    essay = {"text": "x" * 7000}

    async def story() -> None:
        async with listening(front, ticket("class.6A")) as stuck, listening(front, ticket("class.6A")) as awake:
            stuck.writer.transport.pause_reading()  # type: ignore[attr-defined]
            for _ in range(30):
                await asyncio.to_thread(say, "class.6A", "essay", essay, times=50)
                assert [(await awake.message())["data"]["number"] for _ in range(50)] == list(range(50))
            stuck.writer.transport.resume_reading()  # type: ignore[attr-defined]

            assert await stuck.ends(seconds=5)

    told(story)


def test_one_process_keeps_fifteen_hundred_streams(front: Server, say: Say) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    text = ticket("everybody")

    async def story() -> tuple[int, float]:
        streams = [listening(front, text) for _ in range(1500)]
        browsers = [browser for group in range(0, 1500, 100) for browser in await opened(streams[group : group + 100])]
        begun = time.monotonic()
        await asyncio.to_thread(say, "everybody", "bell", {})
        heard = await asyncio.gather(*(browser.message() for browser in browsers))
        took = time.monotonic() - begun
        page = await asyncio.to_thread(httpx.get, f"{front.url}/hot/none")
        for browser in browsers:
            browser.writer.close()
        assert page.status_code == 404  # the process still answers others
        return sum(message["event"] == "bell" for message in heard), took

    async def opened(streams: list[Any]) -> list[Browser]:
        return list(await asyncio.gather(*(stream.__aenter__() for stream in streams)))

    heard, took = told(story)

    assert heard == 1500
    assert took < 15  # half a second on two cores, several where other tests want them too
