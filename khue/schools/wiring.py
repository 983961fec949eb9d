"""Everything that schools hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import events, jobs, media
from khue.foundation.extensions import (
    FilePurpose,
    MenuEntry,
    MenuGroup,
    PublicDoor,
    deeds,
    file_purposes,
    menu,
    public_doors,
)
from khue.foundation.permissions import grant
from khue.foundation.workbooks.container import LARGEST_FILE
from khue.messaging.extensions import relations, rolls
from khue.payments import extensions as billed
from khue.payments.events import FamiliesReminded, InvoicesIssued, ReceiptsGiven
from khue.registry.extensions import AudienceKind, audiences, person_duties, person_facts
from khue.schools import tasks
from khue.schools.access import Permission
from khue.schools.actions import placing, seating
from khue.schools.actions.roster_import import JOB
from khue.schools.deeds import DEEDS
from khue.schools.dossiers import offered
from khue.schools.person_duties import of_people
from khue.schools.person_facts import of_pupil
from khue.schools.queries import audiences as people
from khue.schools.queries import billing
from khue.schools.queries.relations import Relations
from khue.schools.queries.rolls import ClassRolls

READS = (Permission.CLASSES_READ_ALL, Permission.STAFF_READ, Permission.PREMISES_READ)
OFFICE = frozenset({"head", "clerk"})
OTHER_LISTS = frozenset(
    {media.ZIP, media.OLE, media.MACROS, media.HTML, media.XML, media.UNKNOWN, media.TEXT, media.CSV}
)
for role in OFFICE:
    grant(
        role,
        [
            *READS,
            Permission.ROSTER_IMPORT,
            Permission.ROSTER_EXPORT,
            Permission.CALENDAR_WRITE,
            Permission.CLASSES_WRITE,
            Permission.STAFF_WRITE,
            Permission.TEACHING_WRITE,
            Permission.PREMISES_WRITE,
            Permission.MEANS_WRITE_ALL,
        ],
    )
for role in ("department_officer", "ministry_officer"):
    grant(role, READS)
# Who bills classes sees which there are, and who is in them.
grant("accountant", [Permission.CLASSES_READ_ALL])
# The role of an office above schools: of a department, or of a commune's office.
grant("department_officer", [Permission.ADMISSION_PLAN])
grant("head", [Permission.ADMISSION_DECIDE])
grant("homeroom_teacher", [Permission.MEANS_WRITE_LED])
for role in ("subject_teacher", "homeroom_teacher"):
    grant(role, [Permission.CLASSES_READ_TAUGHT])
for role in ("pupil", "guardian"):
    grant(role, [Permission.CLASSES_READ_ATTENDED])

for key, label, members, choices in (
    ("schools.class_pupils", _("Học sinh của lớp"), people.pupils_of_class, people.classes_to_choose),
    ("schools.class_guardians", _("Phụ huynh của lớp"), people.guardians_of_class, people.classes_to_choose),
    ("schools.class_teachers", _("Giáo viên của lớp"), people.teachers_of_class, people.classes_to_choose),
    ("schools.teachers", _("Mọi giáo viên của trường"), people.teachers, None),
):
    audiences.fill(key, AudienceKind(key=key, label=label, people=members, choices=choices))

rolls.fill(ClassRolls())
person_facts.fill("schools.class", of_pupil)
person_duties.fill("schools.duties", of_people)
relations.fill(Relations())
billed.groups.fill(billed.Groups(choices=billing.groups_to_bill, stays=billing.stays, places=billing.classes_on))
billed.periods.fill(billing.periods_to_bill)
events.subscribe(InvoicesIssued, tasks.tell_of_invoices)
events.subscribe(ReceiptsGiven, tasks.tell_of_receipts)
events.subscribe(FamiliesReminded, tasks.remind_of_invoices)

# What schools send in the place of a workbook is let through, so that the reader can say what is wrong with it; none is
# kept. A list that a program calls .xls is often a page of HTML.
file_purposes.fill(
    "schools.roster",
    FilePurpose(
        title=_("tệp danh sách học sinh"),
        allowed=media.DOCUMENTS | media.IMAGES | OTHER_LISTS,
        most_bytes=LARGEST_FILE,
        may_upload=lambda actor, place: actor.may(Permission.ROSTER_IMPORT, place),
    ),
)
jobs.define(JOB, _("Nhập danh sách"), tasks.import_roster)
jobs.define(seating.JOB, _("Xếp chỗ tuyển sinh"), tasks.give_seats)
jobs.define(placing.JOB, _("Chia lớp học sinh trúng tuyển"), tasks.place_admitted)
menu.fill(
    "schools.classes",
    MenuEntry(
        _("Lớp học"),
        "users-round",
        "schools:classes",
        OFFICE | {"subject_teacher", "homeroom_teacher"},
        50,
        MenuGroup.SCHOOL,
    ),
)
for key, title, icon, address, order in (
    ("schools.calendar", _("Năm học"), "calendar-days", "schools:calendar", 52),
    ("schools.teaching", _("Phân công"), "clipboard-pen", "schools:teaching", 54),
    ("schools.premises", _("Cơ sở vật chất"), "building", "schools:premises", 72),
    ("schools.staff", _("Nhân sự"), "briefcase", "schools:staff", 53),
    ("schools.admissions", _("Tuyển sinh"), "school", "schools:office_admissions", 56),
    ("schools.rosters", _("Nhập danh sách"), "file-spreadsheet", "schools:roster_imports", 70),
):
    menu.fill(key, MenuEntry(label=title, icon=icon, url=address, roles=OFFICE, order=order, group=MenuGroup.SCHOOL))
menu.fill(
    "schools.area_admissions",
    MenuEntry(
        _("Tuyển sinh"), "school", "schools:office_admissions", frozenset({"department_officer"}), 56, MenuGroup.SCHOOL
    ),
)
public_doors.fill(
    "schools.admissions",
    PublicDoor(
        _("Tuyển sinh đầu cấp"), _("Trường nào nhận đăng kí, bao nhiêu chỗ, hồ sơ đang đứng thứ mấy."), "school",
        "schools:admissions", 15,
    ),
)  # fmt: skip
deeds.fill_all(DEEDS)
offered.offer()
