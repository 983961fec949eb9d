"""Whether a school has begun to take rolls."""

from datetime import date

from django.db.models import QuerySet

from khue.attendance.models import LessonLog
from khue.foundation.compiled import compiled


def has_rolls(organisation_id: int, first: date, last: date) -> bool:
    """Whether a lesson between the two days, both included, has a roll. One query."""
    return bool(_logged(organisation_id, first, last))


@compiled
def _logged(organisation_id: int, first: date, last: date) -> "QuerySet[LessonLog, int]":
    rows = LessonLog.objects.filter(organisation_id=organisation_id, day__gte=first, day__lte=last)
    return rows.values_list("id", flat=True)[:1]
