"""Public reads of attendance: rolls, absences, leave, the lesson log, a school's day."""

from khue.attendance.queries.day import ClassDay, DaySheet, day_sheet
from khue.attendance.queries.desk import RollDesk, roll_desk
from khue.attendance.queries.facts import absences_of_child
from khue.attendance.queries.family import lately_missed
from khue.attendance.queries.leave import (
    Child,
    children_to_ask_for,
    leave_of,
    leave_with_people,
    may_ask,
    may_decide,
    may_read_attachment,
    on_leave,
    visible_leave,
)
from khue.attendance.queries.log import (
    AbsentPupil,
    LogLine,
    Prefilled,
    WeekLog,
    corrections_of,
    log_rules,
    open_weeks,
    plan_of,
    prefilled,
    unsigned_lessons,
    week_log,
)
from khue.attendance.queries.log_months import MonthLine, months_of
from khue.attendance.queries.meals import days_used, meal_rules, meals_used
from khue.attendance.queries.notices import HalfDayOfLesson, Noted, half_day_of
from khue.attendance.queries.paper import WeekPaper, by_day, week_paper
from khue.attendance.queries.rolls import (
    DayCount,
    LessonToLog,
    PupilAbsence,
    Roll,
    RollRow,
    absences_of,
    day_of_school,
    lessons_held,
    may_take,
    may_write,
    periods_by_mode,
    roll_of,
)
from khue.attendance.queries.sessions import PupilYear, class_year, sessions_absent
from khue.attendance.queries.teaching import TeachingDay, teaching_day, waiting_leave

__all__ = [
    "AbsentPupil",
    "Child",
    "ClassDay",
    "DayCount",
    "DaySheet",
    "HalfDayOfLesson",
    "LessonToLog",
    "LogLine",
    "MonthLine",
    "Noted",
    "Prefilled",
    "PupilAbsence",
    "PupilYear",
    "Roll",
    "RollDesk",
    "RollRow",
    "TeachingDay",
    "WeekLog",
    "WeekPaper",
    "absences_of",
    "absences_of_child",
    "by_day",
    "children_to_ask_for",
    "class_year",
    "corrections_of",
    "day_of_school",
    "day_sheet",
    "days_used",
    "half_day_of",
    "lately_missed",
    "leave_of",
    "leave_with_people",
    "lessons_held",
    "log_rules",
    "may_ask",
    "may_decide",
    "may_read_attachment",
    "may_take",
    "may_write",
    "meal_rules",
    "meals_used",
    "months_of",
    "on_leave",
    "open_weeks",
    "periods_by_mode",
    "plan_of",
    "prefilled",
    "roll_desk",
    "roll_of",
    "sessions_absent",
    "teaching_day",
    "unsigned_lessons",
    "visible_leave",
    "waiting_leave",
    "week_log",
    "week_paper",
]
