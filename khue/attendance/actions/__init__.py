"""Public writes of attendance: rolls, leave, the lesson log."""

from khue.attendance.actions.closing import (
    MonthNotOver,
    MonthSigned,
    WeekClosed,
    WeekNotOver,
    WeeksOpen,
    close_week,
    reopen_week,
    sign_months,
)
from khue.attendance.actions.leave import (
    Attachment,
    LeaveAlreadyAsked,
    LeaveDaysWrong,
    LeaveDecided,
    LeaveOver,
    approve_leave,
    ask_leave,
    decline_leave,
    withdraw_leave,
)
from khue.attendance.actions.log import RatingUnknown, RollMissing, set_log_rules, set_plan, sign_lesson
from khue.attendance.actions.meals import set_meal_rules
from khue.attendance.actions.rolls import LessonNotYet, NoSuchLesson, RollOvertaken, RollStamp, take_roll
from khue.attendance.actions.telling import Telling, note_told

__all__ = [
    "Attachment",
    "LeaveAlreadyAsked",
    "LeaveDaysWrong",
    "LeaveDecided",
    "LeaveOver",
    "LessonNotYet",
    "MonthNotOver",
    "MonthSigned",
    "NoSuchLesson",
    "RatingUnknown",
    "RollMissing",
    "RollOvertaken",
    "RollStamp",
    "Telling",
    "WeekClosed",
    "WeekNotOver",
    "WeeksOpen",
    "approve_leave",
    "ask_leave",
    "close_week",
    "decline_leave",
    "note_told",
    "reopen_week",
    "set_log_rules",
    "set_meal_rules",
    "set_plan",
    "sign_lesson",
    "sign_months",
    "take_roll",
    "withdraw_leave",
]
