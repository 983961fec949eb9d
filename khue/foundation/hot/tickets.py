"""What a browser shows at the hot door instead of a session: who may write what, until when."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import msgspec
from django.conf import settings

from khue.foundation import sealed

PURPOSE = "hot.ticket"


class TicketInvalid(Exception):
    """Not a ticket of this node for this kind of write."""


class TicketExpired(Exception):
    """It was a ticket; the page must ask for a new one."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A right to write, checked when it was issued and not again.

    kind             name of the registered kind of write
    subject          what is written on: {"attempt": 17}; the writer may trust it, the browser cannot change it
    organisation_id  the only organisation whose rows the write can touch; None for rows of no organisation
    expires_at       seconds since 1970
    """

    kind: str
    subject: Mapping[str, str | int]
    organisation_id: int | None
    expires_at: int


_Written = tuple[str, dict[str, str | int], int | None, int]
_decoder: "msgspec.msgpack.Decoder[_Written]" = msgspec.msgpack.Decoder(_Written)


def issue(kind: str, subject: Mapping[str, str | int], *, organisation_id: int | None, seconds: int) -> str:
    """A ticket for a page that has just checked the right it stands for.

    The door checks no permission of its own: whoever holds the ticket may write on this subject until it expires, so
    keep `seconds` to the length of the work.
    """
    return sealed.seal(PURPOSE, (kind, dict(subject), organisation_id, int(time.time()) + seconds))


def verify(text: str, kind: str) -> Ticket:
    """The ticket behind the text. Raises TicketInvalid or TicketExpired."""
    try:
        ticket = _opened(text, settings.SECRET_KEY)
    except sealed.BrokenSeal:
        raise TicketInvalid from None
    if ticket.kind != kind:
        raise TicketInvalid
    if ticket.expires_at <= time.time():
        raise TicketExpired
    return ticket


@lru_cache(maxsize=20_000)
def _opened(text: str, _secret: str) -> Ticket:
    """One ticket comes with every answer of a pupil's test: its seal is looked at once. No false one is remembered."""
    return Ticket(*sealed.unseal(PURPOSE, text, _decoder))
