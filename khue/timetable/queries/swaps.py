"""Lessons that change places on one day: those that did, and those that could."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.schools import queries as schools
from khue.timetable.access import planned_at
from khue.timetable.models import Move, Swap
from khue.timetable.planning.swaps import Clash, Placed, Travelling, clash
from khue.timetable.planning.wishes import usual_way
from khue.timetable.queries.bells import ways_of
from khue.timetable.queries.covers import away_between
from khue.timetable.queries.lessons import day_in_order
from khue.timetable.queries.planning import asked_of


@dataclass(frozen=True, slots=True)
class Partner:
    """A lesson one could change places with; clash: what stands against it, None where nothing does."""

    lesson: Placed
    clash: Clash | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A lesson of a class on a day, and the others of its half-day."""

    lesson: Placed
    partners: Sequence[Partner]


def visible_swaps(actor: Actor) -> QuerySet[Swap]:
    """Swaps that hold at the schools whose timetable the actor makes, the latest first. Page before use."""
    return Swap.objects.filter(planned_at(actor), withdrawn_at=None).order_by("-day", "-id")


def swap_of(actor: Actor, public_id: UUID) -> Swap:
    """Raises NotFound, also when it was taken back."""
    return one(visible_swaps(actor), public_id=public_id)


_MOVED = (
    "swap_id", "slot__class_subject__school_class__name", "slot__class_subject__subject__name",
    "slot__staff__person__full_name", "slot__session", "slot__period", "period",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MovedLesson:
    """One of the two lessons of a swap."""

    class_name: str
    subject: str
    teacher: str
    session: str
    was: int
    period: int


def moved_by(swaps: Sequence[Swap]) -> dict[int, list[MovedLesson]]:
    """The two lessons of each swap, by the swap's id, in the order of the day as it became. One query."""
    found: dict[int, list[MovedLesson]] = {each.id: [] for each in swaps}
    rows = Move.objects.filter(swap_id__in=list(found)).order_by("swap_id", "period")
    for swap, *told in rows.values_list(*_MOVED):
        found[swap].append(MovedLesson(*told))
    return found


def placed_on(organisation_id: int, day: date) -> list[Placed]:
    """Everything a school teaches on a day, where and by whom it is taught that day. Three queries."""
    weekday = schools.school_day(organisation_id, day).taught_as
    if weekday is None:
        return []
    away = away_between(organisation_id, day, day)
    return [
        Placed(
            slot=slot, class_subject=class_subject, school_class=school_class, class_name=class_name, subject=subject,
            hue=hue, teacher=substitute or staff, teacher_name=substitute_name or name, room=room, room_name=room_name
            or "", session=session, period=at, campus=campus, is_covered=substitute is not None,
            is_away=substitute is None and (staff, day) in away, moved_from=None if moved is None else period,
        )
        for slot, class_subject, school_class, class_name, subject, hue, staff, name, room, room_name, session, period,
        campus, at, moved, substitute, substitute_name in
        day_in_order(organisation_id, weekday, day).values_list(*_PLACED)
    ]  # fmt: skip


_PLACED = (
    "id", "class_subject_id", "class_subject__school_class_id", "class_subject__school_class__name",
    "class_subject__subject__name", "class_subject__subject__hue", "staff_id", "staff__person__full_name", "room_id",
    "room__name", "session", "period", "class_subject__school_class__campus_id", "at",
    "moved__period", "cover__staff_id", "cover__staff__person__full_name",
)  # fmt: skip


def _travelling(organisation_id: int, day: date, lessons: Sequence[Placed]) -> Travelling | None:
    """What teachers need between campuses; None where all is taught at one. Four queries, else none."""
    if len({each.campus for each in lessons}) < 2:
        return None
    return Travelling(ways_of(organisation_id), usual_way(asked_of(organisation_id, day)))


def exchanges(organisation_id: int, class_id: int, day: date) -> list[Exchange]:
    """The lessons of a class on a day in order, each with those it could change places with.

    Three queries, seven where a school teaches at several campuses.
    """
    lessons = placed_on(organisation_id, day)
    travelling = _travelling(organisation_id, day, lessons)
    of_class = [each for each in lessons if each.school_class == class_id]
    return [
        Exchange(
            each,
            [
                Partner(other, clash(lessons, each, other, travelling))
                for other in of_class
                if other.session == each.session
                and other.slot != each.slot
                and other.class_subject != each.class_subject
                and other.period != each.period
            ],
        )
        for each in of_class
    ]


def clash_of(
    organisation_id: int, day: date, slots: tuple[int, int]
) -> tuple[tuple[Placed, Placed] | None, Clash | None]:
    """The two lessons of that day, None where one of them is not taught; and what stands against their exchange."""
    lessons = placed_on(organisation_id, day)
    by_slot = {each.slot: each for each in lessons}
    if not set(slots) <= set(by_slot):
        return None, None
    pair = (by_slot[slots[0]], by_slot[slots[1]])
    return pair, clash(lessons, *pair, _travelling(organisation_id, day, lessons))


def clash_of_return(swap: Swap) -> Clash | None:
    """What stands against the two lessons of a swap going back; None where nothing does."""
    lessons = placed_on(swap.organisation_id, swap.day)
    moved = set(Move.objects.filter(swap=swap).values_list("slot_id", flat=True))
    as_own = [replace(each, moved_from=None, is_away=False) if each.slot in moved else each for each in lessons]
    pair = [each for each in as_own if each.slot in moved]
    # Whoever is away is away in either period; a lesson that is taught no more clashes with nothing. The ways are those
    # of the week's plan, to which the day goes back.
    return clash(as_own, pair[0], pair[1]) if len(pair) == len(moved) else None
