"""Facts told upward. Publishing writes a row in the publisher's transaction; a worker delivers at least once."""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from django.db import connection

from khue.foundation import clock
from khue.foundation.models import OutboxEvent


@dataclass(frozen=True)
class Event:
    """A fact in the past tense, made of ids and plain values.

    A subclass is a frozen dataclass; `name` ("gradebook.mark_recorded") is what the outbox stores and never changes.
    organisation_id  where it happened: the handler runs in the scope of that organisation; None for the whole node
    """

    name: ClassVar[str]
    organisation_id: int | None


E = TypeVar("E", bound=Event)
Handler = Callable[[E], None]
_types: dict[str, type[Event]] = {}
_handlers: dict[str, list[tuple[str, Callable[[Event], None]]]] = {}


def subscribe(event: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` for each such event. It runs in its own transaction as the system, and may be called again.

    Stands in the subscriber's wiring. The handler's dotted name is stored, so that it works once per event.
    """
    _types[event.name] = event
    key = f"{handler.__module__}.{handler.__qualname__}"
    handlers = _handlers.setdefault(event.name, [])
    if all(key != known for known, _ in handlers):
        handlers.append((key, handler))  # type: ignore[arg-type]


def publish(event: Event) -> None:
    """Tell that something happened. Written now, in this transaction; delivered after its commit."""
    payload = dataclasses.asdict(event)
    instant = clock.now()
    OutboxEvent.objects.create(
        name=event.name,
        payload=json.loads(json.dumps(payload, default=str)),
        organisation_id=event.organisation_id,
        published_at=instant,
        next_attempt_at=instant,
    )
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY khue_outbox")
