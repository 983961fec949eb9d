"""The lesson log as schools print it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khue.attendance.models import LessonCorrection
from khue.attendance.queries.log import LogLine, WeekLog, week_log
from khue.schools.models import SchoolClass


@dataclass(frozen=True, slots=True)
class WeekPaper:
    """A week of a class's log with what is printed around it.

    superior, issuer  the body that the school stands under, empty where there is none, and the school
    days              the lines by day, days without lessons left out
    ratings           how many lessons were rated "A", "B", ... or "10", "9", ..., best first
    corrections       what was changed after the week was closed, in the order in which it was
    """

    superior: str
    issuer: str
    homeroom_teacher: str
    week: WeekLog
    days: Sequence[tuple[date, Sequence[LogLine]]]
    ratings: Mapping[str, int]
    corrections: Sequence[LessonCorrection]


def week_paper(school_class: SchoolClass, monday: date) -> WeekPaper:
    """A week of the log of a class the actor may open, to be printed. Fourteen queries at most."""
    week = week_log(school_class, monday)
    school, leader = school_class.organisation, school_class.homeroom_teacher
    logs = [line.log for line in week.lines if line.log]
    corrections = LessonCorrection.objects.filter(lesson__in=logs).select_related("lesson__class_subject__subject")
    return WeekPaper(
        superior=school.parent.name if school.parent else "",
        issuer=school.name,
        homeroom_teacher=leader.person.full_name if leader else "",
        week=week,
        days=by_day(week),
        ratings=_ratings([log.rating for log in logs if log.rating]),
        corrections=list(corrections.order_by("id")),
    )


def by_day(week: WeekLog) -> list[tuple[date, list[LogLine]]]:
    """The lines of a week, day by day, without the days that have none."""
    days = sorted({line.day for line in week.lines})
    return [(day, [line for line in week.lines if line.day == day]) for day in days]


def _ratings(given: Sequence[str]) -> dict[str, int]:
    counted = Counter(given)
    return {rating: counted[rating] for rating in sorted(counted, key=_best_first)}


def _best_first(rating: str) -> tuple[int, str]:
    """Points from ten down, letters from A on."""
    return (-int(rating), "") if rating.isdigit() else (0, rating)
