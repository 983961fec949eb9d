"""When the lessons of a school's day begin: for whoever counts hundreds of them and names a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from khue.foundation.compiled import compiled
from khue.schools import queries as schools
from khue.timetable.models import Slot
from khue.timetable.queries.lessons import hour_of, hours_of, in_force, moved


@dataclass(frozen=True, slots=True)
class PeriodOfDay:
    """The lessons of a school that begin together. starts_at is None without bells; slot_ids in no order."""

    session: str
    period: int
    starts_at: time | None
    slot_ids: Sequence[int]


def beginnings_of_school(organisation_id: int, day: date) -> list[PeriodOfDay]:
    """The slots of a school's day by when they begin, in order; a campus may have its own bells. Three queries."""
    weekday = schools.school_day(organisation_id, day).taught_as
    if weekday is None:
        return []
    hours = hours_of(organisation_id)
    has_own_bells = any(campus is not None for campus, _session, _period in hours)
    together: dict[tuple[int | None, str, int], list[int]] = {}
    for slot_id, session, period, *campus in (_places_by_campus if has_own_bells else _places)(
        organisation_id, weekday, day
    ):
        together.setdefault((campus[0] if campus else None, session, period), []).append(slot_id)
    found = [
        PeriodOfDay(session, period, hour_of(hours, campus, session, period)[0], slot_ids)
        for (campus, session, period), slot_ids in together.items()
    ]
    return sorted(found, key=lambda part: (part.session, part.period))


@compiled
def _places(organisation_id: int, weekday: int, day: date) -> QuerySet[Slot, tuple[int, str, int]]:
    """Slot, half-day, period. In no order: whoever reads hundreds of them wants to know of a few which they are."""
    slots = moved(in_force(organisation_id, weekday, day), day, day).annotate(at=Coalesce("moved__period", "period"))
    return slots.order_by().values_list("id", "session", "at")


@compiled
def _places_by_campus(
    organisation_id: int, weekday: int, day: date
) -> QuerySet[Slot, tuple[int, str, int, int | None]]:
    """The same, each with the campus of its class: where a campus has bells of its own."""
    slots = moved(in_force(organisation_id, weekday, day), day, day).annotate(at=Coalesce("moved__period", "period"))
    return slots.order_by().values_list("id", "session", "at", "class_subject__school_class__campus_id")
