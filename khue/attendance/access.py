"""Who takes the roll, and who reads it. Whose classes and pupils, schools.access says."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of attendance."""

    ROLL_TAKE = "attendance:roll:take"
    ROLL_READ = "attendance:roll:read"
