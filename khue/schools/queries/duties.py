"""What people are at their schools today, for lists of names: the class of a pupil, the work of a member of staff."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F, QuerySet, Value

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.schools import access
from khue.schools.access import Permission
from khue.schools.models import Enrolment, SchoolClass, StaffMember

#: person, "pupil", "staff" or "leads", and the class or the position
Duty = tuple[int, str, str]


def duties_of(actor: Actor, person_ids: Sequence[int], on: date) -> list[Duty]:
    """What each of these persons is on that day, as far as the actor may see it. One query, whatever their number."""
    return _duties(actor, list(person_ids), on)


@compiled
def _duties(actor: Actor, person_ids: Sequence[int], on: date) -> QuerySet[Enrolment, Duty]:
    pupils = Enrolment.objects.filter(access.enrolments(actor, on), access.in_force(on), person_id__in=person_ids)
    staff = StaffMember.objects.filter(access.within(actor, Permission.STAFF_READ), access.in_force(on))
    led = SchoolClass.objects.filter(access.within(actor, Permission.STAFF_READ), closed_on=None)
    led = led.filter(school_year__starts_on__lte=on, school_year__ends_on__gte=on)
    return _told(pupils, "pupil", "person_id", "school_class__name").union(
        _told(staff.filter(person_id__in=person_ids), "staff", "person_id", "position"),
        _told(led.filter(homeroom_teacher__person_id__in=person_ids), "leads", "homeroom_teacher__person_id", "name"),
        all=True,
    )


def _told(rows: QuerySet, kind: str, person: str, what: str) -> QuerySet:  # type: ignore[type-arg]  # of three tables
    told: QuerySet = rows.order_by().annotate(who=F(person), kind=Value(kind), what=F(what))  # type: ignore[type-arg]
    return told.values_list("who", "kind", "what")
