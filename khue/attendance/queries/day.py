"""The school's day as its head looks at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast

from django.db.models import Count, Q, QuerySet

from khue.attendance.models import Absence, LeaveRequest, LessonLog
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.schools import queries as schools
from khue.timetable import queries as timetable
from khue.timetable.queries import Lesson, PeriodOfDay

#: Lessons without a roll that a head reads at once; the rest is asked for.
MOST = 60


@dataclass(frozen=True, slots=True)
class ClassDay:
    """Pupils of one class that were not simply there, in at least one lesson of the day."""

    class_name: str
    excused: int
    unexcused: int
    late: int


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A school's day.

    planned, logged  lessons of the day, and those with a roll
    without_roll     the first lessons that have begun and have no roll, in order; missing: how many there are
    classes          those with somebody missing or late, in the order of class names
    leave_waiting    requests for leave on this day that nobody has decided
    """

    planned: int
    logged: int
    without_roll: Sequence[Lesson]
    missing: int
    classes: Sequence[ClassDay]
    leave_waiting: int


def day_sheet(organisation_id: int, day: date, at: datetime, *, most: int | None = MOST) -> DaySheet:
    """A school's day as it stands at that moment. Nine queries, however many classes.

    most   how many lessons without a roll are named; all of them for None
    """
    planned = timetable.beginnings_of_school(organisation_id, day)
    logged = set(_logged(organisation_id, day))
    local = at.astimezone(VIETNAM)
    begun = [part for part in planned if _has_begun(day, part.starts_at, local)]
    missing = [(part, [slot for slot in part.slot_ids if slot not in logged]) for part in begun]
    waiting = _waiting(organisation_id, day)
    return DaySheet(
        sum(len(part.slot_ids) for part in planned),
        sum(len(logged.intersection(part.slot_ids)) for part in planned),
        timetable.lessons_at(organisation_id, _first(missing, most), day)[:most],
        sum(len(slots) for _part, slots in missing),
        _classes(organisation_id, day),
        waiting[0] if waiting else 0,
    )


def _first(parts: Iterable[tuple[PeriodOfDay, Sequence[int]]], most: int | None) -> list[int]:
    """The slots of the first periods of the day, as many whole periods as make up `most`."""
    found: list[int] = []
    last = None
    for part, slots in parts:
        place = (part.session, part.period)
        if most is not None and len(found) >= most and place != last:
            break
        found += slots
        last = place
    return found


def _has_begun(day: date, starts_at: time | None, local: datetime) -> bool:
    is_over = day < local.date()
    return is_over or (day == local.date() and (starts_at is None or starts_at <= local.time()))


@compiled
def _logged(organisation_id: int, day: date) -> QuerySet[LessonLog, int]:
    return LessonLog.objects.filter(organisation_id=organisation_id, day=day).values_list("slot_id", flat=True)


def _classes(organisation_id: int, day: date) -> list[ClassDay]:
    """Two queries; one where nobody is missing."""
    counts = {class_id: numbers for class_id, *numbers in _counted(organisation_id, day)}
    names = schools.names_of_classes(counts) if counts else {}
    return [ClassDay(name, *counts[class_id]) for class_id, name in names.items()]


@compiled
def _counted(organisation_id: int, day: date) -> QuerySet[Absence, tuple[int, int, int, int]]:
    """By the class the lesson was given in, which is the pupil's: two thousand absences would look up two thousand."""
    rows = Absence.objects.filter(lesson__organisation_id=organisation_id, lesson__day=day).order_by()
    counts = rows.values("lesson__class_subject__school_class_id").annotate(
        excused=Count("enrolment", distinct=True, filter=Q(kind="P")),
        unexcused=Count("enrolment", distinct=True, filter=Q(kind__in=("K", "T"))),
        late=Count("enrolment", distinct=True, filter=Q(kind__in=("M", "S"))),
    )
    columns = ("lesson__class_subject__school_class_id", "excused", "unexcused", "late")
    return cast("QuerySet[Absence, tuple[int, int, int, int]]", counts.values_list(*columns))


@compiled
def _waiting(organisation_id: int, day: date) -> QuerySet[LeaveRequest, int]:
    rows = LeaveRequest.objects.filter(
        organisation_id=organisation_id, state="waiting", first_day__lte=day, last_day__gte=day
    )
    return rows.values("state").annotate(number=Count("id")).values_list("number", flat=True)
