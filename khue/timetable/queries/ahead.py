"""What is taught next: the rest of today, and after its last lesson the next day that has any."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from khue.foundation.clock import VIETNAM
from khue.schools import queries as schools
from khue.timetable.queries.between import Whose, lessons_between
from khue.timetable.queries.lessons import Lesson, hours_of

#: Longer than the holidays of Tết.
LOOKED_AHEAD = timedelta(days=28)
#: Days with school among them that are looked at: a whole week, for who teaches on one day of it.
SCHOOL_DAYS = 7
#: Where a school has set no bells, its lessons are over.
EVENING = time(18)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is taught today, or next.

    today  all of the day's lessons in order, also those that are over
    day    of `next`; None while a lesson of today is still to come, and where none comes within a month
    next   that day's lessons in order
    is_under_way  whether a lesson of today is still to come or not over
    """

    today: list[Lesson]
    day: date | None = None
    next: tuple[Lesson, ...] = ()
    is_under_way: bool = False


def ahead_of_class(organisation_id: int, class_id: int, at: datetime) -> Ahead:
    """What a class has next. Three queries; one where there is no school for a month."""
    return _ahead(organisation_id, [Whose(class_id=class_id)], at)[0]


def ahead_of_classes(classes: Collection[tuple[int, int]], at: datetime) -> dict[int, Ahead]:
    """What each of these (school, class) has next, by class. Two queries a school, and one a class."""
    found: dict[int, Ahead] = {}
    for place in sorted({organisation_id for organisation_id, _class in classes}):
        here = sorted({class_id for organisation_id, class_id in classes if organisation_id == place})
        found.update(zip(here, _ahead(place, [Whose(class_id=class_id) for class_id in here], at), strict=True))
    return found


def ahead_of_staff(organisation_id: int, staff_ids: Collection[int], at: datetime) -> Ahead:
    """What a teacher gives next, also for others and not what others give. Four queries at most."""
    return _ahead(organisation_id, [Whose(staff_ids=list(staff_ids))], at)[0]


def _ahead(organisation_id: int, whose: Sequence[Whose], at: datetime) -> list[Ahead]:
    """What each of them has next, in order."""
    now = at.astimezone(VIETNAM)
    today = now.date()
    days = schools.school_days_between(organisation_id, today, today + LOOKED_AHEAD)
    taught = [day for day in days if day.is_school_day and day.day > today][:SCHOOL_DAYS]
    if days[0].is_school_day:
        taught.insert(0, days[0])
    if not taught:
        return [Ahead([]) for _each in whose]
    hours = hours_of(organisation_id)
    return [_next_of(lessons_between(organisation_id, taught, each, hours), now) for each in whose]


def _next_of(lessons: Sequence[Lesson], now: datetime) -> Ahead:
    """Today's, and those of the next day unless a lesson of today is still to end. lessons: of days from today on."""
    today = now.date()
    here = [lesson for lesson in lessons if lesson.day == today]
    if any((lesson.ends_at or EVENING) > now.time() for lesson in here):
        return Ahead(here, is_under_way=True)
    day = next((lesson.day for lesson in lessons if lesson.day > today), None)
    return Ahead(here, day, tuple(lesson for lesson in lessons if lesson.day == day))
