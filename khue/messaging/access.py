"""Who tells whom, and who sees what became of it."""

from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q

from khue.foundation.actor import Actor
from khue.identity.models import Role
from khue.messaging.models import Delegation, Report


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
    TALK_AS_STAFF = "messaging:conversation:staff"  # with the families of the children one teaches
    TALK_AS_FAMILY = "messaging:conversation:family"  # with the teachers of the own children, or one's own
    TALK_RULES = "messaging:conversation:rules"  # what the school has decided about conversations
    TALK_DELEGATE = "messaging:conversation:delegate"  # have somebody answer for any teacher of the school
    REPORT_DECIDE = "messaging:report:decide"  # reads what was reported, and no other conversation


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


def conversations(actor: Actor, on: date) -> Q:
    """Conversations the actor may open, and nobody else: no role gives a look into other people's.

    A teacher keeps what was written when teaching ends. Whoever stands in opens them between the days of the
    delegation. A guardian opens those about `actor.wards`, looked up with every request: one whom a court barred, or
    whose guardianship ended, has none. A pupil opens those it takes part in.
    """
    person = actor.person_id
    if person is None:
        return Q(pk__in=())
    found = Q(pk__in=())
    staff = actor.organisations(Permission.TALK_AS_STAFF)
    if staff:
        of_teacher = Q(teacher_id=OuterRef("teacher_id"), organisation_id=OuterRef("organisation_id"))
        away = Delegation.objects.filter(stands_in(on), of_teacher, substitute_id=person)
        found |= Q(organisation_id__in=sorted(staff)) & (Q(teacher_id=person) | Q(Exists(away)))
    if actor.may(Permission.TALK_AS_FAMILY):
        found |= Q(child_id=person, with_pupil=True)
        if actor.wards:
            found |= Q(child_id__in=sorted(actor.wards))
    return found


def stands_in(on: date) -> Q:
    """Delegations that hold on that day."""
    return Q(ended_at=None, first_on__lte=on, last_on__gte=on)


def own_delegations(actor: Actor) -> Q:
    """Delegations from the actor or to the actor."""
    person = actor.person_id or 0
    return Q(teacher_id=person) | Q(substitute_id=person)


def at_schools(places: frozenset[int] | None) -> Q:
    """Rows of these schools; None for all."""
    return Q() if places is None else Q(organisation_id__in=sorted(places))


def reports(actor: Actor) -> Q:
    """Reports the actor decides: of the own schools, never about a line the actor wrote."""
    places = actor.organisations(Permission.REPORT_DECIDE)
    if places is not None and not places:
        return Q(pk__in=())
    return at_schools(places) & ~Q(line__author_id=actor.person_id or 0)


def reported(actor: Actor, line_id: int) -> bool:
    """Whether the line was reported to an office in which the actor decides. One query at most."""
    return actor.may(Permission.REPORT_DECIDE) and Report.objects.filter(reports(actor), line_id=line_id).exists()
