"""What waits for a teacher: today's lessons with their rolls, or the next ones, and leave of the class one leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Count, DateTimeField, IntegerField, QuerySet, Value

from khue.attendance.models import LeaveRequest, LessonLog
from khue.attendance.queries.rolls import LessonToLog
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.schools.models import StaffMember
from khue.timetable import queries as timetable
from khue.timetable.queries import Lesson


@dataclass(frozen=True, slots=True)
class TeachingDay:
    """A teacher's day.

    lessons        today's, also those that are over
    next_day       of `next`: where nothing is left of today, the next day with a lesson of one's own; else None
    leave_waiting  requests for leave that the homeroom teacher has to decide
    """

    lessons: list[LessonToLog]
    next_day: date | None
    next: list[Lesson]
    leave_waiting: int


def teaching_day(staff: Sequence[StaffMember], at: datetime) -> TeachingDay:
    """What somebody gives today at every school, and after that next. Four queries a school, and one.

    staff  the work of one person at schools: from schools.own_staff
    """
    day = at.astimezone(VIETNAM).date()
    found = [
        timetable.ahead_of_staff(place, [member.id for member in staff if member.organisation_id == place], at)
        for place in sorted({member.organisation_id for member in staff})
    ]
    lessons = [lesson for ahead in found for lesson in ahead.today]
    signed: dict[int, datetime | None] = {}
    waiting = 0
    for slot, signed_at, count in _of_the_day([x.slot_id for x in lessons], [each.id for each in staff], day):
        if slot is None:
            waiting = count
        else:
            signed[slot] = signed_at
    coming = [ahead for ahead in found if ahead.day] if not any(ahead.is_under_way for ahead in found) else []
    next_day = min((ahead.day for ahead in coming if ahead.day), default=None)
    return TeachingDay(
        [LessonToLog(x, x.slot_id in signed, signed.get(x.slot_id) is not None) for x in lessons],
        next_day,
        [lesson for ahead in coming if ahead.day == next_day for lesson in ahead.next],
        waiting,
    )


def waiting_leave(class_ids: Sequence[int]) -> int:
    """How many requests for leave wait in the classes somebody leads. One query."""
    found = _waiting(class_ids)
    return found[0] if found else 0


@compiled
def _waiting(class_ids: Sequence[int]) -> QuerySet[LeaveRequest, int]:
    rows = LeaveRequest.objects.filter(enrolment__school_class_id__in=class_ids, state=LeaveRequest.State.WAITING)
    return rows.order_by().values("state").annotate(number=Count("id")).values_list("number", flat=True)


@compiled
def _of_the_day(
    slot_ids: Sequence[int], staff_ids: Sequence[int], day: date
) -> QuerySet[LessonLog, tuple[int | None, datetime | None, int]]:
    """Slot and signature of each lesson with a roll; then, without a slot, how many requests for leave wait."""
    logs = LessonLog.objects.filter(slot_id__in=slot_ids, day=day)
    leave = LeaveRequest.objects.filter(
        enrolment__school_class__homeroom_teacher_id__in=staff_ids,
        enrolment__school_class__school_year__ends_on__gte=day,
        state=LeaveRequest.State.WAITING,
    )
    counted = leave.order_by().values(nothing=Value(None, IntegerField()), never=Value(None, DateTimeField()))
    rows = logs.values_list("slot_id", "signed_at", Value(0)).union(
        cast("QuerySet[Any, Any]", counted.annotate(number=Count("id")).values_list("nothing", "never", "number")),
        all=True,
    )
    return cast("QuerySet[LessonLog, tuple[int | None, datetime | None, int]]", rows)
