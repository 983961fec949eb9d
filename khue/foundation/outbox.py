"""Delivering what was published: at least once to every subscriber, each in a transaction of its own.

The row of an event stays locked while one handler works on it. Killing the worker frees the lock at once, so nothing
waits for a lease; what the handler wrote and the note that it did so are one transaction, so a second delivery finds
the note and does nothing.
"""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from khue.foundation import clock, scope
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
    done = [event.id for event in due if _deliver(event, rises)]
    if done:
        with scope.of_organisation(None):
            OutboxEvent.objects.filter(id__in=done).update(delivered_at=clock.now(), last_error="")
    return done


def prune(at: datetime) -> int:
    """Forget events delivered more than KEPT ago. Returns how many."""
    with scope.of_organisation(None):
        return OutboxEvent.objects.filter(delivered_at__lt=at - KEPT).delete()[0]


def _deliver(event: OutboxEvent, rises: bool) -> bool:
    """Whether every subscriber has handled it. One handler's failure does not keep the others from theirs."""
    failures = []
    for subscription in subscriptions_of(event.name):
        try:
            _hand_over(event, subscription)
        except _Taken:
            return False
        except Exception as error:
            # The outermost door of this process: the event is kept with what went wrong, and tried again.
            if rises:
                raise
            logger.exception("event %s (%s) failed in %s", event.id, event.name, subscription.key)
            failures.append(f"{subscription.key}: {type(error).__name__}: {error}")
    if failures:
        _put_off(event, "\n".join(failures))
    return not failures


def _hand_over(event: OutboxEvent, subscription: Subscription) -> None:
    with scope.of_organisation(event.organisation_id):
        locked = OutboxEvent.objects.select_for_update(skip_locked=True).filter(id=event.id, delivered_at=None)
        if not locked.exists():
            raise _Taken
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO foundation_eventdelivery (event_id, handler, handled_at) VALUES (%s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [event.id, subscription.key, clock.now()],
            )
            if cursor.rowcount == 0:
                return
        subscription.handle(event.payload)


def _put_off(event: OutboxEvent, reason: str) -> None:
    wait = min(timedelta(seconds=2 ** min(event.attempts, 12)), LONGEST_WAIT)
    with scope.of_organisation(None), transaction.atomic():
        OutboxEvent.objects.filter(id=event.id).update(
            attempts=min(event.attempts + 1, 32_000), next_attempt_at=clock.now() + wait, last_error=reason[:4000]
        )
