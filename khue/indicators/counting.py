"""Counting one school. Each function reads the day's rows through the rooms that own them."""

from collections import defaultdict
from datetime import date, datetime, time

from khue.activity import queries as activity
from khue.attendance import queries as attendance
from khue.attendance.queries import counting as lessons
from khue.foundation.clock import VIETNAM
from khue.indicators.counts import Count
from khue.schools import queries as schools
from khue.schools.models import SchoolYear
from khue.schools.queries import counting as people
from khue.schools.queries.counting import ClassCount
from khue.workspace.queries import counting as workspace

PRIMARY = range(1, 6)
SECONDARY = range(6, 13)
ONLINE = "online"


def count_school(organisation_id: int, year: SchoolYear, on: date) -> dict[str, Count]:
    """All computed indicators of one school, by code. About a dozen queries, whatever its size."""
    learning = count_learning_online(organisation_id, year, on)
    has_code, counted = people.count_codes(organisation_id, on)
    things = schools.count_records(organisation_id)
    return {
        "A1": count_means(organisation_id, on),
        "A2": learning,
        **count_periods(organisation_id, year, on),
        "B1": Count(int(learning.denominator > 0), 1),
        "B2": Count(has_code, counted),
        "B3": Count(things.recorded, things.things),
        "B6": Count(int(workspace.is_at_work(organisation_id, midnight(year.starts_on))), 1),
    }


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def count_means(organisation_id: int, on: date) -> Count:
    """A1: who has device, line and software, of those who have said. Who has not said is unknown, not a no."""
    found = schools.count_means(organisation_id, on)
    return Count(found.adequate, found.answered, found.people - found.answered)


def count_learning_online(organisation_id: int, year: SchoolYear, on: date) -> Count:
    """A2: pupils with at least one day of learning online since the year began, of all pupils."""
    pupils = schools.pupils_at(organisation_id, on)
    active = activity.active_persons([organisation_id], year.starts_on, on)
    return Count(active.filter(person_id__in=pupils).count(), pupils.count())


def count_periods(organisation_id: int, year: SchoolYear, on: date) -> dict[str, Count]:
    """A5 and A6: lessons held online, of lessons held, in primary and in secondary grades."""
    held = attendance.periods_by_mode([organisation_id], year.starts_on, on)

    def count(grades: range) -> Count:
        of_grades = {mode: 0 for _school, _grade, mode in held}
        for (_school, grade, mode), number in held.items():
            of_grades[mode] += number if grade in grades else 0
        return Count(of_grades.get(ONLINE, 0), sum(of_grades.values()))

    return {"A5": count(PRIMARY), "A6": count(SECONDARY)}


def count_classes(organisation_id: int, year: SchoolYear, on: date) -> dict[tuple[int, str], Count]:
    """What the indicators that have classes come to in each class with pupils, by class and code. Four queries.

    Teachers count for the school alone, so that A1 and B2 of classes are those of the pupils; A5 and A6 are given
    to the classes of their grades.
    """
    active = activity.active_persons([organisation_id], year.starts_on, on)
    learning = people.count_in_classes(organisation_id, on, active)
    held = _periods_of_classes(organisation_id, year, on)
    found = {}
    for row in people.count_by_class(organisation_id, on):
        key, periods = row.school_class.id, "A5" if row.school_class.grade in PRIMARY else "A6"
        found[key, periods] = held[key]
        found[key, "A2"] = Count(learning.get(key, 0), row.pupils)
        found |= {(key, code): count for code, count in _of_people(row).items()}
    return found


def _of_people(row: ClassCount) -> dict[str, Count]:
    return {"A1": Count(row.adequate, row.answered, row.pupils - row.answered), "B2": Count(row.with_code, row.pupils)}


def _periods_of_classes(organisation_id: int, year: SchoolYear, on: date) -> dict[int, Count]:
    found: dict[int, Count] = defaultdict(lambda: Count(0, 0))
    for school_class, mode, number in lessons.periods_by_class(organisation_id, year.starts_on, on):
        found[school_class] += Count(number if mode == ONLINE else 0, number)
    return found
