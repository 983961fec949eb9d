"""What each kind of FET constraint means in our rules. A kind that is not in the two tables is reported as unread."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _
from lxml import etree

from khue.timetable.solver.fet.document import UnreadableFet, number, text, yes
from khue.timetable.solver.fet.school import Activity, School
from khue.timetable.solver.problem import (
    AllowedStarts,
    Apart,
    AtOnce,
    DaysPerWeek,
    GapsPerDay,
    GapsPerWeek,
    PeriodsOnEnd,
    PeriodsPerDay,
    Rule,
    SameDay,
    SameStart,
)

EVERYBODY = -1
Whom = Callable[[School, etree._Element], tuple[int, ...]]
Reader = Callable[[School, etree._Element], Iterable[Rule]]
Closing = Callable[[School, etree._Element], Iterable[tuple[int, set[int]]]]


def resources_of(school: School, activity: Activity) -> tuple[int, ...]:
    """Whom an activity takes: its teachers and every part of its sets of pupils, each once."""
    found = [school.teachers[name] for name in activity.teachers]
    for name in activity.students:
        found += school.parts[name]
    return tuple(dict.fromkeys(found))


def _weight(element: etree._Element) -> int:
    """A hundred only when the file says so: 99.9 % is not a duty."""
    try:
        found = float(text(element, "Weight_Percentage") or 100)
    except ValueError:
        found = -1
    if not 0 <= found <= 100:
        said = _("dòng %(line)s: mục %(name)s phải là số từ 0 đến 100.")
        raise UnreadableFet(detail=said % {"line": element.sourceline, "name": "Weight_Percentage"})
    return int(found)


def _times(school: School, element: etree._Element, item: str, day: str, hour: str) -> set[int]:
    return {school.time(child, day, hour) for child in element.findall(item)}


# Whom a constraint is about: one teacher, all of them, one set of pupils, all of them.


def _teacher(school: School, element: etree._Element) -> tuple[int, ...]:
    return (school.teacher(element),)


def _teachers(school: School, _element: etree._Element) -> tuple[int, ...]:
    return tuple(school.teachers.values())


def _students_set(school: School, element: etree._Element) -> tuple[int, ...]:
    return school.students(element)


def _students(school: School, _element: etree._Element) -> tuple[int, ...]:
    return tuple(range(len(school.teachers), len(school.teachers) + len(school.part_names)))


# Rules of the days of one resource.


def _gaps_per_day(_school: School, element: etree._Element, resource: int) -> Rule:
    return GapsPerDay(resource, number(element, "Max_Gaps"), _weight(element))


def _gaps_per_week(_school: School, element: etree._Element, resource: int) -> Rule:
    return GapsPerWeek(resource, number(element, "Max_Gaps"), _weight(element))


def _most_periods(_school: School, element: etree._Element, resource: int) -> Rule:
    return PeriodsPerDay(resource, 0, number(element, "Maximum_Hours_Daily"), weight=_weight(element))


def _least_periods(school: School, element: etree._Element, resource: int) -> Rule:
    least = number(element, "Minimum_Hours_Daily")
    free = yes(element, "Allow_Empty_Days", absent=True)
    return PeriodsPerDay(resource, least, len(school.hours), free, _weight(element))


def _on_end(_school: School, element: etree._Element, resource: int) -> Rule:
    return PeriodsOnEnd(resource, number(element, "Maximum_Hours_Continuously"), _weight(element))


def _days(school: School, element: etree._Element, resource: int) -> Rule:
    return DaysPerWeek(resource, number(element, "Max_Days_Per_Week"), 0, len(school.hours) - 1, _weight(element))


def _interval_days(school: School, element: etree._Element, resource: int) -> Rule:
    """FET's interval ends before the hour it names, or with the day when it names none."""
    ends = text(element, "Interval_End_Hour")
    last = (school.hour(element, "Interval_End_Hour") if ends else len(school.hours)) - 1
    first = school.hour(element, "Interval_Start_Hour")
    return DaysPerWeek(resource, number(element, "Max_Days_Per_Week"), first, last, _weight(element))


DAY_RULES: dict[str, Callable[[School, etree._Element, int], Rule]] = {
    "MaxGapsPerDay": _gaps_per_day,
    "MaxGapsPerWeek": _gaps_per_week,
    "MaxHoursDaily": _most_periods,
    "MinHoursDaily": _least_periods,
    "MaxHoursContinuously": _on_end,
    "MaxDaysPerWeek": _days,
    "IntervalMaxDaysPerWeek": _interval_days,
}
WHOM: dict[str, Whom] = {
    "Teacher": _teacher,
    "Teachers": _teachers,
    "StudentsSet": _students_set,
    "Students": _students,
}


# Rules about blocks.


