"""Where lessons that changed places are on their day."""

from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from khue.foundation.compiled import compiled
from khue.timetable.models import Move


def moves_between(organisation_id: int, first: date, last: date) -> dict[tuple[int, date], int]:
    """The period of every lesson that changed places on one of these days, by slot and day. One query."""
    return {(slot, day): period for slot, day, period in _between(organisation_id, first, last)}


@compiled
def _between(organisation_id: int, first: date, last: date) -> QuerySet[Move, tuple[int, date, int]]:
    rows = Move.objects.filter(organisation_id=organisation_id, withdrawn_at=None, day__gte=first, day__lte=last)
    return rows.values_list("slot_id", "day", "period")


def period_on(slot_id: int, day: date) -> int | None:
    """The period of a lesson that changed places that day; None where it is in its own. One query."""
    return next(iter(_on(slot_id, day)), None)


@compiled
def _on(slot_id: int, day: date) -> QuerySet[Move, int]:
    return Move.objects.filter(slot_id=slot_id, day=day, withdrawn_at=None).values_list("period", flat=True)


def held_period(lesson: str = "") -> Coalesce:
    """For rows that name a slot and a day: the period the lesson was held in, also where it had changed places.

    lesson  the way from the row to what has `slot` and `day`, as lookups write it: "", "lesson__"
    """
    moved = Move.objects.filter(slot=OuterRef(f"{lesson}slot"), day=OuterRef(f"{lesson}day"), withdrawn_at=None)
    return Coalesce(Subquery(moved.values("period")[:1]), F(f"{lesson}slot__period"))
