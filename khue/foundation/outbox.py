"""Delivering what was published: at least once to every subscriber, each in a transaction of its own.

The row of an event stays locked while one handler works on it. Killing the worker frees the lock at once, so nothing
waits for a lease; what the handler wrote and the note that it did so are one transaction, so a second delivery finds
the note and does nothing.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from khue.foundation import clock, scope
from khue.foundation.arrays import array
from khue.foundation.events import Subscription, subscriptions_of
from khue.foundation.models import OutboxEvent

logger = logging.getLogger(__name__)
BATCH = 100
LONGEST_WAIT = timedelta(hours=1)
KEPT = timedelta(days=30)


class _Taken(Exception):
    """Another worker is at this event."""


def deliver_all(*, rises: bool = False) -> int:
    """Deliver every event that is due, oldest first. Returns how many were delivered to all their subscribers.

    rises  let a handler's error rise instead of keeping it and trying again later
    """
    delivered = 0
    while batch := deliver_batch(rises=rises):
        delivered += len(batch)
    return delivered


def deliver_batch(*, rises: bool = False) -> list[int]:
    """Deliver up to BATCH due events. Returns the ids of those that every subscriber has handled."""
    with scope.of_organisation(None):
        due = list(
            OutboxEvent.objects.filter(delivered_at=None, next_attempt_at__lte=clock.now()).order_by("id")[:BATCH]
        )
    done = [event.id for events in _together(due) if _deliver(events, rises) for event in events]
    if done:
        with scope.of_organisation(None):
            OutboxEvent.objects.filter(id__in=done).update(delivered_at=clock.now(), last_error="")
    return done


def prune(at: datetime) -> int:
    """Forget events delivered more than KEPT ago. Returns how many."""
    with scope.of_organisation(None):
        return OutboxEvent.objects.filter(delivered_at__lt=at - KEPT).delete()[0]


def _together(due: Sequence[OutboxEvent]) -> list[list[OutboxEvent]]:
    """Each event alone, but those of a kind whose subscribers all gather: ten thousand asks for a round are one."""
    gathered: dict[str, list[OutboxEvent]] = defaultdict(list)
    alone = []
    for event in due:
        subscriptions = subscriptions_of(event.name)
        if subscriptions and all(subscription.gathers for subscription in subscriptions):
            gathered[event.name].append(event)
        else:
            alone.append([event])
    return [*alone, *gathered.values()]


def _deliver(events: Sequence[OutboxEvent], rises: bool) -> bool:
    """Whether every subscriber has handled them. One handler's failure does not keep the others from theirs."""
    failures = []
    for subscription in subscriptions_of(events[0].name):
        try:
            _hand_over(events, subscription)
        except _Taken:
            return False
        except Exception as error:
            # The outermost door of this process: the event is kept with what went wrong, and tried again.
            if rises:
                raise
            logger.exception("event %s (%s) failed in %s", events[0].id, events[0].name, subscription.key)
            failures.append(f"{subscription.key}: {type(error).__name__}: {error}")
    if failures:
        for event in events:
            _put_off(event, "\n".join(failures))
    return not failures


def _hand_over(events: Sequence[OutboxEvent], subscription: Subscription) -> None:
    ids = [event.id for event in events]
    with scope.of_organisation(None if subscription.gathers else events[0].organisation_id):
        free = OutboxEvent.objects.select_for_update(skip_locked=True).filter(id__in=ids, delivered_at=None)
        if len(free.values_list("id")) < len(ids):
            raise _Taken
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO foundation_eventdelivery (event_id, handler, handled_at)"
                " SELECT id, %s, %s FROM unnest(%s::bigint[]) AS id ON CONFLICT DO NOTHING",
                [subscription.key, clock.now(), array(ids)],
            )
            if cursor.rowcount == 0:
                return
        subscription.handle(events[0].payload)


def _put_off(event: OutboxEvent, reason: str) -> None:
    wait = min(timedelta(seconds=2 ** min(event.attempts, 12)), LONGEST_WAIT)
    with scope.of_organisation(None), transaction.atomic():
        OutboxEvent.objects.filter(id=event.id).update(
            attempts=min(event.attempts + 1, 32_000), next_attempt_at=clock.now() + wait, last_error=reason[:4000]
        )
