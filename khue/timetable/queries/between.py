"""The lessons from one day to another: of a class, of people, of a room."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Q, QuerySet

from khue.foundation.compiled import compiled
from khue.schools import queries as schools
from khue.schools.queries import SchoolDay
from khue.timetable.models import Cover, Slot
from khue.timetable.queries.lessons import (
    FIELDS,
    Hours,
    Lesson,
    SlotRow,
    covered,
    hours_at_each,
    hours_of,
    lesson_of,
    moved,
)
from khue.timetable.weeks import PlannedSlot, lessons_by_day


def lessons_of_staff(organisation_id: int, staff_ids: Collection[int], day: date) -> list[Lesson]:
    """The lessons a teacher gives on a day, in order; none on a holiday. Four queries."""
    days = [schools.school_day(organisation_id, day)]
    if days[0].taught_as is None:
        return []
    return lessons_between(organisation_id, days, Whose(staff_ids=list(staff_ids)), hours_of(organisation_id))


def lessons_of_staff_between(organisation_id: int, staff_ids: Collection[int], first: date, last: date) -> list[Lesson]:
    """The lessons a teacher gives from one day to another, both included, in order. Four queries, however long."""
    days = schools.school_days_between(organisation_id, first, last)
    return lessons_between(organisation_id, days, Whose(staff_ids=list(staff_ids)), hours_of(organisation_id))


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose lessons are meant: of one kind. Of staff: the lessons these people give, also for others."""

    class_id: int | None = None
    staff_ids: Sequence[int] | None = None
    room_id: int | None = None


def lessons_between(organisation_id: int, days: Sequence[SchoolDay], whose: Whose, hours: Hours) -> list[Lesson]:
    """What is taught on these days, in order. One query, for teachers two."""
    first, last, slot_ids = days[0].day, days[-1].day, None
    if whose.staff_ids is not None:
        slot_ids = _given(organisation_id, first, last, whose.staff_ids)
        if not slot_ids:
            return []
    rows = _slots_between(organisation_id, first, last, whose.class_id, slot_ids, whose.room_id)
    return _laid(rows, days, hours, whose.staff_ids)


def lessons_of_classes(days: Mapping[tuple[int, int], Sequence[SchoolDay]]) -> dict[int, list[Lesson]]:
    """What is taught to each class on its school's days, in order, by class. Two queries, none where there are no days.

    days  by school and class
    """
    if not days:
        return {}
    places, classes = sorted({place for place, _class in days}), sorted({key for _place, key in days})
    first, last = min(each[0].day for each in days.values()), max(each[-1].day for each in days.values())
    hours = hours_at_each(places)
    rows: dict[int, list[tuple[Any, ...]]] = {key: [] for key in classes}
    for key, *row in _slots_of_classes(places, first, last, classes):
        rows[key].append(tuple(row))
    return {key: _laid(rows[key], each, hours[place]) for (place, key), each in days.items()}


def _laid(
    rows: Iterable[tuple[Any, ...]], days: Sequence[SchoolDay], hours: Hours, staff_ids: Sequence[int] | None = None
) -> list[Lesson]:
    """The slots on the days, each where and by whom it is taught; of these people alone where they are named."""
    planned: dict[int, PlannedSlot[tuple[int, SlotRow]]] = {}
    covers: dict[tuple[int, date], tuple[int, str]] = {}
    moves: dict[tuple[int, date], int | None] = {}
    for weekday, valid_from, valid_to, staff, day, substitute, moved_on, *fields in rows:
        row = cast(SlotRow, tuple(fields))
        planned[row[0]] = PlannedSlot(weekday, row[2], row[3], valid_from, valid_to, (staff, row))
        if day is not None:
            covers[row[0], day] = (substitute, row[-1] or "")
        if moved_on is not None:
            moves[row[0], moved_on] = row[-2]
    found: list[Lesson] = []
    for day, taught in lessons_by_day(days, list(planned.values())).items():
        of_day = []
        for slot in taught:
            staff, row = slot.item
            gives, name = covers.get((row[0], day), (staff, ""))
            if staff_ids is None or gives in staff_ids:
                of_day.append(lesson_of((*row[:-2], moves.get((row[0], day)), name), day, hours))
        found += sorted(of_day, key=lambda lesson: (lesson.session, lesson.period))
    return found


@compiled
def _slots_between(
    organisation_id: int,
    first: date,
    last: date,
    class_id: int | None,
    slot_ids: Sequence[int] | None,
    room_id: int | None,
) -> QuerySet[Slot, tuple[Any, ...]]:
    """Weekday, first and last day, staff, day and staff of a cover, day of a move, then as FIELDS."""
    slots = _valid_between(first, last).filter(organisation_id=organisation_id)
    slots = moved(covered(slots, first, last), first, last)
    if class_id is not None:
        slots = slots.filter(class_subject__school_class_id=class_id)
    if slot_ids is not None:
        slots = slots.filter(id__in=slot_ids)
    if room_id is not None:
        slots = slots.filter(room_id=room_id)
    return slots.order_by("id").values_list(*_LAID, *FIELDS)


_LAID = (
    "weekday", "version__valid_from", "version__valid_to", "staff_id", "cover__day", "cover__staff_id", "moved__day",
)  # fmt: skip


@compiled
def _slots_of_classes(
    places: Sequence[int], first: date, last: date, classes: Sequence[int]
) -> QuerySet[Slot, tuple[Any, ...]]:
    """The class, then as above."""
    slots = moved(covered(_valid_between(first, last), first, last), first, last)
    slots = slots.filter(organisation_id__in=places, class_subject__school_class_id__in=classes)
    return slots.order_by("id").values_list("class_subject__school_class_id", *_LAID, *FIELDS)


def _valid_between(first: date, last: date) -> QuerySet[Slot]:
    overlapping = Q(version__valid_from__lte=last) & (Q(version__valid_to=None) | Q(version__valid_to__gte=first))
    return Slot.objects.filter(overlapping)


@compiled
def _given(organisation_id: int, first: date, last: date, staff_ids: Sequence[int]) -> QuerySet[Slot, int]:
    """The slots of these people, and those in which they stand in on one of these days.

    Asked for by itself: beside ten tables PostgreSQL would look at every slot of the school and choose last.
    """
    here = _valid_between(first, last).filter(organisation_id=organisation_id)
    own = here.filter(staff_id__in=staff_ids).values_list("id", flat=True)
    instead = Cover.objects.filter(
        organisation_id=organisation_id, staff_id__in=staff_ids, withdrawn_at=None, day__gte=first, day__lte=last
    )
    return own.union(instead.values_list("slot_id", flat=True))
