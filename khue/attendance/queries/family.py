"""What a family's home says of its children: what they missed lately, and who has leave today."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import cast

from django.db.models import QuerySet, Value

from khue.attendance.models import Absence, LeaveRequest
from khue.attendance.queries.rolls import PupilAbsence
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.schools import queries as schools
from khue.timetable import queries as timetable

#: In the place of a kind of absence.
ON_LEAVE = "leave"
_Row = tuple[int, date, int, str, str, str]


def lately_missed(
    actor: Actor, enrolment_ids: Collection[int], first: date, day: date
) -> tuple[list[PupilAbsence], frozenset[int]]:
    """Absences of pupils the actor may see from a day to today, newest first; and who has leave today. One query."""
    found = [PupilAbsence(*row) for row in _missed(actor, list(enrolment_ids), first, day)]
    missed = sorted((x for x in found if x.kind != ON_LEAVE), key=lambda x: (-x.day.toordinal(), x.session, x.period))
    return missed, frozenset(x.enrolment_id for x in found if x.kind == ON_LEAVE)


@compiled
def _missed(actor: Actor, enrolment_ids: Sequence[int], first: date, day: date) -> QuerySet[Absence, _Row]:
    seen = schools.visible_enrolments(actor, day).order_by()
    rows = Absence.objects.filter(
        enrolment_id__in=enrolment_ids, enrolment__in=seen, lesson__day__gte=first, lesson__day__lte=day
    )
    rows = rows.annotate(held=timetable.held_period("lesson__"))
    leave = LeaveRequest.objects.filter(
        enrolment_id__in=enrolment_ids, enrolment__in=seen, state="approved", first_day__lte=day, last_day__gte=day
    )
    missed = rows.order_by().values_list(
        "enrolment_id", "lesson__day", "held", "lesson__slot__session", "lesson__class_subject__subject__name", "kind"
    )
    on_leave = leave.order_by().values_list(
        "enrolment_id", "first_day", Value(0), "session", Value(""), Value(ON_LEAVE)
    )  # fmt: skip
    return cast("QuerySet[Absence, _Row]", missed.union(on_leave, all=True))
