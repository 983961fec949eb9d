"""From the slots of a timetable to the lessons of one week: pure, so that every odd week can be put to the test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from khue.schools.queries import SchoolDay

SUNDAY = 7
SESSIONS = ("am", "pm")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PlannedSlot(Generic[Item]):
    """A slot as its version has it: which weekday and period, in force from when to when (both included)."""

    weekday: int
    session: str
    period: int
    valid_from: date
    valid_to: date | None
    item: Item


def lessons_by_day(
    days: Sequence[SchoolDay], slots: Sequence[PlannedSlot[Item]]
) -> Mapping[date, list[PlannedSlot[Item]]]:
    """The slots taught on each day, in the order of the day; a make-up day teaches another weekday, a holiday none."""
    found: dict[date, list[PlannedSlot[Item]]] = {}
    for day in days:
        taught = [
            slot
            for slot in slots
            if slot.weekday == day.taught_as
            and slot.valid_from <= day.day
            and (slot.valid_to is None or slot.valid_to >= day.day)
        ]
        found[day.day] = sorted(taught, key=lambda slot: (slot.session, slot.period))
    return found


def shown_days(days: Sequence[SchoolDay]) -> list[SchoolDay]:
    """Monday to Saturday, and a Sunday only where something is taught or said about it."""
    return [day for day in days if day.day.isoweekday() != SUNDAY or day.is_school_day or day.title]
