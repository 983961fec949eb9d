"""The periods that a school keeps for the same thing in every class."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce

from khue.foundation.compiled import compiled
from khue.timetable.models import Wish, WishKind
from khue.timetable.planning.fixed import FixedPeriod, FixedPeriods


def fixed_periods(organisation_id: int, on: date) -> FixedPeriods:
    """The fixed periods that were asked for and hold on that day. One query."""
    return FixedPeriods(FixedPeriod(*row) for row in _fixed(organisation_id, on))


@compiled
def _fixed(organisation_id: int, on: date) -> QuerySet[Wish, tuple[Any, ...]]:
    in_force = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))
    rows = Wish.objects.filter(in_force, organisation_id=organisation_id, kind=WishKind.FIXED.value)
    rows = rows.annotate(taught=Coalesce(F("subject__name"), Value(""), output_field=TextField())).order_by("id")
    return rows.values_list("title", "weekday", "session", "period", "taught", "grade")
