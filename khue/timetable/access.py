"""Who may change a timetable. Whoever sees a class or a lesson's teacher sees its lessons."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the timetable."""

    TIMETABLE_READ = "timetable:timetable:read"  # of the classes and people one sees anyway
    TIMETABLE_WRITE = "timetable:timetable:write"
