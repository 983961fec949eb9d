"""Who writes for the public, and who answers for it."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor


class Permission(StrEnum):
    """Permissions of the public word."""

    WRITE = "news:article:write"
    PUBLISH = "news:article:publish"  # publish, withdraw, open a campaign


#: What anybody may read. The policy of the table says the same: an article of another place is read by everybody.
PUBLISHED = Q(published_at__isnull=False, withdrawn_at=None)


def writes_for(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor works at this very place and writes in its name: a department does not write for a school."""
    return actor.may(Permission.WRITE, organisation_id) and any(h.organisation == organisation_id for h in actor.held)


def own_articles(actor: Actor) -> Q:
    """Articles in whose place's name the actor writes, drafts and withdrawn ones too."""
    return Q(organisation_id__in=sorted({h.organisation for h in actor.held if writes_for(actor, h.organisation)}))


def articles_below(actor: Actor) -> Q:
    """Articles of the actor's places and of all bodies below them."""
    places = actor.organisations(Permission.WRITE)
    return Q() if places is None else Q(organisation_id__in=sorted(places))
