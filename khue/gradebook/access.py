"""Who may do what with marks and years."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, SchoolClass


class Permission(StrEnum):
    """Permissions of the mark-book; a subject teacher's reach only the class-subjects assigned to them."""

    MARK_READ = "gradebook:mark:read"
    MARK_WRITE = "gradebook:mark:write"
    BOOK_LOCK = "gradebook:book:lock"
    CORRECTION_DECIDE = "gradebook:correction:decide"
    RESULT_READ = "gradebook:result:read"
    CLASS_WRITE = "gradebook:class:write"  # conduct, remarks, the meeting: of the class one leads
    YEAR_DECIDE = "gradebook:year:decide"  # the head: approves, settles, exempts
    WINDOW_WRITE = "gradebook:window:write"


def books(actor: Actor) -> Q:
    """Mark-books of the organisations where the actor may read marks; which classes, schools.access says."""
    places = actor.organisations(Permission.MARK_READ)
    return Q() if places is None else Q(organisation_id__in=sorted(places))


def oversees(actor: Actor, school_class: SchoolClass) -> bool:
    """Whether the actor sees all results of the class: its homeroom teacher, the head. At most one query."""
    if not actor.may(Permission.RESULT_READ, school_class):
        return False
    return actor.may(Permission.YEAR_DECIDE, school_class) or schools.is_homeroom_of(actor, school_class)


def refuse_unless_leading(actor: Actor, school_class: SchoolClass) -> None:
    """Forbidden to whoever is neither the homeroom teacher of the class nor its head. At most one query."""
    if actor.is_system or actor.may(Permission.YEAR_DECIDE, school_class):
        return
    if not schools.is_homeroom_of(actor, school_class):
        raise Forbidden


def refuse_unless_teaching(actor: Actor, class_subject: ClassSubject) -> None:
    """Forbidden to whoever does not teach it. At most one query."""
    if not actor.is_system and not schools.teaches(actor, class_subject):
        raise Forbidden
