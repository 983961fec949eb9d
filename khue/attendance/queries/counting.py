"""Lessons as they are counted for a province and a country: rows without names, by school and day."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from khue.attendance.models import LessonLog
from khue.foundation import changes

LessonFact = tuple[int, int, int, date, str]


def months_with_changed_lessons(mark: int | None) -> list[tuple[int, date]]:
    """School and first day of the month of every lesson that was written since `mark` (foundation.changes), or of all.
    One query, which reads the whole log.
    """
    rows = LessonLog.objects.order_by()
    if mark is not None:
        rows = rows.filter(changes.since(mark, LessonLog._meta.db_table))
    return list(rows.annotate(month=TruncMonth("day")).values_list("organisation_id", "month").distinct())


def lesson_facts(organisation_ids: Collection[int], first: date, last: date) -> Iterator[LessonFact]:
    """School, class, grade, day and mode of the lessons held between two days. One query, read as it comes."""
    rows = LessonLog.objects.filter(organisation_id__in=organisation_ids, day__range=(first, last))
    fields = rows.order_by("organisation_id", "class_subject__school_class_id", "day", "id").values_list(
        "organisation_id", "class_subject__school_class_id", "class_subject__school_class__grade", "day", "mode"
    )
    return fields.iterator(chunk_size=20_000)


def periods_by_class(organisation_id: int, first: date, last: date) -> "QuerySet[LessonLog, tuple[int, str, int]]":
    """Class, mode and how many lessons were held between two days. One query."""
    rows = LessonLog.objects.filter(organisation_id=organisation_id, day__range=(first, last)).order_by()
    return rows.values_list("class_subject__school_class_id", "mode").annotate(Count("id"))
