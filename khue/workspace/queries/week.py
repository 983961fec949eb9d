"""The week of an office, and what can be booked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.record import one
from khue.workspace import access
from khue.workspace.models import Occasion, Venue


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week with what takes place, in order."""

    on: date
    occasions: list[Occasion]


def week(actor: Actor, monday: date) -> list[Day]:
    """Seven days of all places where the actor works. One query.

    monday  the first day
    """
    ends = _midnight(monday + timedelta(days=7))
    rows = Occasion.objects.filter(
        access.visible_occasions(actor), cancelled_at=None, starts_at__lt=ends, ends_at__gt=_midnight(monday)
    )
    found = list(rows.select_related("venue", "planned_by").order_by("starts_at", "id"))
    return [Day(on, [each for each in found if _touches(each, on)]) for on in _days(monday)]


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
