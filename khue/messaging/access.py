"""Who tells whom, and who sees what became of it."""

from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor
from khue.identity.models import Role


class Permission(StrEnum):
    """Permissions of messaging."""

    MESSAGE_SEND = "messaging:message:send"
    NOTICE_SEND = "messaging:notice:send"  # to everybody of the organisation and below
    NOTICE_SEND_OWN = "messaging:notice:send_own"  # to the classes one teaches
    DELIVERY_READ = "messaging:delivery:read"
    DELIVERY_READ_OWN = "messaging:delivery:read_own"  # of messages that follow from the own acts
    ANNOUNCEMENT_SEND = "messaging:announcement:send"  # to every class of the school; surveys too
    ANNOUNCEMENT_SEND_OWN = "messaging:announcement:send_own"  # to the classes one teaches
    CONSENT_ASK = "messaging:consent:ask"  # of every family of the school
    CONSENT_ASK_OWN = "messaging:consent:ask_own"  # of the families of the class one leads


#: Roles of a family: what they are told about a child they read while the child is theirs, and no longer.
FAMILY = frozenset({Role.PUPIL.value, Role.GUARDIAN.value})

#: Roles of offices above the schools.
OFFICES = frozenset({Role.DEPARTMENT_OFFICER.value, Role.MINISTRY_OFFICER.value})


def own_deliveries(actor: Actor) -> Q:
    """What was told to the actor in the application, without what is about a child it may see no more.

    A guardian whom a court has barred, or whose guardianship ended, keeps the letters in no door: `actor.wards` is
    looked up with every request. Staff read on what they were told about the pupils of their organisations.
    """
    if actor.person_id is None:
        return Q(pk__in=())
    told = Q(recipient_id=actor.person_id, channel="app")
    staff = [held for held in actor.held if held.role not in FAMILY]
    if any(held.covers is None for held in staff):
        return told
    children = sorted({actor.person_id, *actor.wards})
    readable = Q(message__about=None) | Q(message__about_id__in=children)
    places = frozenset[int]().union(*(held.covers or frozenset() for held in staff))
    return told & (readable | Q(organisation_id__in=sorted(places)) if places else readable)


def told_messages(actor: Actor) -> Q:
    """Messages whose fate the actor may follow: those of the school for its office, for a teacher what followed from
    the own rolls and marks, in the schools where the actor still works.
    """
    places = actor.organisations(Permission.DELIVERY_READ)
    if places is None and actor.is_system:
        return Q()
    # An office follows what it told itself, not what the schools below it tell their families.
    offices = {h.organisation for h in actor.held if h.role in OFFICES}
    own = actor.organisations(Permission.DELIVERY_READ_OWN) or frozenset()
    caused = Q(caused_by_id=actor.account_id, organisation_id__in=sorted(own)) if own else Q(pk__in=())
    followed = sorted((places or frozenset()) | offices)
    return Q(organisation_id__in=followed) | caused if followed else caused
