"""Who may do what in a school, and who sees which class, subject and pupil: each rule once, as a Q."""

from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from khue.foundation import permissions
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.schools.models import ClassSubject, Enrolment, SchoolClass, TeachingAssignment


class Permission(StrEnum):
    """What a role may be allowed to do here. wiring.py says which role is."""

    CLASSES_READ_ALL = "schools:classes:read_all"  # every class of the organisation and below
    CLASSES_READ_TAUGHT = "schools:classes:read_taught"  # the classes one teaches or leads
    CLASSES_READ_ATTENDED = "schools:classes:read_attended"  # one's own class, or a ward's
    ROSTER_IMPORT = "schools:roster:import"
    ROSTER_EXPORT = "schools:roster:export"
    CALENDAR_WRITE = "schools:calendar:write"
    CLASSES_WRITE = "schools:classes:write"
    ADMISSION_PLAN = "schools:admission:plan"  # for the schools one's office manages
    ADMISSION_DECIDE = "schools:admission:decide"  # give the seats of one's school
    STAFF_READ = "schools:staff:read"
    STAFF_WRITE = "schools:staff:write"
    TEACHING_WRITE = "schools:teaching:write"
    PREMISES_READ = "schools:premises:read"
    PREMISES_WRITE = "schools:premises:write"
    MEANS_WRITE_ALL = "schools:means:write_all"  # for every class of the school
    MEANS_WRITE_LED = "schools:means:write_led"  # for the class one leads


EVERYTHING = Q()
NOTHING = Q(pk__in=())


def in_force(on: date, path: str = "") -> Q:
    """Rows with starts_on and ends_on that hold on that day. `ends_on` is the first day on which they hold no more."""
    begun = Q(**{f"{path}starts_on__lte": on})
    return begun & (Q(**{f"{path}ends_on": None}) | Q(**{f"{path}ends_on__gt": on}))


def within(actor: Actor, permission: Permission) -> Q:
    """Rows of the organisations where the actor has this permission."""
    organisations = actor.organisations(permission)
    if organisations is None:
        return EVERYTHING
    return Q(organisation_id__in=sorted(organisations)) if organisations else NOTHING


def admissions(actor: Actor) -> Q:
    """Admissions of the schools whose classes the actor writes, and of those that the actor's own office manages."""
    mine, offices = within(actor, Permission.CLASSES_WRITE), managing(actor)
    return mine if mine == EVERYTHING or not offices else mine | Q(organisation__parent_id__in=sorted(offices))


def managing(actor: Actor) -> frozenset[int]:
    """Offices at which the actor plans admissions: those themselves, not the ones below them."""
    granting = permissions.granting(Permission.ADMISSION_PLAN)
    return frozenset(held.organisation for held in actor.held if held.role in granting)


def require_manager(actor: Actor, office_id: int) -> None:
    """Refuse unless the actor works at this very office: a department plans for no school that a commune manages."""
    if not actor.is_system and office_id not in managing(actor):
        raise Forbidden


def classes(actor: Actor, on: date) -> Q:
    """School classes the actor may open.

    All of them for head, clerk and officers; those taught or led today for teachers; those ever attended for pupils
    and guardians, because last year's marks stay theirs.
    """
    return _of_three(
        actor,
        taught=Q(id__in=_worked_in(actor, on)),
        attended=Q(id__in=_attended(actor).values("school_class")),
    )


def class_subjects(actor: Actor, on: date) -> Q:
    """Class-subjects the actor may open: those taught, and all of the classes one leads, attends or oversees."""
    of_led = ClassSubject.objects.filter(led(actor, on, "school_class__")).values("id")
    return _of_three(
        actor,
        taught=Q(id__in=taught(actor, on).values("class_subject").union(of_led)),
        attended=Q(school_class__in=_attended(actor).values("school_class")),
    )


def enrolments(actor: Actor, on: date) -> Q:
    """Enrolments the actor may open: of the classes one teaches or leads, and one's own or a ward's.

    A pupil reads the names of the class in `members`, but opens nobody else's enrolment.
    """
    return _of_three(
        actor,
        taught=Q(school_class__in=_worked_in(actor, on)),
        attended=Q(person_id__in=children(actor)),
    )


def children(actor: Actor) -> frozenset[int]:
    """Ids of the persons whose schooling is the actor's to see: oneself, and one's wards."""
    return actor.wards if actor.person_id is None else actor.wards | {actor.person_id}


def _of_three(actor: Actor, *, taught: Q, attended: Q) -> Q:
    everywhere = within(actor, Permission.CLASSES_READ_ALL)
    if everywhere == EVERYTHING:
        return EVERYTHING
    rule = everywhere
    for permission, rows in (
        (Permission.CLASSES_READ_TAUGHT, taught),
        (Permission.CLASSES_READ_ATTENDED, attended),
    ):
        place = within(actor, permission)
        if place != NOTHING:
            rule = rule | (place & rows)
    return rule


def taught(actor: Actor, on: date) -> QuerySet[TeachingAssignment]:
    """The actor's own teaching assignments on that day."""
    if actor.person_id is None:
        return TeachingAssignment.objects.none()
    work = Q(staff__person_id=actor.person_id) & in_force(on, "staff__")
    return TeachingAssignment.objects.filter(work, in_force(on))


def led(actor: Actor, on: date, path: str = "") -> Q:
    """Classes, reached by `path`, whose homeroom teacher the actor is on that day."""
    if actor.person_id is None:
        return NOTHING
    leader = f"{path}homeroom_teacher__"
    return Q(**{f"{leader}person_id": actor.person_id}) & in_force(on, leader)


def _worked_in(actor: Actor, on: date) -> QuerySet[Any, Any]:
    """Ids of the classes the actor teaches or leads. PostgreSQL begins with a union; an "or" it would ask each row."""
    of_led = SchoolClass.objects.filter(led(actor, on)).values("id")
    return taught(actor, on).values("class_subject__school_class").union(of_led)


def _attended(actor: Actor) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(person_id__in=children(actor))
