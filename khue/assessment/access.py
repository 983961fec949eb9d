"""Who may do what with questions, tests and attempts."""

from enum import StrEnum


class Permission(StrEnum):
    """What a role may be allowed to do here. wiring.py says which role is."""

    BANK_READ = "assessment:bank:read"
    BANK_WRITE = "assessment:bank:write"
    TEST_WRITE = "assessment:test:write"
    ASSIGNMENT_WRITE_TAUGHT = "assessment:assignment:write_taught"  # of a class-subject one teaches
    ASSIGNMENT_READ_TAUGHT = "assessment:assignment:read_taught"
    ASSIGNMENT_READ_ALL = "assessment:assignment:read_all"  # of the whole school
    ATTEMPT_TAKE = "assessment:attempt:take"  # one's own
