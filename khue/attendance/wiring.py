"""Everything that attendance hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.attendance import tasks
from khue.attendance.access import Permission
from khue.attendance.deeds import DEEDS
from khue.attendance.events import RollTaken
from khue.foundation import events, extensions, permissions
from khue.foundation.extensions import MenuEntry
from khue.identity.models import Role

permissions.grant(Role.SUBJECT_TEACHER, [Permission.ROLL_TAKE, Permission.ROLL_READ])
permissions.grant(Role.HOMEROOM_TEACHER, [Permission.ROLL_READ])
permissions.grant(Role.HEAD, [Permission.ROLL_TAKE, Permission.ROLL_READ])
permissions.grant(Role.CLERK, [Permission.ROLL_READ])

events.subscribe(RollTaken, tasks.tell_families)

_teachers = frozenset({Role.SUBJECT_TEACHER.value})
extensions.menu.fill("attendance", MenuEntry(_("Điểm danh"), "calendar-check", "attendance:today", _teachers, 20))
extensions.deeds.fill_all(DEEDS)
