"""Everything that gradebook hooks into, on one page."""

from khue.foundation import permissions
from khue.gradebook.access import Permission
from khue.identity.models import Role

permissions.grant(Role.SUBJECT_TEACHER, [Permission.MARK_READ, Permission.MARK_WRITE])
permissions.grant(Role.HOMEROOM_TEACHER, [Permission.MARK_READ])
permissions.grant(Role.HEAD, [Permission.MARK_READ, Permission.BOOK_LOCK, Permission.CORRECTION_DECIDE])
