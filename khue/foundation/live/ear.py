"""The one connection of a process that listens to PostgreSQL, made again for as long as somebody listens to us."""

import asyncio
import logging

import msgspec
import psycopg
from psycopg import sql

from khue.foundation.hot import connection as connections
from khue.foundation.live import NOTIFY_CHANNEL, Message
from khue.foundation.live.hub import Hub

log = logging.getLogger(__name__)
LONGEST_PAUSE = 5.0
#: Seconds between two questions whether the server is still there.
ALIVE_SECONDS = 30.0
_decoder = msgspec.json.Decoder(Message)


class Ear:
    """Hears what actions send, and hands it to the hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._task: asyncio.Task[None] | None = None
        self._hears = asyncio.Event()

    async def listen(self) -> None:
        """Begin, and return once nothing said from now on is missed, or after a moment if the database is away."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._keep_listening())
        if not self._hears.is_set():
            try:
                await asyncio.wait_for(self._hears.wait(), 1.0)
            except TimeoutError:
                log.warning("live: the database is away; streams stay open and wait")

    async def close(self) -> None:
        """Stop."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _keep_listening(self) -> None:
        pause, missed = 0.05, False
        while True:
            try:
                await self._listen_once(missed)
                pause = 0.05
            except psycopg.OperationalError as error:
                if self._hears.is_set():
                    pause = 0.05
                self._hears.clear()
                self._hub.hears(is_hearing=False)
                missed = True
                log.warning("live: %s", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen_once(self, missed: bool) -> None:
        connection = await connections.connect(name="khue live", options="")
        try:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(NOTIFY_CHANNEL)))
            self._hub.hears(is_hearing=True)
            self._hears.set()
            if missed:
                self._hub.tell_all("resync")
            while True:
                async for heard in connection.notifies(timeout=ALIVE_SECONDS):
                    self._hand_on(heard.payload)
                await connection.execute("SELECT 1")
        finally:
            await connections.close(connection)

    def _hand_on(self, payload: str) -> None:
        try:
            self._hub.tell(_decoder.decode(payload))
        except msgspec.DecodeError:
            log.warning("live: somebody notifies %s with %.80r", NOTIFY_CHANNEL, payload)
