"""When and where each class-subject is taught: bells, versions of the timetable, slots, and how they are made."""

from khue.timetable.models.covers import Absence, Cover
from khue.timetable.models.outside import CalendarFeed, FetFile, FetUnread
from khue.timetable.models.planning import Draft, DraftLesson, DraftPart, SearchProgress, Wish, WishKind, WishMember
from khue.timetable.models.published import Bell, CampusWay, Session, Slot, TimetableVersion
from khue.timetable.models.swaps import Move, Swap

__all__ = [
    "Absence",
    "Bell",
    "CalendarFeed",
    "CampusWay",
    "Cover",
    "Draft",
    "DraftLesson",
    "DraftPart",
    "FetFile",
    "FetUnread",
    "Move",
    "SearchProgress",
    "Session",
    "Slot",
    "Swap",
    "TimetableVersion",
    "Wish",
    "WishKind",
    "WishMember",
]
