"""How letters, pushes and texts leave this node: what waits, what failed; nothing of what they say or to whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q

from khue.messaging.models import Delivery

LATELY = timedelta(days=7)
#: What has waited longer than this waits for somebody to look.
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """waiting_since: since when the oldest that is due waits; failed: of the last seven days."""

    waiting: int
    waiting_since: datetime | None
    failed: int
    has_mail_server: bool

    def is_stuck(self, at: datetime) -> bool:
        """Whether something has been due for more than an hour."""
        return self.waiting_since is not None and at - self.waiting_since > PATIENCE


def outgoing(at: datetime) -> Outgoing:
    """What is on its way out of this node, within the scope of the whole node. One query."""
    States = Delivery.State
    under_way = Q(state__in=[States.WAITING, States.SENDING], next_attempt_at__lte=at)
    rows = Delivery.objects.exclude(channel=Delivery.Channel.APPLICATION).filter(
        under_way | Q(state=States.FAILED, next_attempt_at__gt=at - LATELY)
    )
    found = rows.aggregate(
        waiting=Count("id", filter=under_way),
        since=Min("next_attempt_at", filter=under_way),
        failed=Count("id", filter=Q(state=States.FAILED)),
    )
    return Outgoing(found["waiting"], found["since"], found["failed"], bool(settings.EMAIL_HOST))
