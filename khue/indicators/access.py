"""Who reads indicators, and where."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the indicators."""

    INDICATOR_READ = "indicators:indicator:read"
