"""Everything that the workspace hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import extensions, files, media, permissions, prints
from khue.foundation.extensions import FilePurpose, MenuEntry, MenuGroup
from khue.identity.models import Role
from khue.workspace import prints as forms
from khue.workspace import queries
from khue.workspace.access import Permission
from khue.workspace.deeds import DEEDS

STAFF = (Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER, Role.CLERK, Role.ACCOUNTANT, Role.HEAD)

#: What an office writes and scans. Others, with macros or of before 2007, are refused with words about what may come.
OFFICE_FILES = frozenset({media.PDF, media.DOCX, media.XLSX, media.PPTX, *media.IMAGES})

for role in STAFF:
    permissions.grant(role, [Permission.WORK])
permissions.grant(Role.CLERK, [Permission.REGISTER_WRITE])
permissions.grant(Role.HOMEROOM_TEACHER, [Permission.HOMEROOM])
permissions.grant(Role.HEAD, [Permission.REGISTER_WRITE, Permission.DECIDE, Permission.HOMEROOM])
permissions.grant(Role.DEPARTMENT_OFFICER, [Permission.DECIDE_BOARD])

extensions.menu.fill(
    "workspace.leave_of_boards",
    MenuEntry(
        _("Nghỉ của lãnh đạo trường"),
        "calendar-x",
        "workspace:leave_list",
        frozenset({Role.DEPARTMENT_OFFICER.value}),
        75,
        MenuGroup.OFFICE,
    ),
)
extensions.menu.fill(
    "workspace.documents",
    MenuEntry(
        _("Văn bản, việc"),
        "briefcase",
        "workspace:documents",
        frozenset(role.value for role in STAFF),
        70,
        MenuGroup.OFFICE,
    ),
)
for purpose, title, megabytes, may_read in (
    (queries.PURPOSE, _("tệp của văn bản"), 50, queries.may_read_attachment),
    (queries.PURPOSE_SHARED, _("tệp trong thư mục chung"), 100, queries.may_read_shared),
    (queries.PAPER, _("giấy tờ kèm đơn nghỉ"), 10, queries.may_read_paper),
):
    extensions.file_purposes.fill(
        purpose,
        FilePurpose(
            title=title,
            allowed=OFFICE_FILES,
            most_bytes=megabytes * files.MEGABYTE,
            may_upload=lambda actor, place: actor.may(Permission.WORK, place),
        ),
    )
    extensions.file_readers.fill(purpose, may_read)
extensions.deeds.fill_all(DEEDS)
prints.define(forms.REGISTER, _("In sổ văn bản"), forms.register)
