"""The hours of periods at each campus, and the ways between campuses."""

from collections.abc import Collection, Mapping
from datetime import time

from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.timetable.models import Bell, CampusWay
from khue.timetable.planning.ways import Bells, Ways, free_periods
from khue.timetable.planning.wishes import LAST_PRIMARY_GRADE


def own_bells(organisation_id: int) -> dict[int | None, Bells]:
    """The hours that were set, by campus; None is the main one. One query."""
    found: dict[int | None, dict[tuple[str, int], tuple[object, object]]] = {}
    rows = Bell.objects.filter(organisation_id=organisation_id).order_by("campus_id", "session", "period")
    for campus, session, period, starts_at, ends_at in rows.values_list(
        "campus_id", "session", "period", "starts_at", "ends_at"
    ):
        found.setdefault(campus, {})[session, period] = (starts_at, ends_at)
    return found  # type: ignore[return-value]  # the hours of a row are times


#: The level group of primary schools, as registry.Organisation writes it.
_PRIMARY = "02"


def proposed_bells(school: Organisation, grades: Collection[int] = ()) -> Bells:
    """Hours to begin with where none are set: five minutes between two periods, a longer break after the second.

    grades  those that have classes; a school without classes is asked for its levels
    source  TT 32/2018/TT-BGDĐT: a period has 35 minutes at primary school, 45 above
    """
    is_primary = max(grades) <= LAST_PRIMARY_GRADE if grades else school.level_groups == _PRIMARY
    minutes, sessions = (35, {"am": (7 * 60 + 30, 4), "pm": (14 * 60, 3)}) if is_primary else (
        45, {"am": (7 * 60, 5), "pm": (13 * 60 + 30, 4)}
    )  # fmt: skip
    found = {}
    for session, (start, count) in sessions.items():
        for period in range(1, count + 1):
            found[session, period] = _time(start), _time(start + minutes)
            start += minutes + (20 if period == 2 else 5)
    return found


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def pairs_of(school: Organisation) -> list[tuple[tuple[int, str], tuple[int | None, str]]]:
    """Any two campuses of a school with their names, the main one second. One query."""
    campuses = sorted(((each.id, each.name) for each in schools.campuses_of(school)), key=lambda each: each[0])
    with_main = [(each, (None, school.name)) for each in campuses]
    between = [(one, other) for place, one in enumerate(campuses) for other in campuses[place + 1 :]]
    return [*with_main, *between]


def minutes_between(organisation_id: int) -> dict[tuple[int, int | None], int]:
    """How long the ways take that somebody measured. One query."""
    rows = CampusWay.objects.filter(organisation_id=organisation_id)
    return {(one, other): minutes for one, other, minutes in rows.values_list("one_id", "other_id", "minutes")}


def ways_of(organisation_id: int) -> Ways:
    """The ways between campuses in free periods, as far as they were measured and bells are set. Two queries."""
    bells = own_bells(organisation_id)
    found = {}
    for (one, other), minutes in minutes_between(organisation_id).items():
        free = free_periods(minutes, hours_at(bells, one), hours_at(bells, other))
        if free is not None:
            found[frozenset({one, other})] = free
    return found


def hours_at(bells: Mapping[int | None, Bells], campus: int | None) -> Bells:
    """The hours that hold at a campus: its own, and the main one's where it has none."""
    return {**bells.get(None, {}), **bells.get(campus, {})}