def _apart(school: School, element: etree._Element) -> Iterator[Rule]:
    days, adjoining = number(element, "MinDays"), yes(element, "Consecutive_If_Same_Day", absent=False)
    yield Apart(school.named_blocks(element), days, adjoining, _weight(element))


def _same_start(school: School, element: etree._Element) -> Iterator[Rule]:
    yield SameStart(school.named_blocks(element), _weight(element))


def _same_day(school: School, element: etree._Element) -> Iterator[Rule]:
    yield SameDay(school.named_blocks(element), _weight(element))


def _never_together(school: School, element: etree._Element) -> Iterator[Rule]:
    yield AtOnce(school.named_blocks(element), 1, _weight(element))


def _one_start(school: School, element: etree._Element) -> Iterator[Rule]:
    """A start whose hour is left open allows the whole day, and the other way about."""
    block = school.block(element)
    if block is not None:
        day, hour = text(element, "Preferred_Day"), text(element, "Preferred_Hour")
        starts = {
            time
            for time in range(school.grid.size)
            if (not day or school.grid.day(time) == school.day(element, "Preferred_Day"))
            and (not hour or school.grid.period(time) == school.hour(element, "Preferred_Hour"))
        }
        yield AllowedStarts((block,), frozenset(starts), _weight(element))


def _starts(school: School, element: etree._Element) -> Iterator[Rule]:
    starts = _times(school, element, "Preferred_Starting_Time", "Preferred_Starting_Day", "Preferred_Starting_Hour")
    yield AllowedStarts(_meant(school, element), frozenset(starts), _weight(element))


def _slots(school: School, element: etree._Element) -> Iterator[Rule]:
    """All periods of a block must lie in the times named, so that what may begin depends on how long it is."""
    times = _times(school, element, "Preferred_Time_Slot", "Preferred_Day", "Preferred_Hour")
    by_duration: dict[int, list[int]] = {}
    for block in _meant(school, element):
        by_duration.setdefault(school.activities[block].duration, []).append(block)
    for duration, blocks in by_duration.items():
        starts = {start for start in times if times.issuperset(range(start, start + duration))}
        yield AllowedStarts(tuple(blocks), frozenset(starts), _weight(element))


def _meant(school: School, element: etree._Element) -> tuple[int, ...]:
    """One block by its number, or all blocks that fit what the constraint asks for; an empty field asks for nothing."""
    if element.find("Activity_Id") is not None:
        return school.named_blocks(element)
    teacher = text(element, "Teacher") or text(element, "Teacher_Name")
    named = text(element, "Students") or text(element, "Students_Name")
    parts = set(school.students(element)) if named else set()
    subject, tag = text(element, "Subject") or text(element, "Subject_Name"), text(element, "Activity_Tag")
    tag = tag or text(element, "Activity_Tag_Name")
    duration = number(element, "Duration") if text(element, "Duration") else 0
    return tuple(
        index
        for index, activity in enumerate(school.activities)
        if (not teacher or teacher in activity.teachers)
        and (not parts or parts.intersection(resources_of(school, activity)))
        and (not subject or subject == activity.subject)
        and (not tag or tag in activity.tags)
        and (not duration or duration == activity.duration)
    )


def _closed(whom: Whom) -> Closing:
    def closing(school: School, element: etree._Element) -> Iterator[tuple[int, set[int]]]:
        times = _times(school, element, "Not_Available_Time", "Day", "Hour")
        for resource in whom(school, element):
            yield resource, times

    return closing


def _breaks(school: School, element: etree._Element) -> Iterator[tuple[int, set[int]]]:
    yield EVERYBODY, _times(school, element, "Break_Time", "Day", "Hour")


def _of_days(whom: Whom, rule: Callable[[School, etree._Element, int], Rule]) -> Reader:
    def reader(school: School, element: etree._Element) -> Iterator[Rule]:
        for resource in whom(school, element):
            yield rule(school, element, resource)

    return reader


CLOSINGS: dict[str, Closing] = {
    "ConstraintTeacherNotAvailableTimes": _closed(_teacher),
    "ConstraintStudentsSetNotAvailableTimes": _closed(_students_set),
    "ConstraintBreakTimes": _breaks,
}
KINDS: dict[str, Reader] = {
    "ConstraintMinDaysBetweenActivities": _apart,
    "ConstraintActivitiesSameStartingTime": _same_start,
    "ConstraintActivitiesSameStartingDay": _same_day,
    "ConstraintActivitiesNotOverlapping": _never_together,
    "ConstraintActivityPreferredStartingTime": _one_start,
    "ConstraintActivityPreferredStartingTimes": _starts,
    "ConstraintActivitiesPreferredStartingTimes": _starts,
    "ConstraintActivityPreferredTimeSlots": _slots,
    "ConstraintActivitiesPreferredTimeSlots": _slots,
} | {
    f"Constraint{whom}{name}": _of_days(found, rule) for whom, found in WHOM.items() for name, rule in DAY_RULES.items()
}
