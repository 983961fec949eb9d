"""Who may change the curriculum. Reading it is free to everybody."""

from enum import StrEnum


class Permission(StrEnum):
    OUTCOMES_IMPORT = "curriculum:outcomes:import"
    REFERENCE_WRITE = "curriculum:reference:write"
