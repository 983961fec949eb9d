"""Who publishes, who approves, who sees which resource."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor
from khue.foundation.models import StoredFile
from khue.library.models import Resource


class Permission(StrEnum):
    """Permissions of the library."""

    RESOURCE_PUBLISH = "library:resource:publish"
    RESOURCE_APPROVE = "library:resource:approve"


def resources(actor: Actor) -> Q:
    """Resources the actor may open: of the own places, and those approved for everyone. Withdrawn ones to nobody."""
    kept = Q(withdrawn_at=None)
    if actor.is_system or any(held.covers is None for held in actor.held):
        return kept
    places = frozenset[int]().union(*(held.covers or frozenset() for held in actor.held))
    everyone = Q(audience=Resource.Audience.EVERYONE, approved_at__isnull=False)
    return kept & (everyone | Q(organisation_id__in=sorted(places)))


def may_upload(actor: Actor, organisation_id: int | None) -> bool:
    """Whether the actor may bring a file for a resource."""
    return organisation_id is not None and actor.may(Permission.RESOURCE_PUBLISH, organisation_id)


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Whether the actor may download a resource's file: whoever may open a resource that has it."""
    return Resource.objects.filter(resources(actor), file=file).exists()
