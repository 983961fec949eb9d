"""Everything that attendance hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.attendance import prints as forms
from khue.attendance import queries, tasks
from khue.attendance.access import Permission
from khue.attendance.actions.leave import ATTACHMENT
from khue.attendance.deeds import DEEDS
from khue.attendance.events import LeaveChanged, RollTaken
from khue.foundation import events, extensions, files, media, permissions, prints
from khue.foundation.extensions import FilePurpose, MenuEntry
from khue.identity.models import Role
from khue.messaging.extensions import FactKind, facts
from khue.payments import extensions as billed
from khue.schools.extensions import EnrolmentPage, enrolment_pages

permissions.grant(Role.SUBJECT_TEACHER, [Permission.ROLL_TAKE, Permission.ROLL_READ])
permissions.grant(Role.HOMEROOM_TEACHER, [Permission.ROLL_READ, Permission.LOG_CLOSE, Permission.LEAVE_DECIDE])
permissions.grant(
    Role.HEAD,
    [
        Permission.ROLL_TAKE,
        Permission.ROLL_READ,
        Permission.LOG_SIGN,
        Permission.LOG_RULES,
        Permission.DAY_READ,
    ],
)
permissions.grant(Role.CLERK, [Permission.ROLL_READ, Permission.LOG_RULES, Permission.DAY_READ])
permissions.grant(Role.GUARDIAN, [Permission.LEAVE_ASK])

events.subscribe(RollTaken, tasks.tell_families)
events.subscribe(LeaveChanged, tasks.tell_of_leave)
extensions.file_purposes.fill(
    ATTACHMENT,
    FilePurpose(
        _("giấy xin nghỉ"),
        frozenset({media.PDF, *media.IMAGES}),
        10 * files.MEGABYTE,
        lambda _actor, _organisation: False,
    ),
)
extensions.file_readers.fill(ATTACHMENT, queries.may_read_attachment)

_teachers = frozenset({Role.SUBJECT_TEACHER.value})
extensions.menu.fill("attendance", MenuEntry(_("Điểm danh"), "calendar-check", "attendance:today", _teachers, 20))
_office = frozenset({Role.HEAD.value, Role.CLERK.value})
extensions.menu.fill("attendance.day", MenuEntry(_("Chuyên cần"), "calendar-check", "attendance:day", _office, 24))
extensions.menu.fill("attendance.logs", MenuEntry(_("Sổ đầu bài"), "notebook-pen", "attendance:months", _office, 26))
_families = frozenset({Role.GUARDIAN.value})
extensions.menu.fill(
    "attendance.leave", MenuEntry(_("Xin nghỉ học"), "calendar-x", "attendance:leave_list", _families, 58)
)
enrolment_pages.fill(
    "attendance.pupil", EnrolmentPage(_("Chuyên cần"), "calendar-check", "attendance:pupil", Permission.ROLL_READ)
)
extensions.deeds.fill_all(DEEDS)
prints.define(forms.WEEK, _("In sổ ghi đầu bài"), forms.week)
billed.used.fill("meal", queries.meals_used)
billed.used.fill("day", queries.days_used)
facts.fill("absence", FactKind(_("Buổi vắng"), queries.absences_of_child))
