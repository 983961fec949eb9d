"""One step below a school: what an indicator comes to in each class."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from khue.activity import queries as activity
from khue.attendance.queries import counting as lessons
from khue.indicators.catalogue import Indicator
from khue.indicators.counting import ONLINE, PRIMARY, SECONDARY
from khue.indicators.counts import Count
from khue.indicators.queries.figures import Value
from khue.registry.models import Organisation
from khue.schools.models import SchoolClass
from khue.schools.queries import counting as people
from khue.schools.queries.counting import ClassCount


@dataclass(frozen=True, slots=True)
class ClassPart:
    """A class with its share of an indicator."""

    school_class: SchoolClass
    value: Value


def classes_of(organisation: Organisation, indicator: Indicator, since: date, on: date) -> list[ClassPart]:
    """The classes of a school with their shares, where the indicator is counted by class; otherwise none.

    Teachers count for the school alone, so that A1 and B2 of classes are those of the pupils. At most three queries.

    since  when the school year began: from `first_day`
    """
    if "class" not in indicator.dimensions:
        return []
    rows = people.count_by_class(organisation.id, on)
    if indicator.code in ("A5", "A6"):
        counts = _periods(organisation, since, on)
        grades = PRIMARY if indicator.code == "A5" else SECONDARY
        rows = [row for row in rows if row.school_class.grade in grades]
    elif indicator.code == "A2":
        counts = _active(organisation, since, on, {row.school_class.id: row.pupils for row in rows})
    else:
        counts = {row.school_class.id: _of_people(indicator, row) for row in rows}
    nothing = Count(0, 0)
    return [ClassPart(row.school_class, _value(indicator, counts.get(row.school_class.id, nothing))) for row in rows]


def _value(indicator: Indicator, count: Count) -> Value:
    return Value(indicator, count.numerator, count.denominator, count.unknown)


def _of_people(indicator: Indicator, row: ClassCount) -> Count:
    if indicator.code == "A1":
        return Count(row.adequate, row.answered, row.pupils - row.answered)
    return Count(row.with_code, row.pupils)


def _periods(organisation: Organisation, since: date, on: date) -> dict[int, Count]:
    found: dict[int, Count] = defaultdict(lambda: Count(0, 0))
    for school_class, mode, number in lessons.periods_by_class(organisation.id, since, on):
        found[school_class] += Count(number if mode == ONLINE else 0, number)
    return found


def _active(organisation: Organisation, since: date, on: date, pupils: dict[int, int]) -> dict[int, Count]:
    active = activity.active_persons([organisation.id], since, on)
    numbers = people.count_in_classes(organisation.id, on, active)
    return {school_class: Count(numbers.get(school_class, 0), number) for school_class, number in pupils.items()}
