"""Who builds courses and who learns in them. Whose classes, schools.access says."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor


class Permission(StrEnum):
    """Permissions of learning; a subject teacher's reach only the class-subjects assigned to them."""

    COURSE_WRITE = "learning:course:write"
    LESSON_DO = "learning:lesson:do"


def lessons(actor: Actor) -> Q:
    """Lessons the actor may open within the courses it sees: published ones, and drafts to those who build courses."""
    published = Q(published_at__isnull=False)
    places = actor.organisations(Permission.COURSE_WRITE)
    return Q() if places is None else published | Q(organisation_id__in=sorted(places))
