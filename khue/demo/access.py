"""Who loads the demonstration."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the demonstration. No role carries it: the operator's command does, as the system."""

    PROVINCE_LOAD = "demo:province:load"
