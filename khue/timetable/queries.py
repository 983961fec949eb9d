"""What is taught when. Whoever may see a class, or is the teacher, may see its lessons; callers pass those."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.schools import queries as schools
from khue.timetable.models import Bell, Slot


@dataclass(frozen=True)
class Lesson:
    """One slot of the timetable on one day.

    hue        the subject's colour
    starts_at  None where the school has set no bells
    """

    slot_id: int
    slot: UUID
    day: date
    session: str
    period: int
    starts_at: time | None
    ends_at: time | None
    class_subject_id: int
    class_subject: UUID
    class_name: str
    subject_name: str
    hue: str
    teacher: str
    room: str
    is_online: bool


def lessons_of_classes(organisation_id: int, class_ids: Collection[int], day: date) -> list[Lesson]:
    """The lessons of these classes on a day, in order; none on a holiday. Four queries."""
    weekday = schools.school_day(organisation_id, day).taught_as
    if weekday is None:
        return []
    return _lessons(organisation_id, _slots_of_classes(organisation_id, weekday, day, class_ids), day)


def lessons_of_staff(organisation_id: int, staff_ids: Collection[int], day: date) -> list[Lesson]:
    """The lessons a teacher gives on a day, in order; none on a holiday. Four queries."""
    weekday = schools.school_day(organisation_id, day).taught_as
    if weekday is None:
        return []
    return _lessons(organisation_id, _slots_of_staff(organisation_id, weekday, day, staff_ids), day)


def lessons_of_school(organisation_id: int, day: date) -> list[Lesson]:
    """All lessons of a school on a day, in order. Four queries."""
    weekday = schools.school_day(organisation_id, day).taught_as
    if weekday is None:
        return []
    return _lessons(organisation_id, _slots_of_school(organisation_id, weekday, day), day)


def slot_of(actor: Actor, public_id: UUID) -> Slot:
    """One slot the actor may see: of a visible class, or taught by the actor. Raises NotFound."""
    visible = Q(class_subject__in=schools.visible_class_subjects(actor)) | Q(staff__person_id=actor.person_id)
    slots = Slot.objects.select_related(
        "class_subject__school_class", "class_subject__subject", "staff__person", "room"
    )
    return one(slots.filter(visible), public_id=public_id)


def taught_on(slot: Slot, day: date) -> bool:
    """Whether the slot's lesson takes place on that day: right weekday, version in force, no holiday."""
    return slot.id in set(_slots(slot.organisation_id, day).values_list("id", flat=True))


def _slots(organisation_id: int, day: date) -> QuerySet[Slot]:
    weekday = schools.school_day(organisation_id, day).taught_as
    return Slot.objects.none() if weekday is None else _in_force(organisation_id, weekday, day)


def _in_force(organisation_id: int, weekday: int, day: date) -> QuerySet[Slot]:
    in_force = Q(version__valid_from__lte=day) & (Q(version__valid_to=None) | Q(version__valid_to__gte=day))
    return Slot.objects.filter(in_force, organisation_id=organisation_id, weekday=weekday)


#: What one slot tells, in the order of _FIELDS.
_SlotRow = tuple[int, UUID, str, int, int, UUID, int | None, str, str, str, str, str | None, bool]
_FIELDS = (
    "id",
    "public_id",
    "session",
    "period",
    "class_subject_id",
    "class_subject__public_id",
    "class_subject__school_class__campus_id",
    "class_subject__school_class__name",
    "class_subject__subject__name",
    "class_subject__subject__hue",
    "staff__person__full_name",
    "room__name",
    "is_online",
)


def _as_rows(slots: QuerySet[Slot]) -> QuerySet[Slot, _SlotRow]:
    in_order = slots.order_by(
        "session", "period", "class_subject__school_class__grade", "class_subject__school_class__name"
    )
    return in_order.values_list(*_FIELDS)


@compiled
def _slots_of_classes(
    organisation_id: int, weekday: int, day: date, class_ids: Collection[int]
) -> QuerySet[Slot, _SlotRow]:
    slots = _in_force(organisation_id, weekday, day)
    return _as_rows(slots.filter(class_subject__school_class_id__in=class_ids))


@compiled
def _slots_of_staff(
    organisation_id: int, weekday: int, day: date, staff_ids: Collection[int]
) -> QuerySet[Slot, _SlotRow]:
    return _as_rows(_in_force(organisation_id, weekday, day).filter(staff_id__in=staff_ids))


@compiled
def _slots_of_school(organisation_id: int, weekday: int, day: date) -> QuerySet[Slot, _SlotRow]:
    return _as_rows(_in_force(organisation_id, weekday, day))


_Hours = dict[tuple[int | None, str, int], tuple[time, time]]


@compiled
def _bells(organisation_id: int) -> QuerySet[Bell, tuple[int | None, str, int, time, time]]:
    return Bell.objects.filter(organisation_id=organisation_id).values_list(
        "campus_id", "session", "period", "starts_at", "ends_at"
    )


def _lessons(organisation_id: int, rows: Sequence[_SlotRow], day: date) -> list[Lesson]:
    hours: _Hours = {(campus, session, period): (a, b) for campus, session, period, a, b in _bells(organisation_id)}
    return [_lesson(row, day, hours) for row in rows]


def _lesson(row: _SlotRow, day: date, hours: _Hours) -> Lesson:
    (slot_id, slot, session, period, class_subject_id, class_subject, campus, class_name, subject, hue, teacher, room,
     is_online) = row  # fmt: skip
    starts_at, ends_at = hours.get((campus, session, period)) or hours.get((None, session, period)) or (None, None)
    return Lesson(
        slot_id=slot_id,
        slot=slot,
        day=day,
        session=session,
        period=period,
        starts_at=starts_at,
        ends_at=ends_at,
        class_subject_id=class_subject_id,
        class_subject=class_subject,
        class_name=class_name,
        subject_name=subject,
        hue=hue,
        teacher=teacher,
        room=room or "",
        is_online=is_online,
    )


def count_lessons(organisation_id: int, day: date) -> int:
    """How many lessons a school has planned on a day. Two queries."""
    weekday = schools.school_day(organisation_id, day).taught_as
    found = [] if weekday is None else _counted(organisation_id, weekday, day)
    return found[0] if found else 0


@compiled
def _counted(organisation_id: int, weekday: int, day: date) -> QuerySet[Slot, int]:
    rows = _in_force(organisation_id, weekday, day).values("weekday")
    return rows.annotate(number=Count("id")).values_list("number", flat=True)
