"""How many lessons a school has on a day, and how many of them nobody gives."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Count, Exists, OuterRef, QuerySet

from khue.foundation.compiled import compiled
from khue.schools import queries as schools
from khue.timetable.models import Absence, Cover, Slot
from khue.timetable.queries.lessons import in_force


@dataclass(frozen=True, slots=True)
class LessonsPlanned:
    """How many lessons a school has on a day, and how many of them nobody gives, for their teacher is away."""

    planned: int = 0
    uncovered: int = 0


def count_lessons(organisation_id: int, day: date) -> LessonsPlanned:
    """The lessons of a school on a day. Two queries."""
    weekday = schools.school_day(organisation_id, day).taught_as
    found = [] if weekday is None else _counted(organisation_id, weekday, day)
    return LessonsPlanned(*found[0]) if found else LessonsPlanned()


@compiled
def _counted(organisation_id: int, weekday: int, day: date) -> QuerySet[Slot, tuple[int, int]]:
    away = Absence.objects.filter(
        staff_id=OuterRef("staff_id"), withdrawn_at=None, starts_on__lte=day, ends_on__gte=day
    )
    given = Cover.objects.filter(slot_id=OuterRef("id"), withdrawn_at=None, day=day)
    rows = in_force(organisation_id, weekday, day).values("weekday")
    counted = rows.annotate(planned=Count("id"), uncovered=Count("id", filter=Exists(away) & ~Exists(given)))
    return cast("QuerySet[Slot, tuple[int, int]]", counted.values_list("planned", "uncovered"))
