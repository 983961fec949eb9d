"""The lessons of days: what is taught when, with whoever covers it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first, one
from khue.schools import queries as schools
from khue.schools.models import StaffMember
from khue.timetable.access import planned_at
from khue.timetable.models import Bell, Cover, Slot, TimetableVersion


@dataclass(frozen=True)
class Lesson:
    """One slot of the timetable on one day.

    hue        the subject's colour
    teacher    who gives it; `instead_of` is whose lesson it is where a colleague covers it, else ""
    starts_at  None where the school has set no bells
    moved_from the period of the week's plan, where two lessons changed places that day
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
    grade: int
    subject_name: str
    hue: str
    teacher: str
    room: str
    is_online: bool
    instead_of: str = ""
    moved_from: int | None = None


def lessons_of_class(organisation_id: int, class_id: int, day: date) -> list[Lesson]:
    """The lessons of a class on a day, in order; none on a holiday. Three queries."""
    weekday = schools.school_day(organisation_id, day).taught_as
    if weekday is None:
        return []
    return _lessons(organisation_id, _slots_of_class(organisation_id, weekday, day, class_id), day)


def lessons_of_school(organisation_id: int, day: date) -> list[Lesson]:
    """All lessons of a school on a day, in order. Three queries."""
    weekday = schools.school_day(organisation_id, day).taught_as
    if weekday is None:
        return []
    return _lessons(organisation_id, _slots_of_school(organisation_id, weekday, day), day)


def lessons_at(organisation_id: int, slot_ids: Sequence[int], day: date) -> list[Lesson]:
    """The lessons of these slots of a school on a day, in order. Two queries; none where there are no slots."""
    return _lessons(organisation_id, _slots_named(slot_ids, day), day) if slot_ids else []


def slot_of(actor: Actor, public_id: UUID) -> Slot:
    """One slot the actor may see: of a visible class, taught or covered by the actor. Raises NotFound."""
    own = [staff.id for staff in schools.own_staff(actor)] if actor.person_id else []
    return first(_slot(actor, clock.today(), own, public_id))


@compiled
def _slot(actor: Actor, on: date, own: Sequence[int], public_id: UUID) -> QuerySet[Slot]:
    given = Cover.objects.filter(staff_id__in=own, withdrawn_at=None).values("slot")
    seen = schools.visible_class_subjects(actor, on).order_by().values("id")
    visible = Q(class_subject__in=seen) | Q(staff__person_id=actor.person_id) | Q(id__in=given)
    return Slot.objects.select_related(
        "class_subject__school_class", "class_subject__subject", "staff__person", "room"
    ).filter(visible, public_id=public_id)


def version_numbered(actor: Actor, version_id: int) -> TimetableVersion:
    """The version with this key where the actor makes the timetable, for a job. Raises NotFound."""
    return one(TimetableVersion.objects.filter(planned_at(actor)).select_related("term"), id=version_id)


def taught_on(slot: Slot, day: date) -> bool:
    """Whether the slot's lesson takes place on that day: right weekday, version in force, no holiday."""
    return slot.id in set(_slots(slot.organisation_id, day).values_list("id", flat=True))


def _slots(organisation_id: int, day: date) -> QuerySet[Slot]:
    weekday = schools.school_day(organisation_id, day).taught_as
    return Slot.objects.none() if weekday is None else in_force(organisation_id, weekday, day)


def in_force(organisation_id: int, weekday: int, day: date) -> QuerySet[Slot]:
    """The slots of a school that are taught on that day as on this weekday. For this room."""
    holds = Q(version__valid_from__lte=day) & (Q(version__valid_to=None) | Q(version__valid_to__gte=day))
    return Slot.objects.filter(holds, organisation_id=organisation_id, weekday=weekday)


#: What one slot tells, in the order of FIELDS. For this room, as what follows.
SlotRow = tuple[
    int, UUID, str, int, int, UUID, int | None, int, str, str, str, str, str | None, bool, int | None, str | None
]  # fmt: skip
FIELDS = (
    "id",
    "public_id",
    "session",
    "period",
    "class_subject_id",
    "class_subject__public_id",
    "class_subject__school_class__campus_id",
    "class_subject__school_class__grade",
    "class_subject__school_class__name",
    "class_subject__subject__name",
    "class_subject__subject__hue",
    "staff__person__full_name",
    "room__name",
    "is_online",
    "moved__period",
    "cover__staff__person__full_name",
)


def covered(slots: QuerySet[Slot], first: date, last: date) -> QuerySet[Slot]:
    """The slots, each with `cover`: who gives it instead on one of these days. For this room."""
    holds = Q(covers__withdrawn_at=None, covers__day__gte=first, covers__day__lte=last)
    return slots.annotate(cover=FilteredRelation("covers", condition=holds))


