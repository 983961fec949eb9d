"""Everything that schools hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import jobs, media
from khue.foundation.extensions import FilePurpose, MenuEntry, file_purposes, menu
from khue.foundation.permissions import grant
from khue.registry.extensions import AudienceKind, audiences
from khue.schools import tasks
from khue.schools.access import Permission
from khue.schools.actions.roster_import import JOB
from khue.schools.queries import audiences as people
from khue.schools.roster.container import LARGEST_FILE

for role in ("head", "clerk"):
    grant(role, [Permission.CLASSES_READ_ALL, Permission.ROSTER_IMPORT, Permission.ROSTER_EXPORT])
for role in ("department_officer", "ministry_officer"):
    grant(role, [Permission.CLASSES_READ_ALL])
for role in ("subject_teacher", "homeroom_teacher"):
    grant(role, [Permission.CLASSES_READ_TAUGHT])
for role in ("pupil", "guardian"):
    grant(role, [Permission.CLASSES_READ_ATTENDED])

for key, label, members in (
    ("schools.class_pupils", _("Học sinh của lớp"), people.pupils_of_class),
    ("schools.class_guardians", _("Phụ huynh của lớp"), people.guardians_of_class),
    ("schools.class_teachers", _("Giáo viên của lớp"), people.teachers_of_class),
    ("schools.teachers", _("Mọi giáo viên của trường"), people.teachers),
):
    audiences.fill(key, AudienceKind(key=key, label=label, people=members))

# Old, protected and macro workbooks are let through so that the reader can say what is wrong with them; none is kept.
file_purposes.fill(
    "schools.roster",
    FilePurpose(
        title=_("tệp danh sách học sinh"),
        allowed=frozenset({media.XLSX, media.ZIP, media.OLE, media.MACROS, media.UNKNOWN, media.TEXT, media.CSV}),
        most_bytes=LARGEST_FILE,
        may_upload=lambda actor, place: actor.may(Permission.ROSTER_IMPORT, place),
    ),
)
jobs.define(JOB, _("Nhập danh sách học sinh"), tasks.import_roster)
menu.fill(
    "schools.rosters",
    MenuEntry(
        label=_("Nhập danh sách"),
        icon="file-spreadsheet",
        url="schools:roster_imports",
        roles=frozenset({"head", "clerk"}),
        order=70,
    ),
)
