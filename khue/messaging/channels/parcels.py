"""What a channel is given to send, and what it may answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser of the recipient that may ring: see models.PushSubscription."""

    id: int
    endpoint: str
    public_key: bytes
    shared_secret: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery as a channel sees it: no row, no transaction.

    id        the same at every try, so that a gateway knows a second copy
    address   an e-mail address or a telephone number; empty for browsers
    link      path of the page that shows more
    """

    id: UUID
    address: str
    subject: str
    body: str
    link: str
    sender: str
    told_at: datetime
    browsers: Sequence[Browser] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The server has it. reference: what it calls it; gone: ids of browsers that are no more."""

    reference: str = ""
    gone: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never be taken: a wrong address, a refused text. The next channel is tried."""

    reason: str
    gone: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Delayed:
    """It was not taken now. after: how long the server asked to be left alone, if it did."""

    reason: str
    after: timedelta | None = field(default=None)


Outcome = Taken | Refused | Delayed


class Channel(Protocol):
    """A way out of the application.

    batch  how many are sent over one connection, between two notes of what became of them
    rings  whether it makes a sound: then quiet hours hold
    """

    code: str
    batch: int
    rings: bool

    def is_on(self) -> bool:
        """Whether people are told this way here."""

    def can_send(self) -> bool:
        """Whether the node has been told how to. What is addressed while it cannot waits, and no try is counted."""

    def per_minute(self) -> int:
        """How many may go in a minute, all told."""

    def send(self, parcels: Sequence[Parcel]) -> list[Outcome]:
        """Send, outside any transaction. returns what became of each, in the same order."""