def moved(slots: QuerySet[Slot], first: date, last: date) -> QuerySet[Slot]:
    """The slots, each with `moved`: its place on one of these days where it changed places with another."""
    holds = Q(moves__withdrawn_at=None, moves__day__gte=first, moves__day__lte=last)
    return slots.annotate(moved=FilteredRelation("moves", condition=holds))


def _in_order(slots: QuerySet[Slot], day: date) -> QuerySet[Slot]:
    """By the day's own periods, `at`."""
    return (
        moved(slots, day, day)
        .annotate(at=Coalesce("moved__period", "period"))
        .order_by("session", "at", "class_subject__school_class__grade", "class_subject__school_class__name")
    )


def _as_rows(slots: QuerySet[Slot], day: date) -> QuerySet[Slot, SlotRow]:
    return _in_order(slots, day).values_list(*FIELDS)


def day_in_order(organisation_id: int, weekday: int, day: date) -> QuerySet[Slot]:
    """The slots of a school's day by their periods of that day (`at`), with `cover` and `moved`. For this room."""
    return _in_order(covered(in_force(organisation_id, weekday, day), day, day), day)


@compiled
def _slots_of_class(organisation_id: int, weekday: int, day: date, class_id: int) -> QuerySet[Slot, SlotRow]:
    slots = covered(in_force(organisation_id, weekday, day), day, day)
    return _as_rows(slots.filter(class_subject__school_class_id=class_id), day)


@compiled
def _slots_of_school(organisation_id: int, weekday: int, day: date) -> QuerySet[Slot, SlotRow]:
    return _as_rows(covered(in_force(organisation_id, weekday, day), day, day), day)


@compiled
def _slots_named(slot_ids: Collection[int], day: date) -> QuerySet[Slot, SlotRow]:
    return _as_rows(covered(Slot.objects.filter(id__in=slot_ids), day, day), day)


Hours = dict[tuple[int | None, str, int], tuple[time, time]]


@compiled
def _bells(places: Sequence[int]) -> QuerySet[Bell, tuple[int, int | None, str, int, time, time]]:
    return Bell.objects.filter(organisation_id__in=places).values_list(
        "organisation_id", "campus_id", "session", "period", "starts_at", "ends_at"
    )


def hours_of(organisation_id: int) -> Hours:
    """The bells of a school by campus, half-day and period. One query."""
    return hours_at_each([organisation_id])[organisation_id]


def hours_at_each(places: Collection[int]) -> dict[int, Hours]:
    """The same of each of these schools. One query, however many."""
    found: dict[int, Hours] = {place: {} for place in places}
    for place, campus, session, period, starts_at, ends_at in _bells(list(found)):
        found[place][campus, session, period] = (starts_at, ends_at)
    return found


def hour_of(hours: Hours, campus: int | None, session: str, period: int) -> tuple[time | None, time | None]:
    """By the bells of the campus, else by those of the school."""
    return hours.get((campus, session, period)) or hours.get((None, session, period)) or (None, None)


def _lessons(organisation_id: int, rows: Sequence[SlotRow], day: date) -> list[Lesson]:
    hours = hours_of(organisation_id)
    return [lesson_of(row, day, hours) for row in rows]


def lesson_of(row: SlotRow, day: date, hours: Hours) -> Lesson:
    """The lesson that a slot is on a day. For this room."""
    (slot_id, slot, session, period, class_subject_id, class_subject, campus, grade, class_name, subject, hue, teacher,
     room, is_online, moved, substitute) = row  # fmt: skip
    at = period if moved is None else moved
    starts_at, ends_at = hour_of(hours, campus, session, at)
    return Lesson(
        slot_id=slot_id,
        slot=slot,
        day=day,
        session=session,
        period=at,
        starts_at=starts_at,
        ends_at=ends_at,
        class_subject_id=class_subject_id,
        class_subject=class_subject,
        class_name=class_name,
        grade=grade,
        subject_name=subject,
        hue=hue,
        teacher=substitute or teacher,
        room=room or "",
        is_online=is_online,
        instead_of=teacher if substitute else "",
        moved_from=None if moved is None else period,
    )


def visible_teachers(actor: Actor, on: date, own: Sequence[StaffMember]) -> list[StaffMember]:
    """Whose week the actor may look at: everybody's of the school for its office, else one's own. One query at most.

    own  the actor's own work: from schools.own_staff
    """
    staff = schools.working_staff(actor, on)
    return ([] if staff.query.is_empty() else list(staff)) or list(own)
