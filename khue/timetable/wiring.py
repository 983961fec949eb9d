"""Everything that timetable hooks into, on one page."""

from khue.foundation import permissions
from khue.identity.models import Role
from khue.timetable.access import Permission

permissions.grant(Role.HEAD, [Permission.TIMETABLE_WRITE])
permissions.grant(Role.CLERK, [Permission.TIMETABLE_WRITE])
