"""Everything that assessment hooks into, on one page."""

from khue.assessment.access import Permission
from khue.assessment.hot import ANSWERS
from khue.foundation.hot import registry as hot
from khue.foundation.permissions import grant

BANK = [Permission.BANK_READ, Permission.BANK_WRITE, Permission.TEST_WRITE]

grant("subject_teacher", [*BANK, Permission.ASSIGNMENT_WRITE_TAUGHT, Permission.ASSIGNMENT_READ_TAUGHT])
grant("head", [*BANK, Permission.ASSIGNMENT_WRITE_TAUGHT, Permission.ASSIGNMENT_READ_ALL])
grant("pupil", [Permission.ATTEMPT_TAKE])

hot.register(ANSWERS)
