"""Leave that guardians ask for, and whose it is to decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.attendance.access import Permission
from khue.attendance.models import LeaveRequest
from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.models import StoredFile
from khue.foundation.record import one
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.schools.models import Enrolment


def on_leave(enrolment_ids: Collection[int], day: date, session: str) -> set[int]:
    """Which of these pupils have leave for that half-day. One query."""
    return set(_on_leave(sorted(enrolment_ids), day, session))


@compiled
def _on_leave(enrolment_ids: Sequence[int], day: date, session: str) -> QuerySet[LeaveRequest, int]:
    rows = LeaveRequest.objects.filter(
        enrolment_id__in=enrolment_ids, state="approved", first_day__lte=day, last_day__gte=day
    )
    return rows.filter(Q(session="") | Q(session=session)).values_list("enrolment_id", flat=True)


def visible_leave(actor: Actor) -> QuerySet[LeaveRequest]:
    """Leave asked for pupils the actor may see, what waits first, then the latest. One query; page it.

    A pupil and its guardians see the own; a homeroom teacher those of the class; the office the school's. Who only
    teaches the class learns from the roll that a pupil has leave, and not why.
    """
    rows = LeaveRequest.objects.filter(_own(actor) | _led(actor) | _of_office(actor))
    order = ("enrolment__person", "enrolment__school_class__school_year", "attachment", "asked_by", "organisation")
    return rows.select_related(*order).order_by("-id")


def _own(actor: Actor) -> Q:
    children = set(actor.wards) | ({actor.person_id} if actor.person_id else set())
    return Q(enrolment__person_id__in=sorted(children))


def _led(actor: Actor) -> Q:
    led = [each.id for each in schools.classes_led_by(actor)] if actor.may(Permission.LEAVE_DECIDE) else []
    return Q(enrolment__school_class__in=led)


def _of_office(actor: Actor) -> Q:
    places = actor.organisations(Permission.DAY_READ)
    return Q() if places is None else Q(organisation_id__in=sorted(places))


def leave_of(actor: Actor, public_id: UUID) -> LeaveRequest:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_leave(actor), public_id=public_id)


def may_decide(actor: Actor, enrolment: Enrolment) -> bool:
    """Whether the actor may decide about leave of the pupil: who leads the class today. One query."""
    place = actor.may(Permission.LEAVE_DECIDE, enrolment)
    return place and schools.is_homeroom_of(actor, enrolment.school_class)


def may_ask(actor: Actor, enrolment: Enrolment) -> bool:
    """Whether the actor is a guardian who decides for the pupil, barred by nobody. One query."""
    if not actor.may(Permission.LEAVE_ASK, enrolment) or enrolment.person_id not in actor.wards:
        return False
    rights = registry.guardians_of([enrolment.person_id]).get(enrolment.person_id, [])
    return any(right.guardian_id == actor.person_id and right.may_decide for right in rights)


@dataclass(frozen=True, slots=True)
class Child:
    """A child in whose name the actor may ask for leave."""

    enrolment: Enrolment
    full_name: str
    class_name: str


def children_to_ask_for(actor: Actor) -> list[Child]:
    """The actor's wards who are in a class today and for whom the actor decides. Two queries."""
    if not actor.may(Permission.LEAVE_ASK) or not actor.wards:
        return []
    rights = registry.guardians_of(actor.wards)
    decided = [
        child
        for child, found in rights.items()
        if any(right.guardian_id == actor.person_id and right.may_decide for right in found)
    ]
    today = clock.today()
    places = schools.visible_enrolments(actor).filter(
        Q(ends_on=None) | Q(ends_on__gt=today), person_id__in=decided, starts_on__lte=today
    )
    return [Child(each, each.person.full_name, each.school_class.name) for each in places]


def may_read_attachment(actor: Actor, file: StoredFile) -> bool:
    """Whether the actor may open what was added to a request: whoever sees the request. Two queries."""
    return visible_leave(actor).filter(attachment=file).exists()


def leave_with_people(leave_id: int) -> LeaveRequest:
    """A request with the pupil, the class and who leads it, for telling them. One query."""
    rows = LeaveRequest.objects.select_related("enrolment__person", "enrolment__school_class__homeroom_teacher")
    return rows.get(id=leave_id)
