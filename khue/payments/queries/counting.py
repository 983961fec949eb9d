"""Whether a school collects without cash."""

from datetime import datetime

from khue.payments.models import BankLine

ARRIVED = (BankLine.State.MATCHED, BankLine.State.UNDER, BankLine.State.OVER, BankLine.State.ASSIGNED)


def count_paid(organisation_id: int, since: datetime) -> int:
    """Transfers to a school that were written to a family since then. One query."""
    return BankLine.objects.filter(organisation_id=organisation_id, told_at__gte=since, state__in=ARRIVED).count()
