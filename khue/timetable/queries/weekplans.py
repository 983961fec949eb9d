"""A week as a grid: of a class, a teacher or a room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from khue.schools import queries as schools
from khue.schools.models import Room, SchoolClass, StaffMember
from khue.schools.queries import SchoolDay
from khue.timetable.planning.fixed import FixedPeriods
from khue.timetable.queries.between import Whose, lessons_between
from khue.timetable.queries.fixed import fixed_periods
from khue.timetable.queries.lessons import Hours, Lesson, hours_of
from khue.timetable.weeks import SESSIONS, shown_days


@dataclass(frozen=True, slots=True)
class Row:
    """One period of the week: its half-day, number and hours where the school has set bells."""

    session: str
    period: int
    starts_at: time | None
    ends_at: time | None


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """The lessons of one week: days across, periods down; `cells` by day, session and period."""

    days: Sequence[SchoolDay]
    rows: Sequence[Row]
    cells: Mapping[tuple[date, str, int], Sequence[Lesson]]

    def lessons_on(self, day: date) -> list[Lesson]:
        """The lessons of a day in order."""
        return [lesson for row in self.rows for lesson in self.cells.get((day, row.session, row.period), ())]

    @property
    def lessons(self) -> int:
        return sum(map(len, self.cells.values()))


@dataclass(frozen=True, slots=True)
class WeekNames:
    """What the fixed periods of a week are called.

    grade   of the class whose week it is; None for a teacher's or a room's
    """

    plan: WeekPlan
    fixed: FixedPeriods
    grade: int | None

    def assembly(self, day: SchoolDay, row: Row) -> str:
        """What the class meets for in a period without a lesson; "" for nothing."""
        if self.grade is None or (day.day, row.session, row.period) in self.plan.cells:
            return ""
        return self.fixed.assembly(day.taught_as, row.session, row.period, self.grade)

    def title_of(self, day: SchoolDay, lesson: Lesson) -> str:
        """What a lesson is called beside its subject: "Sinh hoạt lớp"; "" for an ordinary one."""
        return self.fixed.of_lesson(day.taught_as, lesson.session, lesson.period, lesson.grade, lesson.subject_name)


def week_names(plan: WeekPlan, organisation_id: int, grade: int | None) -> WeekNames:
    """The names that hold on the week's first day. One query."""
    return WeekNames(plan, fixed_periods(organisation_id, plan.days[0].day), grade)


def week_of_class(school_class: SchoolClass, monday: date) -> WeekPlan:
    """The lessons of a class in the week that begins on that Monday. Three queries.

    school_class  one the actor may see: from schools.visible_classes
    """
    return _week(school_class.organisation_id, monday, Whose(class_id=school_class.id))


def week_of_teacher(staff: StaffMember, monday: date) -> WeekPlan:
    """The lessons a teacher gives in a week, also for others and not those given by others. Four queries."""
    return _week(staff.organisation_id, monday, Whose(staff_ids=[staff.id]))


def week_of_room(room: Room, monday: date) -> WeekPlan:
    """What takes place in a room in a week. Three queries."""
    return _week(room.organisation_id, monday, Whose(room_id=room.id))


def _week(organisation_id: int, monday: date, whose: Whose) -> WeekPlan:
    days = schools.school_days_between(organisation_id, monday, monday + timedelta(days=6))
    hours = hours_of(organisation_id)
    cells: dict[tuple[date, str, int], list[Lesson]] = {}
    for lesson in lessons_between(organisation_id, days, whose, hours):
        cells.setdefault((lesson.day, lesson.session, lesson.period), []).append(lesson)
    return WeekPlan(shown_days(days), _rows(cells, hours), cells)


def _rows(cells: Mapping[tuple[date, str, int], Sequence[Lesson]], hours: Hours) -> list[Row]:
    """Every period with a lesson, and those before it in the same half-day, so that a free first period shows."""
    last: dict[str, int] = {}
    own: dict[tuple[str, int], tuple[time | None, time | None]] = {}
    for (_day, session, period), lessons in cells.items():
        last[session] = max(last.get(session, 0), period)
        own[session, period] = (lessons[0].starts_at, lessons[0].ends_at)
    return [
        Row(session, period, *(own.get((session, period)) or hours.get((None, session, period)) or (None, None)))
        for session in SESSIONS
        for period in range(1, last.get(session, 0) + 1)
    ]
