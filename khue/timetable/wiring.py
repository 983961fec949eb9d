"""Everything that timetable hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import events, jobs, permissions
from khue.foundation.extensions import MenuEntry, deeds, menu
from khue.identity.models import Role
from khue.timetable import tasks
from khue.timetable.access import Permission
from khue.timetable.actions.drafts import TELL_JOB
from khue.timetable.actions.searching import JOB
from khue.timetable.deeds import DEEDS
from khue.workspace.events import StaffLeaveGranted, StaffLeaveWithdrawn

OFFICE = frozenset({Role.HEAD, Role.CLERK})
STAFF = OFFICE | {Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER}
FAMILY = frozenset({Role.PUPIL, Role.GUARDIAN})

for role in OFFICE:
    permissions.grant(role, [Permission.TIMETABLE_WRITE])
for role in STAFF | FAMILY:
    permissions.grant(role, [Permission.TIMETABLE_READ])

# Lower for families: their bar has room for five, and marks come before it.
for key, roles, order in (("timetable.staff", STAFF, 28), ("timetable.family", FAMILY, 55)):
    menu.fill(
        key,
        MenuEntry(
            label=_("Thời khoá biểu"),
            icon="calendar-clock",
            url="timetable:week",
            roles=frozenset(role.value for role in roles),
            order=order,
        ),
    )
jobs.define(JOB, _("Xếp thời khoá biểu"), tasks.search)
jobs.define(TELL_JOB, _("Báo thay đổi thời khoá biểu"), tasks.tell_changes)
for key, label, icon, address, order in (
    ("timetable.drafts", _("Xếp thời khoá biểu"), "table-2", "timetable:drafts", 55),
    ("timetable.absences", _("Giáo viên nghỉ, dạy thay"), "user-x", "timetable:absences", 56),
):
    menu.fill(key, MenuEntry(label, icon, address, frozenset(role.value for role in OFFICE), order))
events.subscribe(StaffLeaveGranted, tasks.open_absence)
events.subscribe(StaffLeaveWithdrawn, tasks.close_absence)
deeds.fill_all(DEEDS)
