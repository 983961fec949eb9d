"""What is taught next: the rest of today, and after its last lesson the next day that has any."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from khue.foundation.clock import VIETNAM
from khue.schools import queries as schools
from khue.schools.queries import SchoolDay
from khue.timetable.queries.between import Whose, lessons_between, lessons_of_classes
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
    return ahead_of_classes([(organisation_id, class_id)], at)[class_id]


def ahead_of_classes(classes: Collection[tuple[int, int]], at: datetime) -> dict[int, Ahead]:
    """What each of these (school, class) has next, by class. Three queries, however many schools and classes."""
    if not classes:
        return {}
    now = at.astimezone(VIETNAM)
    last = now.date() + LOOKED_AHEAD
    days = schools.school_days_at_each({place for place, _class in classes}, now.date(), last)
    taught = {place: _with_school(each, now.date()) for place, each in days.items()}
    lessons = lessons_of_classes({(place, key): taught[place] for place, key in classes if taught[place]})
    return {key: _next_of(lessons.get(key, ()), now) for _place, key in classes}


def ahead_of_staff(organisation_id: int, staff_ids: Collection[int], at: datetime) -> Ahead:
    """What a teacher gives next, also for others and not what others give. Four queries at most."""
    now = at.astimezone(VIETNAM)
    days = schools.school_days_between(organisation_id, now.date(), now.date() + LOOKED_AHEAD)
    taught = _with_school(days, now.date())
    if not taught:
        return Ahead([])
    whose = Whose(staff_ids=list(staff_ids))
    return _next_of(lessons_between(organisation_id, taught, whose, hours_of(organisation_id)), now)


def _with_school(days: Sequence[SchoolDay], today: date) -> list[SchoolDay]:
    """Today if there is school, and the next days that have it."""
    taught = [day for day in days if day.is_school_day and day.day > today][:SCHOOL_DAYS]
    return [*(day for day in days[:1] if day.is_school_day), *taught]


def _next_of(lessons: Sequence[Lesson], now: datetime) -> Ahead:
    """Today's, and those of the next day unless a lesson of today is still to end. lessons: of days from today on."""
    today = now.date()
    here = [lesson for lesson in lessons if lesson.day == today]
    if any((lesson.ends_at or EVENING) > now.time() for lesson in here):
        return Ahead(here, is_under_way=True)
    day = next((lesson.day for lesson in lessons if lesson.day > today), None)
    return Ahead(here, day, tuple(lesson for lesson in lessons if lesson.day == day))
