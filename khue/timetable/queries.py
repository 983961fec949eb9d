"""What is taught when. Whoever may see a class, or is the teacher, may see its lessons; callers pass those."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.schools import queries as schools
from khue.timetable.models import Bell, Session, Slot


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
    """The lessons of these classes on a day, in order; none on a holiday. Three queries."""
    return _lessons(organisation_id, Q(class_subject__school_class_id__in=class_ids), day)


def lessons_of_staff(organisation_id: int, staff_ids: Collection[int], day: date) -> list[Lesson]:
    """The lessons a teacher gives on a day, in order; none on a holiday. Three queries."""
    return _lessons(organisation_id, Q(staff_id__in=staff_ids), day)


def lessons_of_school(organisation_id: int, day: date) -> list[Lesson]:
    """All lessons of a school on a day, in order. Three queries."""
    return _lessons(organisation_id, Q(), day)


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
    if weekday is None:
        return Slot.objects.none()
    in_force = Q(version__valid_from__lte=day) & (Q(version__valid_to=None) | Q(version__valid_to__gte=day))
    return Slot.objects.filter(in_force, organisation_id=organisation_id, weekday=weekday)


def _lessons(organisation_id: int, whose: Q, day: date) -> list[Lesson]:
    slots = (
        _slots(organisation_id, day)
        .filter(whose)
        .select_related("class_subject__school_class", "class_subject__subject", "staff__person", "room")
        .order_by("session", "period", "class_subject__school_class__grade", "class_subject__school_class__name")
    )
    bells = _bells(organisation_id)
    return [_lesson(slot, day, bells) for slot in slots]


def _bells(organisation_id: int) -> dict[tuple[int | None, str, int], Bell]:
    return {(b.campus_id, b.session, b.period): b for b in Bell.objects.filter(organisation_id=organisation_id)}


def _lesson(slot: Slot, day: date, bells: dict[tuple[int | None, str, int], Bell]) -> Lesson:
    school_class, subject = slot.class_subject.school_class, slot.class_subject.subject
    bell = bells.get((school_class.campus_id, slot.session, slot.period)) or bells.get(
        (None, slot.session, slot.period)
    )
    return Lesson(
        slot_id=slot.id,
        slot=slot.public_id,
        day=day,
        session=Session(slot.session).value,
        period=slot.period,
        starts_at=bell.starts_at if bell else None,
        ends_at=bell.ends_at if bell else None,
        class_subject_id=slot.class_subject_id,
        class_subject=slot.class_subject.public_id,
        class_name=school_class.name,
        subject_name=subject.name,
        hue=subject.hue,
        teacher=slot.staff.person.full_name,
        room=slot.room.name if slot.room else "",
        is_online=slot.is_online,
    )


def count_lessons(organisation_id: int, day: date) -> int:
    """How many lessons a school has planned on a day. Two queries."""
    return _slots(organisation_id, day).count()
