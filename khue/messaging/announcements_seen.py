"""Which announcements, and whose copies of them, somebody sees: each rule once, as a Q."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from khue.foundation.actor import Actor
from khue.messaging.access import Permission
from khue.messaging.extensions import rolls
from khue.messaging.models import Announcement, AnnouncementClass, AnnouncementCopy

NOTHING = Q(pk__in=())
Side = AnnouncementCopy.Side


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody follows as staff.

    places  schools whose office the actor works in; None for every school
    led, taught  classes of today the actor leads, and those the actor leads or teaches
    """

    account_id: int
    places: frozenset[int] | None
    led: frozenset[int] = frozenset()
    taught: frozenset[int] = frozenset()

    @property
    def is_staff(self) -> bool:
        return self.places is None or bool(self.places or self.taught)

    def is_office_of(self, organisation_id: int) -> bool:
        return self.places is None or organisation_id in self.places


def reach_of(actor: Actor, on: date) -> Reach:
    """What the actor follows as staff that day. One query for a teacher, none for others."""
    places = actor.organisations(Permission.ANNOUNCEMENT_SEND)
    if actor.person_id is None or not actor.may(Permission.ANNOUNCEMENT_SEND_OWN):
        return Reach(actor.account_id or 0, places)
    own = [roll for roll in rolls.filling.own(actor.person_id, on) if _works_at(actor, roll.organisation_id)]
    return Reach(
        actor.account_id or 0, places, frozenset(roll.class_id for roll in own if roll.is_led),
        frozenset(roll.class_id for roll in own),
    )  # fmt: skip


def _works_at(actor: Actor, organisation_id: int) -> bool:
    return actor.may(Permission.ANNOUNCEMENT_SEND_OWN, organisation_id)


def followed(reach: Reach) -> Q:
    """Announcements seen as staff: all of the own school for its office; for a teacher what was told to the class one
    leads, and what one wrote oneself to a class one still teaches.
    """
    if reach.places is None:
        return Q()
    return followed_at(sorted(reach.places), reach.account_id, sorted(reach.led), sorted(reach.taught))


def followed_at(places: Sequence[int], account_id: int, led: Sequence[int], taught: Sequence[int]) -> Q:
    """The same for who does not follow every school, from the parts of a reach."""
    led_to = Q(told_at__isnull=False) & _is_for(led)
    return Q(organisation_id__in=places) | led_to | Q(made_by_id=account_id) & _is_for(taught)


def _is_for(classes: Sequence[int]) -> Q:
    return Q(Exists(AnnouncementClass.objects.filter(announcement=OuterRef("pk"), class_id__in=classes)))


def copies_followed(reach: Reach, announcement: Announcement) -> Q:
    """Copies of one announcement seen as staff: all for the office, for a teacher those of the own classes."""
    if reach.is_office_of(announcement.organisation_id):
        return Q(announcement=announcement)
    is_own = announcement.made_by_id == reach.account_id
    classes = reach.taught if is_own else reach.led
    return Q(announcement=announcement, class_id__in=sorted(classes))


def own_copies(actor: Actor) -> Q:
    """The actor's own copies: a pupil's, those of the families of its wards, those a guardian answers for oneself.

    `actor.wards` is looked up with every request: who was barred or is guardian no more has none.
    """
    if actor.person_id is None:
        return NOTHING
    rule = Q(side=Side.PUPIL, person_id=actor.person_id)
    if actor.wards:
        wards = sorted(actor.wards)
        rule |= Q(side=Side.FAMILY, person_id__in=wards)
        rule |= Q(side=Side.GUARDIAN, person_id=actor.person_id, child_id__in=wards)
    return rule


def addressed(actor: Actor) -> Q:
    """Announcements of which the actor has a copy."""
    copies = AnnouncementCopy.objects.filter(own_copies(actor), announcement=OuterRef("pk"))
    return Q(Exists(copies), told_at__isnull=False)


def visible(actor: Actor, reach: Reach) -> Q:
    """Announcements the actor may open, as staff or as one they were told to."""
    return followed(reach) | addressed(actor) if reach.is_staff else addressed(actor)
