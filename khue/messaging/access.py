"""Who tells whom, and who sees what became of it."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor


class Permission(StrEnum):
    """Permissions of messaging."""

    MESSAGE_SEND = "messaging:message:send"
    DELIVERY_READ = "messaging:delivery:read"


def own_deliveries(actor: Actor) -> Q:
    """What was told to the actor in the application."""
    return Q(recipient_id=actor.person_id, channel="app") if actor.person_id is not None else Q(pk__in=())


def told_messages(actor: Actor) -> Q:
    """Messages whose fate the actor may follow."""
    places = actor.organisations(Permission.DELIVERY_READ)
    return Q() if places is None else Q(organisation_id__in=sorted(places))
