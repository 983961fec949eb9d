"""Who keeps the registers, who decides, and who of the staff sees which document and task."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor


class Permission(StrEnum):
    """Permissions of the workspace."""

    WORK = "workspace:work:share"  # draft documents, be given tasks, see the week and book what can be booked
    REGISTER_WRITE = "workspace:register:write"  # register what arrives, number what leaves, keep the week
    DECIDE = "workspace:document:decide"  # assign, approve, send back


def visible_documents(actor: Actor) -> Q:
    """All documents of the offices whose registers the actor keeps; else those drafted by or assigned to the actor."""
    return _of_the_office_or(actor, Q(drafter_id=actor.person_id) | Q(handler_id=actor.person_id))


def visible_tasks(actor: Actor) -> Q:
    """All tasks of those offices; else those the actor gave or was given."""
    return _of_the_office_or(actor, Q(assignee_id=actor.person_id) | Q(given_by_id=actor.person_id))


def visible_occasions(actor: Actor) -> Q:
    """The week of every place where the actor works."""
    places = actor.organisations(Permission.WORK)
    return Q() if places is None else Q(organisation_id__in=sorted(places))


def _of_the_office_or(actor: Actor, own: Q) -> Q:
    offices, places = actor.organisations(Permission.REGISTER_WRITE), actor.organisations(Permission.WORK)
    if offices is None or places is None:
        return Q()
    mine = own & Q(organisation_id__in=sorted(places)) if actor.person_id else Q(pk__in=())
    return Q(organisation_id__in=sorted(offices)) | mine if offices else mine
