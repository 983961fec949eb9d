"""The logs of a month: which weeks are open, and what the board has signed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from khue.attendance.models import ClosedWeek, LessonLog, SignedMonth
from khue.attendance.queries.log import WEEK
from khue.foundation.compiled import compiled
from khue.schools import queries as schools
from khue.schools.models import SchoolClass


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One class in the board's list of a month."""

    school_class: SchoolClass
    open_weeks: Sequence[date]
    signed: SignedMonth | None


def months_of(classes: Sequence[SchoolClass], month: date, last: date) -> list[MonthLine]:
    """The state of the logs of these classes in one month, by name. Three queries."""
    ids = [each.id for each in classes]
    signed = {row.school_class_id: row for row in _signed_in(ids, month)}
    closed = set(_closed_weeks(ids, month - WEEK))
    taught: dict[int, set[date]] = defaultdict(set)
    for class_id, day in _days_taught(ids, month - WEEK, last):
        taught[class_id].add(day - timedelta(days=day.weekday()))
    return [
        MonthLine(
            each,
            sorted(
                monday
                for monday in taught[each.id]
                if month <= monday + timedelta(days=6) <= last and (each.id, monday) not in closed
            ),
            signed.get(each.id),
        )
        for each in sorted(classes, key=schools.class_order)
    ]


@compiled
def _signed_in(class_ids: Collection[int], month: date) -> QuerySet[SignedMonth]:
    return SignedMonth.objects.filter(school_class_id__in=class_ids, month=month)


@compiled
def _closed_weeks(class_ids: Collection[int], since: date) -> QuerySet[ClosedWeek, tuple[int, date]]:
    rows = ClosedWeek.objects.filter(school_class_id__in=class_ids, monday__gte=since)
    return rows.values_list("school_class_id", "monday")


@compiled
def _days_taught(class_ids: Collection[int], first: date, last: date) -> QuerySet[LessonLog, tuple[int, date]]:
    rows = LessonLog.objects.filter(class_subject__school_class_id__in=class_ids, day__gte=first, day__lte=last)
    return rows.values_list("class_subject__school_class_id", "day").distinct()
