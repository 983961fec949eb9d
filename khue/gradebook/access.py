"""Who may do what with marks."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor


class Permission(StrEnum):
    """Permissions of the mark-book; a subject teacher's reach only the class-subjects assigned to them."""

    MARK_READ = "gradebook:mark:read"
    MARK_WRITE = "gradebook:mark:write"
    BOOK_LOCK = "gradebook:book:lock"
    CORRECTION_DECIDE = "gradebook:correction:decide"


def books(actor: Actor) -> Q:
    """Mark-books of the organisations where the actor may read marks; which classes, schools.access says."""
    places = actor.organisations(Permission.MARK_READ)
    return Q() if places is None else Q(organisation_id__in=sorted(places))
