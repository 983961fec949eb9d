"""Everything that timetable hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import events, jobs, media, permissions
from khue.foundation.extensions import FilePurpose, MenuEntry, MenuGroup, deeds, file_purposes, file_readers, menu
from khue.identity.models import Role
from khue.timetable import tasks
from khue.timetable.access import Permission
from khue.timetable.actions.fet_files import ANSWER, BROUGHT, LARGEST_FET, SEARCH_FET_JOB
from khue.timetable.actions.publishing import TELL_JOB
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
            group=MenuGroup.TEACHING,
        ),
    )
jobs.define(JOB, _("Xếp thời khoá biểu"), tasks.search)
jobs.define(SEARCH_FET_JOB, _("Xếp tệp FET"), tasks.search_fet)
for key, allowed in ((BROUGHT, {media.XML, media.TEXT, media.UNKNOWN}), (ANSWER, {media.XLSX})):
    file_purposes.fill(
        key,
        FilePurpose(
            title=_("tệp FET"),
            allowed=frozenset(allowed),
            most_bytes=LARGEST_FET,
            may_upload=lambda actor, place: actor.may(Permission.TIMETABLE_WRITE, place),
        ),
    )
    file_readers.fill(key, lambda actor, file: actor.may(Permission.TIMETABLE_WRITE, file))
jobs.define(TELL_JOB, _("Báo thay đổi thời khoá biểu"), tasks.tell_changes)
MAKING = ("timetable:wishes", "timetable:bells", "timetable:fet_files")
for key, label, icon, address, order, also in (
    ("timetable.drafts", _("Xếp thời khoá biểu"), "table-2", "timetable:drafts", 55, MAKING),
    ("timetable.absences", _("Giáo viên nghỉ, dạy thay"), "user-x", "timetable:absences", 56, ("timetable:swaps",)),
):
    office = frozenset(role.value for role in OFFICE)
    menu.fill(key, MenuEntry(label, icon, address, office, order, MenuGroup.SCHOOL, also=also))
events.subscribe(StaffLeaveGranted, tasks.open_absence)
events.subscribe(StaffLeaveWithdrawn, tasks.close_absence)
deeds.fill_all(DEEDS)
