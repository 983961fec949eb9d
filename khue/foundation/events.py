"""Facts told upward. Publishing writes a row in the publisher's transaction; a worker delivers at least once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar, cast

import msgspec
from django.db import connection

from khue.foundation import clock
from khue.foundation.postgres.engine.base import DatabaseWrapper


@dataclass(frozen=True)
class Event:
    """A fact in the past tense, made of ids and plain values.

    A subclass is a frozen dataclass; `name` ("gradebook.mark_recorded") is what the outbox stores and never changes.
    Fields may be numbers, text, dates, instants, Decimal, UUID, enumerations, and tuples or None of these: the handler
    gets them back as they were. A field added later needs a default, for older events are still under way.
    organisation_id  where it happened: the handler runs in the scope of that organisation; None for the whole node
    """

    name: ClassVar[str]
    organisation_id: int | None


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One handler of one kind of event. `key` is its dotted name, stored once the handler has done its work.

    gathers   one call does for all events of this kind that are due
    """

    key: str
    event: type[Event]
    handler: Callable[[Event], None]
    gathers: bool = False

    def handle(self, payload: object) -> None:
        """Call the handler with the event as it was published."""
        self.handler(msgspec.convert(payload, self.event))


_subscriptions: dict[str, list[Subscription]] = {}


def subscribe(event: type[E], handler: Callable[[E], None], *, gathers: bool = False) -> None:
    """Call `handler` for each such event. It runs in its own transaction as the system, and may be called again.

    Stands in the subscriber's wiring. The transaction is in the scope of the event's organisation alone. The handler's
    dotted name is stored with its work in one transaction, so that what it writes happens once per event; anything else
    (mail, files) may happen twice.
    gathers  the handler asks for itself what there is to do, in the whole node: it is called once for many such events,
             with one of them, in the scope of the whole node
    """
    key = f"{handler.__module__}.{handler.__qualname__}"
    known = _subscriptions.setdefault(event.name, [])
    if all(key != subscription.key for subscription in known):
        known.append(Subscription(key, event, handler, gathers))  # type: ignore[arg-type]  # only called with its own E


def subscriptions_of(name: str) -> list[Subscription]:
    """Who is told of events with this name, in the order of the wirings."""
    return _subscriptions.get(name, [])


_PUBLISH = """
WITH put AS (
    INSERT INTO foundation_outboxevent
        (name, payload, organisation_id, published_at, next_attempt_at, attempts, last_error)
    SELECT told.name, told.payload::jsonb, told.organisation, %(at)s, %(at)s, 0, ''
    FROM ROWS FROM (unnest(%(names)s::text[]), unnest(%(payloads)s::text[]), unnest(%(organisations)s::bigint[]))
        AS told(name, payload, organisation)
)
SELECT pg_notify('khue_outbox', '')
"""


def publish(*told: Event) -> None:
    """Tell that something happened. Written now, in this transaction; delivered after its commit. One statement."""
    values = {
        "names": [event.name for event in told],
        "payloads": [json.dumps(msgspec.to_builtins(event), ensure_ascii=False) for event in told],
        "organisations": [event.organisation_id for event in told],
        "at": clock.now(),
    }
    cast(DatabaseWrapper, connection).kept_cursor().execute(_PUBLISH, values)


def deliver_now() -> int:
    """For tests: deliver everything that is due, here and now, in this connection. Returns how many were delivered.

    A handler's error rises, unlike in the worker, which keeps it and tries again.
    """
    from khue.foundation import outbox

    return outbox.deliver_all(rises=True)
