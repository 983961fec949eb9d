"""Who listens to what in this process, and what each of them has not been sent yet."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable

import msgspec

from khue.foundation.live import Message

#: Messages that may wait for one browser. One that takes none of a hundred is gone or stuck; it comes again by itself.
WAITING = 100
#: Seconds between signs of life, so that nobody between us and the browser takes the silence for death.
HEARTBEAT_SECONDS = 20.0
#: How long it is known in which channels something was told; whoever's page is older looks again.
KNOWN_SECONDS = 300.0
#: A page was read from the database at most so long before its ticket was written.
READ_SECONDS = 2.0
BEAT = b":\n\n"
_encode = msgspec.json.Encoder().encode


class Listener:
    """One browser's stream."""

    def __init__(self, channels: Iterable[str]) -> None:
        self.channels = frozenset(channels)
        self._frames: deque[bytes] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._task = asyncio.current_task()
        self.is_open = True

    def push(self, frame: bytes) -> None:
        """Add to what it is sent next; a listener that has stopped reading is cut off."""
        if len(self._frames) >= WAITING:
            self.cut()
            return
        self._frames.append(frame)
        self._wake()

    def beat(self) -> None:
        """A sign of life, unless there is something to say."""
        if not self._frames:
            self.push(BEAT)

    def leave(self) -> None:
        """The browser has gone, or its time is over: the stream ends."""
        self.is_open = False
        self._wake()

    def cut(self) -> None:
        """End the stream even though it hangs in the middle of being sent to."""
        self.leave()
        self._frames.clear()
        if self._task:
            self._task.cancel()

    async def frames(self) -> bytes:
        """Everything that waits, as soon as something does; empty when the stream is over."""
        while not self._frames and self.is_open:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        waiting = b"".join(self._frames)
        self._frames.clear()
        return waiting

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)


class Hub:
    """All listeners of this process, by channel."""

    def __init__(self) -> None:
        self._by_channel: dict[str, set[Listener]] = {}
        self._listeners: set[Listener] = set()
        self._told_at: dict[str, float] = {}  # by channel, the longest ago first
        self._hears_since: float | None = None
        self._count = 0
        self._heart: asyncio.Task[None] | None = None

    def join(self, channels: Iterable[str]) -> Listener:
        """A new listener to these channels. Called in the task that will send to it."""
        listener = Listener(channels)
        self._listeners.add(listener)
        for channel in listener.channels:
            self._by_channel.setdefault(channel, set()).add(listener)
        if self._heart is None or self._heart.done():
            self._heart = asyncio.get_running_loop().create_task(self._beat())
        return listener

    def part(self, listener: Listener) -> None:
        """It listens no more."""
        self._listeners.discard(listener)
        for channel in listener.channels:
            members = self._by_channel.get(channel)
            if members:
                members.discard(listener)
                if not members:
                    del self._by_channel[channel]

    def tell(self, message: Message) -> None:
        """Hand a message to everybody who listens to its channel. Written out once for all of them."""
        self._note(message.channel)
        members = self._by_channel.get(message.channel)
        if members:
            frame = self._frame(message.event, message.channel, message.data)
            for listener in list(members):
                listener.push(frame)

    def hears(self, *, is_hearing: bool) -> None:
        """From now on every message is handed to `tell`, or none may be."""
        self._hears_since = time.time() if is_hearing else None

    def may_have_told(self, channels: Iterable[str], since: float) -> bool:
        """Whether something may have been told in one of the channels after a page was read.

        since  when its ticket was written, seconds since 1970
        """
        read_at = since - READ_SECONDS
        if self._hears_since is None or read_at < max(self._hears_since, time.time() - KNOWN_SECONDS):
            return True
        return any(self._told_at.get(channel, 0.0) > read_at for channel in channels)

    def _note(self, channel: str) -> None:
        now = time.time()
        self._told_at.pop(channel, None)
        self._told_at[channel] = now
        while now - self._told_at[oldest := next(iter(self._told_at))] > KNOWN_SECONDS:
            del self._told_at[oldest]

    def tell_all(self, event: str) -> None:
        """Tell everybody something about the door itself: "resync" when messages may have been missed."""
        frame = self._frame(event, "", {})
        for listener in list(self._listeners):
            listener.push(frame)

    def close(self) -> None:
        """End all streams: the process is about to end, and browsers come again by themselves."""
        if self._heart:
            self._heart.cancel()
        for listener in list(self._listeners):
            listener.leave()

    def _frame(self, event: str, channel: str, data: object) -> bytes:
        self._count += 1
        return b"id: %d\ndata: %b\n\n" % (self._count, _encode({"channel": channel, "event": event, "data": data}))

    async def _beat(self) -> None:
        """Once around in HEARTBEAT_SECONDS, a few at a time, so that thousands of beats are no wave."""
        while self._listeners:
            round_of = list(self._listeners)
            slices = 20
            for start in range(slices):
                for listener in round_of[start::slices]:
                    if listener.is_open:
                        listener.beat()
                await asyncio.sleep(HEARTBEAT_SECONDS / slices)
