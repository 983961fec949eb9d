"""The week of the office: what takes place, and where."""

from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.ids import uuid7
from khue.foundation.text import nfc
from khue.workspace.access import Permission
from khue.workspace.models import Occasion, Venue
from khue.workspace.refusals import (
    AlreadyDone,
    EndsBeforeItStarts,
    SeriesClashes,
    SeriesTooLong,
    VenueNameTaken,
    VenueTaken,
)

MOST_WEEKS = 53


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
def plan_series(
    *,
    actor: Actor,
    organisation_id: int,
    title: str,
    attended_by: str,
    starts_at: datetime,
    ends_at: datetime,
    venue: Venue | None,
    until: date,
) -> list[Occasion]:
    """Put the same into every week until a day: all of them, or none where the venue is taken on one of the days.

    until    the last day that may still have one
    refuses  SeriesTooLong; SeriesClashes with the days; what plan_occasion refuses
    """
    require(actor, Permission.WORK, within=organisation_id)
    starts = weekly(starts_at, until)
    if len(starts) < 2:
        raise SeriesTooLong
    length = ends_at - starts_at
    if venue is not None:
        _refuse_clashes(venue, [(start, start + length) for start in starts])
    series = uuid7()
    made = [
        plan_occasion(
            actor=actor, organisation_id=organisation_id, title=title, attended_by=attended_by, starts_at=start,
            ends_at=start + length, venue=venue,
        )
        for start in starts
    ]  # fmt: skip
    Occasion.objects.filter(id__in=[each.id for each in made]).update(series=series)
    return made


def weekly(starts_at: datetime, until: date) -> list[datetime]:
    """The same hour of every week from the first one until a day; none where that is more than a year away."""
    found: list[datetime] = []
    day = timezone.localtime(starts_at, VIETNAM)
    while day.date() <= until and len(found) <= MOST_WEEKS:
        found.append(day)
        day += timedelta(days=7)
    return found if len(found) <= MOST_WEEKS else []


def _refuse_clashes(venue: Venue, spans: list[tuple[datetime, datetime]]) -> None:
    taken = reduce(or_, (Q(starts_at__lt=ends, ends_at__gt=starts) for starts, ends in spans))
    found = Occasion.objects.filter(taken, venue=venue, cancelled_at=None).order_by("starts_at")
    days = [timezone.localtime(each, VIETNAM).strftime("%d/%m") for each in found.values_list("starts_at", flat=True)]
    if days:
        raise SeriesClashes(venue=venue.name, days=", ".join(dict.fromkeys(days)))


@transaction.atomic
def cancel_series(*, actor: Actor, occasion: Occasion, at: datetime) -> int:
    """Take an occasion and all that repeat it later out of the week. Returns how many. Refuses AlreadyDone."""
    _require_planner(actor, occasion)
    if occasion.series is None:
        raise AlreadyDone
    rows = Occasion.objects.filter(
        organisation_id=occasion.organisation_id,
        series=occasion.series,
        starts_at__gte=occasion.starts_at,
        cancelled_at=None,
    )
    count = rows.update(cancelled_at=at)
    if not count:
        raise AlreadyDone
    audit.record(actor, "occasion.cancelled", occasion, count=count)
    return count


@transaction.atomic
def cancel_occasion(*, actor: Actor, occasion: Occasion, at: datetime) -> None:
    """Take something out of the week; its venue is free again. Whoever planned it, or who keeps the week.

    refuses  AlreadyDone
    """
    _require_planner(actor, occasion)
    if not Occasion.objects.filter(id=occasion.id, cancelled_at=None).update(cancelled_at=at):
        raise AlreadyDone
    audit.record(actor, "occasion.cancelled", occasion)


def _require_planner(actor: Actor, occasion: Occasion) -> None:
    if occasion.planned_by_id is None or occasion.planned_by_id != actor.person_id:
        require(actor, Permission.REGISTER_WRITE, within=occasion)


def _taken(venue: Venue, starts_at: datetime, ends_at: datetime) -> VenueTaken:
    other = Occasion.objects.filter(venue=venue, cancelled_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at)
    found = other.order_by("starts_at").first()
    if found is None:  # cancelled meanwhile
        return VenueTaken(venue=venue.name, title="", hours="")
    hours = "–".join(timezone.localtime(each, VIETNAM).strftime("%H:%M") for each in (found.starts_at, found.ends_at))
    return VenueTaken(venue=venue.name, title=found.title, hours=hours)
