"""The live door: what the server tells browsers while they look at a page. See docs/decisions/0022.

    live.send("attempt.17", "answered", {"count": 12})            in an action: told after its commit
    live.ticket(actor, ["attempt.17"], seconds=3600)              in a view: the page may listen to that channel

Telling is not keeping: whoever is not listening just then never hears it. A message says that something changed and
little more; the browser asks the pages for what it may see. A ticket says when its page was made, so that the door can
tell a page that opens its stream whether something was said in between.
"""

import time
from collections.abc import Iterable, Mapping

import msgspec
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from khue.foundation import sealed
from khue.foundation.actor import Actor

#: PostgreSQL's channel that carries the messages of all our channels.
NOTIFY_CHANNEL = "khue_live"
#: PostgreSQL takes less than 8,000 bytes.
MESSAGE_LIMIT = 7_900
PURPOSE = "live.ticket"

Value = str | int | bool | None


class MessageTooLong(ValueError):
    """Send an id and let the page fetch the rest."""


class Message(msgspec.Struct, array_like=True):
    """One message as it travels through PostgreSQL."""

    channel: str
    event: str
    data: dict[str, Value]


class Ticket(msgspec.Struct, array_like=True):
    """A right to listen.

    expires_at   seconds since 1970; the stream ends then
    issued_at    the same; what its page shows was read shortly before. 0 where it was not written down
    """

    account_id: int | None
    channels: list[str]
    expires_at: int
    issued_at: float = 0.0


_write = msgspec.json.Encoder().encode
_ticket_decoder: "msgspec.msgpack.Decoder[Ticket]" = msgspec.msgpack.Decoder(Ticket)


def send(channel: str, event: str, data: Mapping[str, Value], *, through: BaseDatabaseWrapper | None = None) -> None:
    """Tell everybody who listens to the channel, when and only when this transaction has been committed.

    through  another connection, for what must be told before this transaction ends: how far a job is

    Commits that tell something queue up behind each other in PostgreSQL, so this is for what people do, not for each of
    ten thousand hot writes.
    """
    message = _write(Message(channel, event, dict(data))).decode()
    if len(message.encode()) > MESSAGE_LIMIT:
        raise MessageTooLong(f"{channel} {event}: more than {MESSAGE_LIMIT} bytes")
    with (through or connection).cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [NOTIFY_CHANNEL, message])


def ticket(actor: Actor, channels: Iterable[str], seconds: int) -> str:
    """A ticket for a page whose view has checked that this actor may hear these channels."""
    now = time.time()
    return sealed.seal(PURPOSE, Ticket(actor.account_id, sorted(channels), int(now) + seconds, now))


def ticket_of(text: str) -> Ticket | None:
    """The ticket behind the text; None when it is none of ours or no longer good."""
    try:
        found = sealed.unseal(PURPOSE, text, _ticket_decoder)
    except sealed.BrokenSeal:
        return None
    return found if found.expires_at > time.time() else None
