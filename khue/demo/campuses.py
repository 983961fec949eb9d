"""Where each teacher of a generated school is in a half-day: at one campus, for no break is long enough to travel."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from khue.demo.schools import ClassRoom

#: Campus by teacher and half-day.
Places = dict[tuple[int, str], int]


def places(
    rooms: Iterable[ClassRoom], teachers_of: Mapping[str, list[int]], asked: Iterable[tuple[str, str, int, int]]
) -> Places:
    """Homeroom teachers are where their classes are; the others of a subject where most of it is taught by fewest.

    asked  (subject, half-day, campus, periods) of every class-subject
    """
    at: Places = {}
    for room in rooms:
        at.setdefault((room.homeroom, room.session), room.campus)
    needs: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for code, session, campus, periods in asked:
        needs[code, session][campus] += periods
    for (code, session), periods_at in needs.items():
        able = teachers_of.get(code, [])
        there = Counter(at[staff, session] for staff in able if (staff, session) in at)
        for staff in able:
            if (staff, session) not in at:
                campus = max(periods_at, key=lambda one: (not there[one], periods_at[one] / (there[one] + 1)))
                at[staff, session] = campus
                there[campus] += 1
    return at


def those_at(at: Places, campus: int, session: str, able: Iterable[int], everybody: Iterable[int]) -> list[int]:
    """Who of a subject is at a campus in a half-day; where nobody of it is, whoever is there, or may still come."""
    return [staff for staff in able if at.get((staff, session)) == campus] or [
        staff for staff in everybody if at.get((staff, session), campus) == campus
    ]
