"""Who takes the roll, and who reads it. Whose classes and pupils, schools.access says."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of attendance."""

    ROLL_TAKE = "attendance:roll:take"
    ROLL_READ = "attendance:roll:read"
    LOG_CLOSE = "attendance:log:close"  # of the class one leads
    LOG_SIGN = "attendance:log:sign"
    LOG_RULES = "attendance:log:rules"  # how lessons are rated, and the plans of the subjects
    LEAVE_ASK = "attendance:leave:ask"  # for a ward, by who may decide for it
    LEAVE_DECIDE = "attendance:leave:decide"  # for the class one leads
    DAY_READ = "attendance:day:read"  # the whole school's day
    FAMILY_TELL = "attendance:family:tell"  # the program alone
