"""Who may change a timetable. Whoever sees a class or a lesson's teacher sees its lessons."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor


class Permission(StrEnum):
    """Permissions of the timetable."""

    TIMETABLE_READ = "timetable:timetable:read"  # of the classes and people one sees anyway
    TIMETABLE_WRITE = "timetable:timetable:write"


def planned_at(actor: Actor) -> Q:
    """Rows of the schools whose timetable the actor makes."""
    places = actor.organisations(Permission.TIMETABLE_WRITE)
    if places is None:
        return Q()
    return Q(organisation_id__in=sorted(places)) if places else Q(pk__in=())
