"""Who may see and change whom, each rule once."""

from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.clock import today
from khue.registry.models import Affiliation, Guardianship


class Permission(StrEnum):
    PERSON_READ = "registry:person:read"
    PERSON_WRITE = "registry:person:write"
    GUARDIAN_WRITE = "registry:guardian:write"
    ORGANISATION_WRITE = "registry:organisation:write"
    CAMPUS_WRITE = "registry:campus:write"
    ROOT_WRITE = "registry:root:write"
    REFERENCE_WRITE = "registry:reference:write"


def people(actor: Actor, on: date | None = None) -> Q:
    """Oneself, one's wards unless barred by a court, and everybody who belongs to an organisation one works for.

    on  today unless told: a compiled query is told
    """
    seen = Q(id=actor.person_id) | Q(Exists(wards(actor.person_id, on).filter(child_id=OuterRef("id"))))
    if not actor.person_id:
        seen = Q(pk__in=[])
    places = actor.organisations(Permission.PERSON_READ)
    if places is None:
        return Q()
    if not places:
        return seen
    members = Affiliation.objects.filter(person_id=OuterRef("id"), organisation_id__in=places)
    return seen | Q(organisation_id__in=places) | Q(Exists(members))


def wards(guardian_id: int | None, on: date | None = None) -> QuerySet[Guardianship]:
    """Guardianships in force on a day, today unless told, that no court has barred."""
    return Guardianship.objects.filter(in_force(on), guardian_id=guardian_id, is_barred=False)


def in_force(on: date | None = None) -> Q:
    """Begun and not ended on a day, today unless told."""
    day = on or today()
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
