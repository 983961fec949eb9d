"""The clock on the wall of a Vietnamese school. Instants are UTC, days are Vietnamese days."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This instant, in UTC."""
    return timezone.now()


def today() -> date:
    """The calendar day in Vietnam at this instant."""
    return now().astimezone(VIETNAM).date()
