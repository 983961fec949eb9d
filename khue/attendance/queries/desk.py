"""The lessons somebody gives: those of a day with how far they are, and those of three weeks that nobody has signed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from khue.attendance.models import LessonLog
from khue.attendance.queries.rolls import LessonToLog
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.schools.models import StaffMember
from khue.timetable import queries as timetable
from khue.timetable.queries import Lesson

#: How far back a teacher is reminded of lessons not written.
REMINDED = timedelta(days=21)
#: When each lesson that has its roll was signed, by slot and day; None where it was not.
Signatures = dict[tuple[int, date], datetime | None]


@dataclass(frozen=True, slots=True)
class RollDesk:
    """The lessons of one day, and the lessons of three weeks that nobody has signed, the latest first."""

    lessons: list[LessonToLog]
    unwritten: list[Lesson]


def roll_desk(staff: Sequence[StaffMember], day: date, at: datetime) -> RollDesk:
    """What somebody has to do about rolls and logs. Four queries a school, and one.

    staff  the work of one person at schools: from schools.own_staff
    day    whose lessons are shown
    at     what begins later on that day is not given yet
    """
    here = at.astimezone(VIETNAM)
    today, reminded = here.date(), here.date() - REMINDED
    given = _given(staff, min(day, reminded), max(day, today))
    signatures = _signatures(given)
    own = [x for x in given if x.day == day]
    past = [x for x in given if reminded <= x.day < today]
    past += [x for x in given if x.day == today and (x.starts_at is None or x.starts_at <= here.time())]
    unwritten = [x for x in past if signatures.get((x.slot_id, x.day)) is None]
    return RollDesk(
        [LessonToLog(x, (x.slot_id, day) in signatures, signatures.get((x.slot_id, day)) is not None) for x in own],
        sorted(unwritten, key=lambda x: (x.day, x.session, x.period), reverse=True),
    )


def _given(staff: Sequence[StaffMember], first: date, last: date) -> list[Lesson]:
    found: list[Lesson] = []
    for place in sorted({member.organisation_id for member in staff}):
        own = [member.id for member in staff if member.organisation_id == place]
        found += timetable.lessons_of_staff_between(place, own, first, last)
    return found


def _signatures(lessons: Sequence[Lesson]) -> Signatures:
    if not lessons:
        return {}
    days = [lesson.day for lesson in lessons]
    rows = _logs({lesson.slot_id for lesson in lessons}, min(days), max(days))
    return {(slot, day): signed_at for slot, day, signed_at in rows}


@compiled
def _logs(slot_ids: Collection[int], first: date, last: date) -> QuerySet[LessonLog, tuple[int, date, datetime | None]]:
    rows = LessonLog.objects.filter(slot_id__in=slot_ids, day__gte=first, day__lte=last)
    return rows.values_list("slot_id", "day", "signed_at")
