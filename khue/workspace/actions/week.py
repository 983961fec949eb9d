"""The week of the office: what takes place, and where."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.text import nfc
from khue.workspace.access import Permission
from khue.workspace.models import Occasion, Venue
from khue.workspace.refusals import AlreadyDone, EndsBeforeItStarts, VenueNameTaken, VenueTaken


@transaction.atomic
def add_venue(*, actor: Actor, organisation_id: int, name: str, seats: int | None) -> Venue:
    """Add something that one group at a time can use. Refuses VenueNameTaken."""
    require(actor, Permission.REGISTER_WRITE, within=organisation_id)
    try:
        with transaction.atomic():
            made = Venue.objects.create(organisation_id=organisation_id, name=nfc(name).strip(), seats=seats)
    except IntegrityError:
        raise VenueNameTaken from None
    audit.record(actor, "venue.added", made, name=made.name, seats=seats)
    return made


@transaction.atomic
def plan_occasion(
    *,
    actor: Actor,
    organisation_id: int,
    title: str,
    attended_by: str,
    starts_at: datetime,
    ends_at: datetime,
    venue: Venue | None,
) -> Occasion:
    """Put something into the week, and take its venue for these hours. Of two who ask for it at once, one gets it.

    refuses  EndsBeforeItStarts, VenueTaken with what takes place there
    """
    require(actor, Permission.WORK, within=organisation_id)
    if ends_at <= starts_at:
        raise EndsBeforeItStarts
    try:
        with transaction.atomic():
            made = Occasion.objects.create(
                organisation_id=organisation_id,
                title=nfc(title),
                attended_by=nfc(attended_by),
                starts_at=starts_at,
                ends_at=ends_at,
                venue=venue,
                planned_by_id=actor.person_id,
            )
    except IntegrityError as error:
        if venue is None or "venue_used_once_at_a_time" not in str(error):
            raise
        raise _taken(venue, starts_at, ends_at) from None
    audit.record(actor, "occasion.planned", made, title=title, starts_at=starts_at, ends_at=ends_at)
    return made


@transaction.atomic
def cancel_occasion(*, actor: Actor, occasion: Occasion, at: datetime) -> None:
    """Take something out of the week; its venue is free again. Whoever planned it, or who keeps the week.

    refuses  AlreadyDone
    """
    if occasion.planned_by_id is None or occasion.planned_by_id != actor.person_id:
        require(actor, Permission.REGISTER_WRITE, within=occasion)
    if not Occasion.objects.filter(id=occasion.id, cancelled_at=None).update(cancelled_at=at):
        raise AlreadyDone
    audit.record(actor, "occasion.cancelled", occasion)


def _taken(venue: Venue, starts_at: datetime, ends_at: datetime) -> VenueTaken:
    other = Occasion.objects.filter(venue=venue, cancelled_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at)
    found = other.order_by("starts_at").first()
    if found is None:  # cancelled meanwhile
        return VenueTaken(venue=venue.name, title="", hours="")
    hours = "–".join(timezone.localtime(each, VIETNAM).strftime("%H:%M") for each in (found.starts_at, found.ends_at))
    return VenueTaken(venue=venue.name, title=found.title, hours=hours)
