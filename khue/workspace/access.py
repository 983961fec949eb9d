"""Who keeps the registers, who decides, and who of the staff sees which document and task."""

from collections.abc import Collection
from enum import StrEnum

from django.db.models import Q

from khue.foundation.actor import Actor
from khue.workspace.models import Attendance, Decision, StaffLeave


class Permission(StrEnum):
    """Permissions of the workspace."""

    WORK = "workspace:work:share"  # draft documents, be given tasks, see the week and book what can be booked
    REGISTER_WRITE = "workspace:register:write"  # register what arrives, number what leaves, keep the week
    DECIDE = "workspace:document:decide"  # assign, approve, send back; tasks, leave, minutes
    DECIDE_BOARD = "workspace:leave:decide_board"  # leave of who decides at a school that the own office manages
    HOMEROOM = "workspace:homeroom:share"  # the folder of the homeroom teachers


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


def decided_by(actor: Actor) -> Q:
    """Rows of the offices where the actor decides."""
    places = actor.organisations(Permission.DECIDE)
    return Q() if places is None else Q(organisation_id__in=sorted(places))


def kept_by(actor: Actor) -> Q:
    """Rows of the offices whose registers the actor keeps."""
    places = actor.organisations(Permission.REGISTER_WRITE)
    return Q() if places is None else Q(organisation_id__in=sorted(places))


def visible_leave(actor: Actor, offices: Collection[int]) -> Q:
    """All leave where the actor decides; else one's own, and where one stands in for a colleague.

    offices  from `offices_of`
    """
    own = Q(person_id=actor.person_id) | Q(covered_by_id=actor.person_id, state="approved")
    return _decided_or(actor, offices, own)


def leave_papers(actor: Actor) -> Q:
    """Leave whose papers the actor may read: where one decides, and one's own."""
    return _decided_or(actor, offices_of(actor), Q(person=actor.person_id))


def decided_leave(actor: Actor, offices: Collection[int]) -> Q:
    """Leave on which the actor decides: of the staff of the own school, and of the boards of schools managed.

    offices  from `offices_of`
    """
    if actor.organisations(Permission.DECIDE) is None:  # an empty Q means everything, and "or" would forget it
        return Q()
    return decided_by(actor) | Q(of_board=True, organisation__parent_id__in=offices)


def decides_on(actor: Actor, leave: StaffLeave) -> bool:
    """Whether the actor answers this leave: never the own.

    The staff's is answered by whoever decides at the school, a colleague's of the board too. Where the board is one
    person, nobody below answers for a head: the body that manages the school does. docs/decisions/0220
    """
    if leave.person_id == actor.person_id:
        return False
    above = leave.of_board and leave.organisation.parent_id in offices_of(actor)
    return above or actor.may(Permission.DECIDE, leave)


def offices_of(actor: Actor) -> list[int]:
    """The bodies for which the actor answers boards: those a role is held on, not those below them."""
    held = {held.organisation for held in actor.held}
    return sorted(place for place in held if actor.may(Permission.DECIDE_BOARD, place))


def _decided_or(actor: Actor, offices: Collection[int], own: Q) -> Q:
    decided = decided_leave(actor, offices)
    return decided | own if actor.person_id and decided else decided


def visible_meetings(actor: Actor) -> Q:
    """All minutes of the offices whose registers the actor keeps; else of meetings one led, wrote down or was at."""
    was_there = Q(id__in=Attendance.objects.filter(person_id=actor.person_id or 0).values("meeting"))
    asked = Q(agreed_at__isnull=False) & Q(
        id__in=Decision.objects.filter(assignee_id=actor.person_id or 0).values("meeting")
    )
    return _of_the_office_or(actor, Q(chair_id=actor.person_id) | Q(secretary_id=actor.person_id) | was_there | asked)
