"""Everything that attendance hooks into, on one page."""

from khue.attendance.access import Permission
from khue.foundation import permissions
from khue.identity.models import Role

permissions.grant(Role.SUBJECT_TEACHER, [Permission.ROLL_TAKE, Permission.ROLL_READ])
permissions.grant(Role.HOMEROOM_TEACHER, [Permission.ROLL_READ])
permissions.grant(Role.HEAD, [Permission.ROLL_TAKE, Permission.ROLL_READ])
permissions.grant(Role.CLERK, [Permission.ROLL_READ])
