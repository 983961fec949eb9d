"""The week of an office, and what can be booked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.workspace import access
from khue.workspace.models import Occasion, Venue

#: The hours of a day in which venues are offered; others can be booked by typing them.
OPENS, CLOSES = time(6), time(21)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week with what takes place, in order."""

    on: date
    occasions: list[Occasion]


def week(actor: Actor, monday: date) -> list[Day]:
    """Seven days of all places where the actor works. One query.

    monday  the first day
    """
    found = _between(actor, _midnight(monday), _midnight(monday + timedelta(days=7)))
    return [Day(on, [each for each in found if _touches(each, on)]) for on in _days(monday)]


@compiled
def _between(actor: Actor, begins: datetime, ends: datetime) -> QuerySet[Occasion]:
    rows = Occasion.objects.filter(
        access.visible_occasions(actor), cancelled_at=None, starts_at__lt=ends, ends_at__gt=begins
    )
    return rows.select_related("venue", "planned_by").order_by("starts_at", "id")


def visible_occasions(actor: Actor) -> QuerySet[Occasion]:
    """What takes place, or took place, where the actor works. Page before use."""
    return Occasion.objects.filter(access.visible_occasions(actor), cancelled_at=None).select_related("venue")


def occasion_of(actor: Actor, public_id: UUID) -> Occasion:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(Occasion.objects.filter(access.visible_occasions(actor)), public_id=public_id)


def venues(organisation_id: int) -> list[Venue]:
    """What can be booked there, by name. One query."""
    return list(Venue.objects.filter(organisation_id=organisation_id).order_by("name", "id"))


def venue_of(organisation_id: int, public_id: UUID) -> Venue:
    """Raises NotFound."""
    return one(Venue.objects.filter(organisation_id=organisation_id), public_id=public_id)


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=each) for each in range(7)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def _touches(occasion: Occasion, day: date) -> bool:
    return occasion.starts_at < _midnight(day + timedelta(days=1)) and occasion.ends_at > _midnight(day)


@dataclass(frozen=True, slots=True)
class VenueDay:
    """One venue on one day: what takes place, and the hours between that are free, of those that can be booked."""

    venue: Venue
    spans: list["Span"]


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant to an instant, free or taken."""

    starts_at: datetime
    ends_at: datetime
    occasion: Occasion | None


def venue_days(organisation_id: int, day: date) -> list[VenueDay]:
    """Every venue of an office on a day from OPENS to CLOSES. Two queries."""
    opens, closes = datetime.combine(day, OPENS, VIETNAM), datetime.combine(day, CLOSES, VIETNAM)
    rows = Occasion.objects.filter(
        organisation_id=organisation_id,
        venue__isnull=False,
        cancelled_at=None,
        starts_at__lt=closes,
        ends_at__gt=opens,
    )
    taken: dict[int | None, list[Occasion]] = {}
    for row in rows.select_related("planned_by").order_by("starts_at"):
        taken.setdefault(row.venue_id, []).append(row)
    return [VenueDay(venue, _spans(taken.get(venue.id, []), opens, closes)) for venue in venues(organisation_id)]


def _spans(taken: list[Occasion], opens: datetime, closes: datetime) -> list[Span]:
    spans, free_from = [], opens
    for each in taken:
        if each.starts_at > free_from:
            spans.append(Span(free_from, each.starts_at, None))
        spans.append(Span(each.starts_at, each.ends_at, each))
        free_from = max(free_from, each.ends_at)
    if free_from < closes:
        spans.append(Span(free_from, closes, None))
    return spans
