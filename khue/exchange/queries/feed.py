"""The feed: every record of this node in the order in which it last changed, and how far that order is complete."""

from collections.abc import Sequence

from django.db import connection

from khue.exchange.incoming import FEED_LOCK
from khue.exchange.models import ReportedRecord


def complete_up_to() -> int:
    """The position up to which no record is still being written by somebody else. Waits for who is writing.

    Positions come from a sequence, and transactions end in another order than they began: without waiting, a sender
    would pass over a record whose transaction commits a moment later.
    """
    with connection.cursor() as cursor:
        # Of the session and given back at once: the caller's transaction may take longer than writers should wait.
        cursor.execute("SELECT pg_advisory_lock(%s)", [FEED_LOCK])
        try:
            cursor.execute("SELECT coalesce(max(position), 0) FROM exchange_reportedrecord")
            return int(cursor.fetchone()[0])
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [FEED_LOCK])


def changed_after(position: int, up_to: int, limit: int) -> Sequence[ReportedRecord]:
    """The next records to send, in the order of the feed; what our own rules hold back is left out. One query."""
    rows = ReportedRecord.objects.filter(position__gt=position, position__lte=up_to, errors=0)
    return list(rows.order_by("position")[:limit])


def waiting_after(position: int) -> int:
    """How many records lie beyond a position and could be sent. One query."""
    return ReportedRecord.objects.filter(position__gt=position, errors=0).count()
