"""Days that offices do not keep as the weekday says."""

from datetime import date, timedelta

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.procedures.models import Case, PublicDay
from khue.procedures.working_days import FURTHEST, Exceptions, due_on


def exceptions_from(day: date) -> Exceptions:
    """Public holidays and days worked instead, from before that day to further than any deadline. One query."""
    return dict(_days(day - timedelta(days=60), day + FURTHEST))


def new_day_for(case: Case, today: date) -> date:
    """A day that an apology may promise: as many working days from now as the procedure takes from the beginning.

    One query.
    """
    return due_on(today, max(1, case.definition.working_days), exceptions_from(today))


@compiled
def _days(first: date, last: date) -> QuerySet[PublicDay, tuple[date, bool]]:
    return PublicDay.objects.filter(day__gte=first, day__lte=last).values_list("day", "is_worked")


def public_days(year: int) -> list[PublicDay]:
    """The days of a year that are not what the weekday says, in order."""
    return list(PublicDay.objects.filter(day__year=year).order_by("day"))
